#include "cli/sse.h"

#include <utility>

namespace baton::cli {

void SseReader::begin() {
  pending_.clear();
  event_ = {};
}

void SseReader::take(std::string_view bytes) {
  pending_.append(bytes);
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = pending_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    std::string_view text(pending_.data() + begin, end - begin);
    if (text.ends_with('\r')) text.remove_suffix(1);
    line(text);
  }
  pending_.erase(0, begin);
}

void SseReader::line(std::string_view text) {
  const auto value_of = [&](std::string_view field) {
    std::string_view value = text.substr(field.size());
    if (value.starts_with(' ')) value.remove_prefix(1);
    return std::string(value);
  };
  if (text.starts_with("id:")) {
    id_ = value_of("id:");
  } else if (text.starts_with("event:")) {
    event_.name = value_of("event:");
  } else if (text.starts_with("data:")) {
    if (!event_.data.empty()) event_.data += '\n';
    event_.data += value_of("data:");
  } else if (text.empty()) {
    const SseEvent event = std::exchange(event_, {});
    if (!event.data.empty()) on_event_(event);
  }
}

}  // namespace baton::cli
