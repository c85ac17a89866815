#include "gherkin.h"

#include <algorithm>
#include <optional>

namespace baton::conformance {
namespace {

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<std::string_view> after(std::string_view line, std::string_view keyword) {
  if (!line.starts_with(keyword)) return std::nullopt;
  return trimmed(line.substr(keyword.size()));
}

std::optional<std::string_view> step_text(std::string_view line) {
  for (const std::string_view keyword : {"Given ", "When ", "Then ", "And ", "But "}) {
    if (const auto text = after(line, keyword)) return text;
  }
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<std::vector<Scenario>> read() {
    while (next()) {
      const std::string_view line = trimmed(line_);
      if (line.empty() || line.starts_with('#')) continue;
      BATON_CHECK(take(line));
    }
    return std::move(scenarios_);
  }

 private:
  Result<void> take(std::string_view line) {
    if (line.starts_with("Feature:")) {
      in_description_ = true;
      return {};
    }
    if (const auto name = after(line, "Scenario:")) {
      in_description_ = false;
      scenarios_.push_back({.name = std::string(*name), .steps = {}});
      return {};
    }
    if (in_description_) return {};
    if (line.starts_with("\"\"\"")) return doc_string();
    const auto text = step_text(line);
    if (!text || scenarios_.empty()) return refuse("this is no step: " + std::string(line));
    scenarios_.back().steps.push_back({.text = std::string(*text), .doc = "", .line = number_});
    return {};
  }

  Result<void> doc_string() {
    if (scenarios_.empty() || scenarios_.back().steps.empty()) return refuse("a doc string without a step");
    const std::size_t indent = line_.find('"');
    std::string& doc = scenarios_.back().steps.back().doc;
    while (next()) {
      const std::string_view line = trimmed(line_);
      if (line.starts_with("\"\"\"")) return {};
      const std::size_t blank = line_.find_first_not_of(' ');
      doc += line_.substr(std::min({indent, blank, line_.size()}));
      doc += '\n';
    }
    return refuse("a doc string without an end");
  }

  bool next() {
    if (text_.empty()) return false;
    const std::size_t end = text_.find('\n');
    line_ = text_.substr(0, end);
    text_ = end == std::string_view::npos ? std::string_view() : text_.substr(end + 1);
    ++number_;
    return true;
  }
  Error refuse(const std::string& what) const { return invalid("line " + std::to_string(number_) + ": " + what); }

  std::string_view text_;
  std::string_view line_;
  int number_ = 0;
  bool in_description_ = false;
  std::vector<Scenario> scenarios_;
};

}  // namespace

Result<std::vector<Scenario>> read_feature(std::string_view text) {
  return Reader(text).read();
}

}  // namespace baton::conformance
