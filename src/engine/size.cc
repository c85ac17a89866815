// How much data a flow may publish at once.
#include "engine/scope.h"

namespace baton::engine {
namespace {

// Escapes make a text at most six times as long: below this no data is too much.
constexpr std::size_t kSurelyFits = event::kDataBytesMax / 8;

/// About the bytes of its text, without making it: most data is small, and its text may never be needed here.
std::size_t roughly(const json::Value& value) {
  std::size_t bytes = 4;
  if (value.is_string()) bytes += value.get_string().size();
  if (value.is_array()) {
    for (const json::Value& one : value.get_array()) bytes += roughly(one);
  }
  if (value.is_object()) {
    for (const auto& [key, one] : value.get_object()) bytes += key.size() + roughly(one);
  }
  return bytes;
}

}  // namespace

Result<void> check_size(const json::Data& data) {
  if (roughly(data.value()) <= kSurelyFits || data.text().size() <= event::kDataBytesMax) return {};
  return invalid("it has " + std::to_string(data.text().size()) + " bytes; the most is " +
                 std::to_string(event::kDataBytesMax));
}

}  // namespace baton::engine
