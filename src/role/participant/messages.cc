#include "role/participant/messages.h"

#include "base/hash.h"
#include "engine/engine.h"
#include "engine/fault.h"

namespace baton::role {
namespace {

/// Commanded from outside of any flow, there is no task: the command's own id stands for it.
std::string id_of(const Pending& p, std::string_view kind) {
  const std::string& what = p.occurrence.pointer.empty() ? p.id : p.occurrence.pointer;
  return engine::derived_id({p.flow, p.correlationid}, what, p.occurrence.iteration, kind);
}

event::Event answer_to(const std::string& service, const Pending& p, std::string_view kind, Instant now) {
  event::Event e;
  e.id = id_of(p, kind);
  e.source = engine::kServiceSource + service;
  e.time = now;
  e.correlationid = p.correlationid;
  e.causationid = p.causationid;
  e.traceparent = child_span(p.traceparent, e.id);
  e.flowname = p.flow;
  e.flowversion = p.flow_version;
  if (!p.occurrence.pointer.empty()) {
    engine::Occurrence occurrence = p.occurrence;
    occurrence.attempt = p.failures;
    e.flowtask = engine::to_string(occurrence);
  }
  return e;
}

json::Value problem(const Pending& p, const Failure& failure) {
  engine::Fault fault = engine::standard_fault("runtime", failure.detail, p.occurrence.pointer);
  if (!failure.type.empty()) fault.type = failure.type;
  if (!failure.title.empty()) fault.title = failure.title;
  fault.status = failure.status;
  return engine::to_json(fault);
}

}  // namespace

std::string child_span(std::string_view traceparent, std::string_view id) {
  // 00-<32 hex trace>-<16 hex span>-<2 hex flags> (W3C trace context)
  constexpr std::size_t kSpan = 36;
  constexpr std::size_t kSpanLength = 16;
  std::string out(traceparent);
  if (out.size() < kSpan + kSpanLength + 3) return out;
  std::uint64_t span = mix(fnv1a(id));
  for (std::size_t i = kSpanLength; i-- > 0; span >>= 4) out[kSpan + i] = "0123456789abcdef"[span & 15];
  return out;
}

event::Event result_event(const std::string& service, const Pending& pending, const Answer& answer, Instant now) {
  event::Event e = answer_to(service, pending, "result", now);
  e.type = answer.type;
  e.data = json::Data::from_text(answer.data);
  return e;
}

event::Event fault_event(const std::string& service, const Pending& pending, const Failure& failure, Instant now) {
  event::Event e = answer_to(service, pending, "fault", now);
  e.type = engine::kFaultType;
  e.kind = "fault";
  e.data = json::Data::from_value(problem(pending, failure));
  return e;
}

event::Event dead_letter(const std::string& service, const Pending& pending, const Failure& failure, Instant now) {
  event::Event e = answer_to(service, pending, "dead-letter", now);
  e.type = kDeadLetterType;
  auto request = json::parse(pending.request);
  e.data =
      json::Data::from_value(json::Object{{"operation", pending.operation},
                                          {"request", request ? *std::move(request) : json::Value(pending.request)},
                                          {"attempts", pending.failures + 1},
                                          {"error", problem(pending, failure)},
                                          {"idempotencyKey", pending.id}});
  return e;
}

}  // namespace baton::role
