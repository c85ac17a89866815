// How long things are kept: one policy for a whole deployment, so that nothing is forgotten earlier in one room than in
// another. Options of `baton serve`; docs/operations.md has the sums.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/result.h"

namespace baton {

inline constexpr Millis kDayMs = 86'400'000;

struct Retention {
  /// Records of topics, from when the log took them. 0: for ever.
  Millis records_ms = 7 * kDayMs;
  /// Records of one topic, in bytes as they are stored; the older go first. 0: no bound.
  std::int64_t records_bytes = 0;
  /// What is left of an ended instance, and marks of what was handled: by these a duplicate is told. Never less than
  /// records_ms: as long as a record can be read, it can come again.
  Millis marks_ms = 7 * kDayMs;
  /// Events that came before anybody waited for them.
  Millis early_ms = 7 * kDayMs;
  /// The monitor's history of ended instances. Never less than records_ms either.
  Millis history_ms = 7 * kDayMs;
  /// A view's instance that nothing has moved, and no timer will: its flow was decided elsewhere.
  Millis views_ms = 30 * kDayMs;
};

/// One age for all of it but views, which live four times as long, and a bound on bytes.
Retention retention_of(Millis age_ms, std::int64_t records_bytes);
/// invalid: a window that is shorter than what it must outlive; says which.
Result<void> check(const Retention& retention);

}  // namespace baton
