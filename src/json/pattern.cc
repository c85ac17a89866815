#include "json/pattern.h"

#include <algorithm>
#include <boost/regex.hpp>
#include <optional>

namespace baton::json {
namespace {

static_assert(sizeof(wchar_t) == 4);  // holds any code point

// As ECMA 262 has it without flags: ^ and $ stand for the ends of the text and not of its lines, a dot for no line
// break.
const boost::regex_constants::match_flags kFlags = boost::match_single_line | boost::match_not_dot_newline;

// A byte that belongs to no well-formed sequence stands for itself.
std::wstring to_code_points(std::string_view text) {
  std::wstring out;
  out.reserve(text.size());
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned first = byte(i);
    const std::size_t size = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    unsigned code = size == 1 ? first : first & (0xffU >> (size + 1));
    std::size_t end = i + 1;
    for (; end < i + size && end < text.size() && (byte(end) & 0xc0) == 0x80; ++end)
      code = code << 6 | (byte(end) & 0x3f);
    const bool whole = end == i + size;
    out.push_back(static_cast<wchar_t>(whole ? code : first));
    i = whole ? end : i + 1;
  }
  return out;
}

bool is_hex(wchar_t c) {
  return (c >= L'0' && c <= L'9') || (c >= L'a' && c <= L'f') || (c >= L'A' && c <= L'F');
}

// \u00fc is \x{00fc} to Boost, which reads \u as "an upper-case letter". Nothing for a \u that names no character, as
// half of a surrogate pair does not.
std::optional<std::wstring> translate(const std::wstring& text) {
  std::wstring out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out.push_back(text[i]);
    if (text[i] != L'\\' || i + 1 == text.size()) continue;
    if (text[++i] != L'u') {
      out.push_back(text[i]);
      continue;
    }
    const std::wstring digits = text.substr(i + 1, 4);
    const bool four = digits.size() == 4 && std::all_of(digits.begin(), digits.end(), is_hex);
    if (!four || ((digits[0] | 0x20) == L'd' && digits[1] >= L'8')) return std::nullopt;
    out.append(L"x{").append(digits).append(L"}");
    i += 4;
  }
  return out;
}

}  // namespace

struct Pattern::Regex {
  boost::wregex regex;
};

Result<Pattern> Pattern::compile(const std::string& text) {
  const Error error = invalid("'" + text + "' is not a regular expression");
  try {
    const auto translated = translate(to_code_points(text));
    if (!translated) return error;
    Pattern pattern;
    pattern.text_ = text;
    pattern.regex_ = std::make_shared<const Regex>(Regex{boost::wregex(*translated, boost::regex::ECMAScript)});
    return pattern;
  } catch (const std::exception&) {
    return error;
  }
}

bool Pattern::found_in(std::string_view text) const {
  try {
    return boost::regex_search(to_code_points(text), regex_->regex, kFlags);
  } catch (const std::exception&) {
    return false;
  }
}

bool Pattern::matches(std::string_view text) const {
  try {
    return boost::regex_match(to_code_points(text), regex_->regex, kFlags);
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace baton::json
