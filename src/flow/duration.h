// Durations as flows write them.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace baton::flow {

/// Longest duration that is accepted: 100 years.
inline constexpr Millis kDurationMax = 100LL * 365 * 24 * 3600 * 1000;

/// ISO 8601: PnYnMnWnDTnHnMnS, parts may be left out, each may have a fraction; a year counts 365 days and a month 30,
/// for a duration knows no calendar. Finer than milliseconds is cut off. Also what an expression gives at run time.
/// Errors: invalid (no such duration, or longer than kDurationMax).
Result<Millis> parse_duration(std::string_view text);

}  // namespace baton::flow
