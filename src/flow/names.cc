#include "flow/names.h"

#include <algorithm>

#include "flow/node.h"

namespace baton::flow {
namespace {

/// Runs of other characters become one `mark`, and go at both ends.
std::string joined(std::string_view text, std::string_view extra, char mark) {
  std::string out;
  bool gap = false;
  for (const char& c : text) {
    const bool kept = is_word({&c, 1}, extra);
    if (kept && gap && !out.empty()) out += mark;
    if (kept) out += c;
    gap = !kept;
  }
  return out;
}

}  // namespace

std::string service_name(std::string_view title) {
  if (is_word(title, "._-")) return std::string(title);
  std::string out = joined(title, "", '-');
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string topic_name(std::string_view address) {
  return joined(address, "._-", '.');
}

bool is_operation(std::string_view name) {
  return !name.empty() && std::ranges::none_of(name, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == ':' || c == '@';
  });
}

}  // namespace baton::flow
