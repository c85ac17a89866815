// Ages and sizes as people write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace baton::cli {

/// "90s", "30m", "12h", "7d", "2w"; "0": for ever. Errors: invalid.
Result<Millis> parse_age(std::string_view text);
/// "500MB", "10GB", "1TB" (powers of 1000), "512MiB", "2GiB"; bare bytes; "0": no bound. Errors: invalid.
Result<std::int64_t> parse_size(std::string_view text);
/// "1.5 GB".
std::string size_text(std::uint64_t bytes);

}  // namespace baton::cli
