// What goes wrong inside, for people: the first time at once, then now and then with how often it came meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace baton::app {

/// Any thread. What is tried again every few milliseconds must not fill a disk with lines.
class Troubles {
 public:
  using Write = std::function<void(std::string_view line)>;
  Troubles(const Clock& clock, Write write) : clock_(clock), write_(std::move(write)) {}

  /// Troubles of one `kind` are one: its first is written, then one every kAgainMs at the most.
  void tell(std::string_view kind, std::string_view text);

  static constexpr Millis kAgainMs = 10'000;
  /// More kinds than that are one kind together, until an old one has been quiet for kAgainMs.
  static constexpr std::size_t kKindsMax = 256;

 private:
  struct Told {
    Instant at;
    std::uint64_t since = 0;  ///< times since then that were not written
  };
  Told& told_of(std::string_view kind, Instant now);

  const Clock& clock_;
  const Write write_;
  std::mutex mutex_;
  std::map<std::string, Told, std::less<>> told_;
};

}  // namespace baton::app
