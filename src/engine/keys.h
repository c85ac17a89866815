// Values by which events are told apart, as text. Inside of the engine only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/match.h"
#include "event/event.h"
#include "flow/program.h"

namespace baton::engine {

using Keys = std::vector<std::pair<std::string, std::string>>;  ///< name -> json::key_text(), by name
/// One text of many: no two lists of names and values read the same. `set`: key_set().
std::string join_keys(const Keys& keys, std::string_view set);

/// What `correlate.from` takes from the event. Nothing: no value (null, or the expression fails).
std::optional<std::string> value_of(const flow::Correlate& correlate, const json::Data& whole_event);

}  // namespace baton::engine
