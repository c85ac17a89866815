// Which events a filter takes. Inside of the engine only; match.h is what others ask.
#pragma once

#include "engine/keys.h"
#include "engine/scope.h"

namespace baton::engine {

/// The attributes alone. A predicate that fails on an event does not match it: foreign events must not break a flow.
bool matches(const flow::Filter& filter, const event::Event& event, const json::Arguments& arguments);
bool matches(const Step& step, const Frame& frame, const flow::Filter& filter, const event::Event& event);

/// The values that the filter's `expect`s have for this listen. Errors: invalid (one fails, or has no value: nothing that
/// could come would ever be equal to it).
Result<Keys> expected_keys(const Step& step, const Frame& frame, const flow::Filter& filter);

/// The correlations of a listen: true when all of them hold; `fixed` then has the values that this event fixes.
/// Errors: invalid (an `expect` failed, which reads the flow's own data).
using Correlations = std::vector<std::pair<std::string, json::Data>>;
Result<bool> correlates(const Step& step, const Frame& frame, const flow::Filter& filter, const event::Event& event,
                        Correlations& fixed);
/// The same for an event that was matched by its key already: what it fixes, and whether that is what is fixed.
bool fixes(const Frame& frame, const flow::Filter& filter, const event::Event& event, Correlations& fixed);

/// What the listen has now that its filter's expressions read (match.h: takes()).
json::Data terms_of(const Step& step, const Frame& frame, const flow::Filter& filter);

}  // namespace baton::engine
