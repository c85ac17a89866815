// Keeps a trouble that comes again and again from flooding whoever is told of it.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/result.h"

namespace baton {

/// Of one trouble, tried again and again: tell it when it is new or of another kind, and once a minute while it lasts.
/// Thread: one at a time.
class Reminder {
 public:
  static constexpr Millis kAgainMs = 60'000;

  /// True: tell it. Both kinds of clock jumps do no more than to tell it once more.
  bool due(Code code, Instant now) {
    if (code_ == code && now >= told_ && now - told_ < kAgainMs) return false;
    code_ = code;
    told_ = now;
    return true;
  }

 private:
  std::optional<Code> code_;
  Instant told_;
};

}  // namespace baton
