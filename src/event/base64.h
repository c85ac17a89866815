#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::event {

/// RFC 4648, section 4: the standard alphabet, padded.
std::string to_base64(std::string_view bytes);
/// Nothing unless `text` is exactly what to_base64() writes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace baton::event
