#include "base/result.h"

#include <array>

namespace baton {

std::string_view to_string(Code code) {
  constexpr std::array<std::string_view, 10> kNames = {"invalid", "too_large",    "not_found", "conflict",    "fenced",
                                                       "busy",    "out_of_space", "corrupt",   "unsupported", "io"};
  return kNames.at(static_cast<std::size_t>(code));
}

Error within(std::string_view context, Error error) {
  error.text = std::string(context) + ": " + error.text;
  return error;
}

}  // namespace baton
