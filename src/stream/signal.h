// Wakes a shard's thread, at most once between two looks of it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace baton::stream {

/// A futex rather than a condition variable: raise() is one exchange while the receiver is awake, which under load it
/// is. The receiver clears, then looks at everything that others may have changed, then waits.
class Signal {
 public:
  /// Any thread. What the caller did before is seen by the receiver after its next clear().
  void raise();
  /// The receiver's thread, as wait().
  void clear() { state_.exchange(kQuiet); }
  /// Until raised, at most `most`; at once if raised since the last clear(). May return early.
  void wait(std::chrono::microseconds most);

 private:
  static constexpr std::uint32_t kQuiet = 0;
  static constexpr std::uint32_t kRaised = 1;
  static constexpr std::uint32_t kSleeping = 2;
  std::atomic<std::uint32_t> state_ = kQuiet;
};

}  // namespace baton::stream
