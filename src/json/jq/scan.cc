#include "json/jq/scan.h"

#include <algorithm>
#include <array>
#include <string>

namespace baton::json::jq {
namespace {

constexpr std::array<std::string_view, 19> kForbidden = {
    "now",    "env",     "input",      "inputs",     "_input",      "input_filename", "input_line_number",
    "debug",  "stderr",  "halt",       "halt_error", "localtime",   "strflocaltime",  "get_search_list",
    "import", "include", "modulemeta", "$ENV",       "$__prog_args"};

bool forbidden(std::string_view word) {
  return word.starts_with("_baton") || std::find(kForbidden.begin(), kForbidden.end(), word) != kForbidden.end();
}

bool names(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Walks over tokens; a stack of open brackets, where '"' stands for a string that is interrupted by an interpolation.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Result<void> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\0') return invalid("a zero byte");
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (names(c) || c == '$') {
        BATON_CHECK(word());
      } else {
        ++at_;
        BATON_CHECK(symbol(c));
      }
    }
    if (!open_.empty()) return invalid(std::string("'") + open_.back() + "' is never closed");
    return {};
  }

 private:
  Result<void> word() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && names(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    const bool field = begin > 0 && text_[begin - 1] == '.';
    const std::size_t behind = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    const bool key = text_.substr(behind).starts_with(':');
    if (field || key || !forbidden(word)) return {};
    return invalid("'" + std::string(word) + "' can't be used here: an expression depends on its input alone");
  }

  Result<void> symbol(char c) {
    if (c == '"') return string();
    if (c == '(' || c == '[' || c == '{') {
      if (open_.size() >= 1000) return invalid("nested too deeply");
      open_.push_back(c);
      return {};
    }
    if (c != ')' && c != ']' && c != '}') return {};
    const char opening = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (open_.empty() || open_.back() != opening) return invalid(std::string("unexpected '") + c + "'");
    open_.pop_back();
    if (c != ')' || open_.empty() || open_.back() != '"') return {};
    open_.pop_back();
    return string();
  }

  // Behind an opening quote, or behind the bracket that ends an interpolation.
  Result<void> string() {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\0') return invalid("a zero byte");
      if (c == '"') return {};
      if (c != '\\' || at_ == text_.size()) continue;
      if (text_[at_++] == '(') {
        open_ += "\"(";
        return {};
      }
    }
    return invalid("a string is never closed");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_;
};

}  // namespace

Result<void> scan(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return invalid("the expression is empty");
  return Scanner(text).run();
}

}  // namespace baton::json::jq
