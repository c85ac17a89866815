// Which events a filter takes.
#pragma once

#include "engine/scope.h"

namespace baton::engine {

/// The attributes alone. A predicate that fails on an event does not match it: foreign events must not break a flow.
/// `frame`: of the listen; nullptr for the start filters, which see no argument.
bool matches(const Step* step, const Frame* frame, const flow::Filter& filter, const event::Event& event);
bool matches_start(const flow::Filter& filter, const event::Event& event);

/// The correlations of a listen: true when all of them hold; `fixed` then has the values that this event fixes.
/// Errors: invalid (an `expect` failed, which reads the flow's own data).
using Correlations = std::vector<std::pair<std::string, json::Data>>;
Result<bool> correlates(const Step& step, const Frame& frame, const flow::Filter& filter, const event::Event& event,
                        Correlations& fixed);

}  // namespace baton::engine
