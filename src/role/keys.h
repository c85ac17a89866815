// Keys of the roles' stores (docs/formats/roles.md). The first character tells what is kept under a key; times are big
// endian, so that keys stand in their order.
//
//   a FLOW                      version that new instances start with
//   b EXPIRY n                  list of keys that are to be looked at again after EXPIRY; among them r ID 0 FLOW, under
//                               which nothing is kept: a view's instance that may have been abandoned
//   c FLOW 0 VERSION 0 STATUS   monitor: number of instances
//   d ID                        participant: an operation that was given up, as it was pending: what a redrive needs
//   i ID 0 FLOW                 instance: 'I' and state and notes; 'E' and what remains once it has ended;
//                               'S' suspended before it began
//   l CLASS TIME ID 0 FLOW      monitor: instances by status, newest first (TIME inverted)
//   m ID                        participant: inbox mark of a command
//   o TIME n                    monitor: orphans
//   p OCCURRENCE                participant: an operation to be performed
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "engine/instance_id.h"

namespace baton::role {

inline constexpr char kActiveKey = 'a';
inline constexpr char kExpiryKey = 'b';
inline constexpr char kSeenExpiryKey = 'y';   ///< matcher, as b: events that were here
inline constexpr char kCountKey = 'c';
inline constexpr char kGivenUpKey = 'd';
inline constexpr char kInstanceKey = 'i';
inline constexpr char kListKey = 'l';
inline constexpr char kMarkKey = 'm';
inline constexpr char kOrphanKey = 'o';
inline constexpr char kPendingKey = 'p';
inline constexpr char kWatchedKey = 'r';

inline constexpr char kRunningRecord = 'I';
inline constexpr char kEndedRecord = 'E';
inline constexpr char kHeldRecord = 'S';

std::string key_of(char kind, std::string_view rest);
/// i ID 0 FLOW
std::string instance_key(const engine::InstanceId& instance);
/// Of "ID 0 FLOW": an instance_key() without its first character.
engine::InstanceId parse_instance(std::string_view text);
/// What the keys of all instances with this correlation begin with, whatever their flow.
std::string instances_prefix(std::string_view correlation);

void append_time(std::string& key, Instant time);
void append_time_inverted(std::string& key, Instant time);
Instant read_time(std::string_view eight_bytes);
Instant read_time_inverted(std::string_view eight_bytes);

}  // namespace baton::role
