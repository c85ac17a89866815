#include "json/utf8.h"

#include <cstdint>

namespace baton::json {
namespace {

// The length of the well-formed sequence at the start of `s`, or 0. Table 3-7 of the Unicode standard.
std::size_t sequence(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const auto in = [&](std::size_t i, int low, int high) { return i < s.size() && byte(i) >= low && byte(i) <= high; };
  const int b = byte(0);
  if (b < 0x80) return 1;
  if (b < 0xc2 || b > 0xf4) return 0;
  if (b < 0xe0) return in(1, 0x80, 0xbf) ? 2 : 0;
  if (b < 0xf0) return in(1, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf) && in(2, 0x80, 0xbf) ? 3 : 0;
  return in(1, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf) && in(2, 0x80, 0xbf) && in(3, 0x80, 0xbf) ? 4 : 0;
}

}  // namespace

std::size_t find_bad_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

}  // namespace baton::json
