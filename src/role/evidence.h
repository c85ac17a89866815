// What a participant's store tells those who ask why an instance does not go on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace baton::role {

struct PendingEvidence {
  std::uint32_t failures = 0;
  std::uint32_t attempts_max = 0;  ///< 0: any number
  Instant retry_at;                ///< 0: at work
  std::string last_error;
};

/// Of the bytes under p OCCURRENCE.
PendingEvidence read_pending(std::string_view bytes);

}  // namespace baton::role
