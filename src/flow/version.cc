#include "flow/version.h"

#include <algorithm>

#include "flow/node.h"

namespace baton::flow {
namespace {

/// What of `text` stands before the first `mark`; text is what follows it.
std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view out = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(text.size(), out.size() + 1));
  return out;
}

bool is_number(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Words between dots, of which none is empty; numbers among them don't begin with 0 where `plain`.
bool are_identifiers(std::string_view text, bool plain) {
  for (bool more = true; more;) {
    more = text.find('.') != std::string_view::npos;
    const std::string_view one = take_until(text, '.');
    if (!is_word(one, "-") || (plain && one.size() > 1 && one[0] == '0' && is_number(one))) return false;
  }
  return true;
}

}  // namespace

bool is_version(std::string_view text) {
  const bool has_build = text.find('+') != std::string_view::npos;
  std::string_view rest = take_until(text, '+');
  if (has_build && !are_identifiers(text, false)) return false;
  const bool has_pre = rest.find('-') != std::string_view::npos;
  const std::string_view core = take_until(rest, '-');
  if (has_pre && !are_identifiers(rest, true)) return false;
  const bool numbers = std::ranges::all_of(core, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  return numbers && std::ranges::count(core, '.') == 2 && are_identifiers(core, true);
}

}  // namespace baton::flow
