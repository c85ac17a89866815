// Time as a value, and the one seam through which it is read.
#pragma once

#include <cstdint>
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
