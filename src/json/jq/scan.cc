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
constexpr std::string_view kBlanks = " \t\r\n";

bool forbidden(std::string_view word) {
  return word.starts_with("_baton") || std::find(kForbidden.begin(), kForbidden.end(), word) != kForbidden.end();
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
      } else if (is_name_char(c) || c == '$') {
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
    const std::size_t begin = at_;
    std::string word;
    if (text_[at_] == '$') {
      word = "$";
      at_ = skip_blanks(text_, at_ + 1);
    }
    while (at_ < text_.size() && is_name_char(text_[at_])) word.push_back(text_[at_++]);
    const bool field = begin > 0 && text_[begin - 1] == '.' && word[0] != '$';
    const bool colon = text_.substr(skip_blanks(text_, at_)).starts_with(':');
    const bool key = colon && !open_.empty() && open_.back() == '{';  // in brackets it is a slice: .[input:]
    if (field || key || !forbidden(word)) return {};
    return invalid("'" + word + "' can't be used here: an expression depends on its input alone");
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

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  for (;;) {
    at = std::min(text.find_first_not_of(kBlanks, at), text.size());
    if (at == text.size() || text[at] != '#') return at;
    at = std::min(text.find('\n', at), text.size());
  }
}

Result<void> scan(std::string_view text) {
  if (text.find_first_not_of(kBlanks) == std::string_view::npos) return invalid("the expression is empty");
  return Scanner(text).run();
}

}  // namespace baton::json::jq
