// A second opinion: the language read once more from its text (and, where that is silent, docs/flow-language.md), slow
// and obvious. It shares nothing with the engine but the expressions, and is no state machine: it knows beforehand what
// the surroundings will say, so a task is a function from its input and the time it begins to its output and the time
// it ends. What ends too soon cuts off the acts that come after.
#pragma once

#include <optional>

#include "surroundings.h"
#include "trace.h"

namespace baton::generated {

/// What must come of the flow, of those that flow_of() draws. Nothing where more than one answer is right (two things
/// that decide happen at one time), or where it goes on for too long.
std::optional<Trace> interpret(const json::Value& document, const Surroundings& surroundings,
                               const std::vector<Happens>& happenings);

}  // namespace baton::generated
