// Inputs that a processor could not take, and will not be given again: what, why, when.
//
// One that does more than a commit takes, or that the processor gave up on (Context::fail), would otherwise end the
// round that it is in for ever, and everything behind it would wait. It is noted in the processor's own store, in the
// commit that passes it over; it is told to RunnerOptions::on_error and counted. An event stays where it is in its
// topic. A job whose outcome was set aside is not begun again.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "log/log.h"

namespace baton::stream {

struct SetAside {
  enum class What : std::uint8_t { event = 1, timer = 2, outcome = 3, rest = 4 };
  What what = What::event;
  std::string name;  ///< event: topic/partition offset N; timer, outcome: its key
  std::string reason;
  Instant at;  ///< the shard's clock
};

/// So many are noted in one store; then the oldest go.
inline constexpr std::size_t kSetAsideMax = 200;

std::string_view to_string(SetAside::What what);
std::string encode(const SetAside& aside);
/// Asserts that encode() made it.
SetAside decode_set_aside(std::string_view bytes);

/// What is noted in a processor's stores of these partitions, oldest first in each. Any thread. Errors: as Log::scan.
Result<std::vector<SetAside>> set_aside(const log::Log& log, std::string_view processor, std::int32_t partitions);

}  // namespace baton::stream
