// What a participant publishes: results, faults, dead letters.
#pragma once

#include <string>

#include "event/event.h"
#include "role/participant/pending.h"

namespace baton::role {

inline constexpr std::string_view kDeadLetterType = "io.baton.dead-letter.v1";

event::Event result_event(const std::string& service, const Pending& pending, const Answer& answer, Instant now);
/// Data: problem details. The flow may catch it.
event::Event fault_event(const std::string& service, const Pending& pending, const Failure& failure, Instant now);
/// Data: {"operation", "request", "attempts", "error": problem details, "idempotencyKey"}: all that a redrive needs.
event::Event dead_letter(const std::string& service, const Pending& pending, const Failure& failure, Instant now);

/// The same trace, another span: derived from `id`.
std::string child_span(std::string_view traceparent, std::string_view id);

}  // namespace baton::role
