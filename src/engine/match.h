// Whether an event is for a listen, as it is asked before the event is in any instance's log (role/matcher): by the
// filter, by the key under which the instance waits, and by what it had when it began to wait.
#pragma once

#include <optional>
#include <string>

#include "event/event.h"
#include "flow/program.h"

namespace baton::engine {

/// The filter's correlations with an `expect`, as the name of an index: filters that take the same values from events
/// under the same names share it. "": there are none, and its listens wait without a key.
std::string key_set(const flow::Filter& filter);
/// The key under which listens with this key set wait for the event: `"order"="5"#9f…`. Nothing: the event has no value for
/// one of the correlations, and is for none of them. Numbers and texts that read the same are the same (docs/flow-language.md).
std::optional<std::string> key_of(const flow::Filter& filter, const event::Event& event);

/// Does the filter take the event, which has the right type and key? `terms`: Subscribe::terms. An expression that fails on
/// the event does not take it: foreign events must not break a flow.
bool takes(const flow::Filter& filter, const event::Event& event, const json::Data& terms);

/// A start filter: its attributes, and a value for each of its correlations.
bool takes_start(const flow::Filter& filter, const event::Event& event);
/// What an event, which a start filter takes, has in common with those that start the same instance (`schedule.on: all`):
/// the values of its correlations; "" where there are none.
std::string start_key(const flow::Filter& filter, const event::Event& event);

}  // namespace baton::engine
