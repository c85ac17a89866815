#pragma once

#include <string_view>

namespace baton::json {

/// Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF)? Returns the offset of the
/// first byte that is not, or npos.
std::size_t find_bad_utf8(std::string_view text);
inline bool is_utf8(std::string_view text) {
  return find_bad_utf8(text) == std::string_view::npos;
}

}  // namespace baton::json
