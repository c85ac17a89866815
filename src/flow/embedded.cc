// Expressions inside of other text: what the author meant, in one expression.
#include "flow/embedded.h"

#include <algorithm>

namespace baton::flow {
namespace {

constexpr int kDepthMax = 50;

// Behind what opens at `at` - 1, up to its `close`; texts, and the expressions in them, are stepped over.
std::size_t behind(std::string_view text, std::size_t at, char open, char close, int depth);

std::size_t behind_text(std::string_view text, std::size_t at, int depth) {
  while (at < text.size()) {
    const char c = text[at++];
    if (c == '"') return at;
    if (c != '\\' || at == text.size()) continue;
    if (text[at++] == '(') at = behind(text, at, '(', ')', depth + 1);
  }
  return std::string_view::npos;
}

std::size_t behind(std::string_view text, std::size_t at, char open, char close, int depth) {
  if (depth > kDepthMax) return std::string_view::npos;
  for (int open_now = 1; at < text.size();) {
    const char c = text[at++];
    if (c == '"') at = behind_text(text, at, depth);
    if (c == open) ++open_now;
    if (c == close && --open_now == 0) return at;
  }
  return std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

void append_literal(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace

std::optional<std::string> as_one_expression(std::string_view text) {
  std::string parts;
  std::size_t expressions = 0;
  std::size_t at = 0;
  bool only_blanks = true;  // around the expressions
  while (at < text.size()) {
    const std::size_t begin = std::min(text.find("${", at), text.size());
    const std::string_view literal = text.substr(at, begin - at);
    only_blanks = only_blanks && trimmed(literal).empty();
    append_literal(parts, literal);
    if (begin == text.size()) break;
    const std::size_t end = behind(text, begin + 2, '{', '}', 0);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view expression = trimmed(text.substr(begin + 2, end - begin - 3));
    if (expression.empty()) return std::nullopt;
    parts.append("\\(").append(expression).append(")");
    ++expressions;
    at = end;
  }
  if (expressions == 0 || (expressions == 1 && only_blanks)) return std::nullopt;
  return "${ \"" + parts + "\" }";
}

}  // namespace baton::flow
