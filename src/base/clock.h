// Time as a value, and the one seam through which it is read.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "base/strong.h"

namespace baton {

/// Milliseconds. May be negative (the difference of two instants).
using Millis = std::int64_t;

/// Milliseconds since 1970-01-01 UTC.
struct InstantTag;
using Instant = Strong<InstantTag, Millis>;

inline Instant operator+(Instant t, Millis d) {
  return Instant(t.value + d);
}
inline Millis operator-(Instant a, Instant b) {
  return a.value - b.value;
}

/// RFC 3339 in UTC with milliseconds: 2026-01-31T09:00:00.250Z.
std::string to_rfc3339(Instant instant);
/// Accepts any RFC 3339 date-time (offsets, fractions); finer than milliseconds is cut off.
Result<Instant> parse_rfc3339(std::string_view text);

/// Read by the rim only (Runner, app, api); a processor takes its time from its input. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

/// What a machine's clocks say, in milliseconds.
struct ClockSources {
  std::function<Millis()> wall;     ///< since 1970; may jump either way (NTP, an administrator)
  std::function<Millis()> running;  ///< since some moment; never falls, counts while the machine is suspended, too
};
ClockSources machine_clocks();

/// The wall clock as it was at the start, and from there on the time that really passes. So a duration is as long as it
/// says, whatever happens to the wall clock meanwhile, and instants never fall while the process lives. Where the two
/// have come apart is told, not followed: the next start takes the wall clock's word again.
/// (docs/decisions/0011-durations-pass.md)
class RunningClock final : public Clock {
 public:
  explicit RunningClock(ClockSources sources = machine_clocks());
  Instant now() const override;
  /// Before anybody else asks: now() is not before `last`, the latest instant that was written down by an earlier
  /// process. From there on time goes on as ever, so that nothing waits until the wall clock has caught up.
  void start_after(Instant last);
  /// How far the wall clock is ahead of now(); negative: behind.
  Millis drift() const;

 private:
  const ClockSources sources_;
  const Millis running_at_start_;
  std::atomic<Millis> start_;
};

/// Stands still until it is told to move. For tests and simulation; one thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = Instant(1'700'000'000'000)) : now_(start) {}
  Instant now() const override { return now_; }
  void advance(Millis by) { now_ = now_ + by; }
  void set(Instant to) { now_ = to; }

 private:
  Instant now_;
};

}  // namespace baton
