// Instances that `schedule.on: all` has begun, and which of their events are still to come.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "flow/program.h"

namespace baton::role {

struct Group {
  std::string version;       ///< of the flow, which was active when its first event came
  std::string correlation;   ///< the instance's
  std::vector<bool> filled;  ///< by filter of the version's schedule
  bool complete() const;
};

std::string group_key(std::string_view flow, std::string_view place);
std::string encode_groups(const std::vector<Group>& groups);
std::vector<Group> decode_groups(std::string_view bytes);

/// The oldest group that has an open filter for the event, else a new one of the active version; the filter is then filled.
/// nullptr: no version that is asked starts with it.
const Group* join_group(std::vector<Group>& groups, const std::string& active, const event::Event& event,
                        const std::function<const flow::Program*(const std::string& version)>& find);

}  // namespace baton::role
