// The name of one execution of a task, and the ids derived from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace baton::engine {

/// pointer#iteration.attempt: "/do/0/check#0.1". Iteration counts how often the task was entered in this instance
/// (loops by `then`, repetitions of a try list count too), from 0; but a call that a retry takes up again, because it
/// has no answer yet, keeps its iteration. Attempt counts what is still the same call, from 0: for the flow how often
/// it was taken up, for the one who performs it how often that was tried.
struct Occurrence {
  std::string pointer;
  std::uint32_t iteration = 0;
  std::uint32_t attempt = 0;
  bool operator==(const Occurrence&) const = default;
};
std::string to_string(const Occurrence& occurrence);
Result<Occurrence> parse_occurrence(std::string_view text);

}  // namespace baton::engine
