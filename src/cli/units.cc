#include "cli/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace baton::cli {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array kAges =
    std::to_array<Unit>({{"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}, {"w", 7 * 86'400'000LL}});
constexpr std::array kSizes = std::to_array<Unit>({{"", 1},
                                                   {"B", 1},
                                                   {"KB", 1'000},
                                                   {"MB", 1'000'000},
                                                   {"GB", 1'000'000'000},
                                                   {"TB", 1'000'000'000'000},
                                                   {"KiB", 1LL << 10},
                                                   {"MiB", 1LL << 20},
                                                   {"GiB", 1LL << 30},
                                                   {"TiB", 1LL << 40}});

template <std::size_t N>
Result<std::int64_t> parse(std::string_view text, const std::array<Unit, N>& units, const char* example) {
  const auto bad = [&] { return invalid("'" + std::string(text) + "' is not understood; write " + example); };
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return bad();
  const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (number == 0 && name.empty()) return 0;
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / 64 / unit.factor) return bad();
    return number * unit.factor;
  }
  return bad();
}

}  // namespace

Result<Millis> parse_age(std::string_view text) {
  return parse(text, kAges, "90s, 30m, 12h, 7d or 2w; 0 is for ever");
}

Result<std::int64_t> parse_size(std::string_view text) {
  return parse(text, kSizes, "500MB, 10GB or 2GiB; 0 is no bound");
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1'000'000) return fmt::format("{} KB", bytes / 1000);
  if (bytes < 1'000'000'000) return fmt::format("{} MB", bytes / 1'000'000);
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

}  // namespace baton::cli
