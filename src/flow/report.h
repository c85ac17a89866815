// Where the readers complain: turns a JSON pointer into file, line and column, and keeps the complaints in order.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "flow/diagnostic.h"
#include "json/yaml.h"

namespace baton::flow {

inline constexpr std::size_t kDiagnosticsMax = 100;  ///< more than this, and nobody reads on

class Report {
 public:
  explicit Report(Diagnostics& out) : out_(out) {}

  using Places = std::map<std::string, json::Place, std::less<>>;
  /// Pointers that begin with `prefix` stand in `file` at `places` (whose pointers lack the prefix). The longest prefix
  /// wins.
  void add_source(std::string prefix, std::string file, Places places);

  /// The same complaint about the same place is kept once (a definition that is used twice is read twice).
  void add(Severity severity, const char* code, const std::string& pointer, std::string what, std::string remedy);
  std::size_t errors() const { return errors_; }

  /// Puts the complaints of this report into the order of the document.
  void sort();

 private:
  struct Source {
    std::string prefix;
    std::string file;
    json::Document document;  // the places only
  };
  const Source* source_of(const std::string& pointer) const;

  Diagnostics& out_;
  std::vector<Source> sources_;
  std::set<std::tuple<std::string, std::string, std::string>> seen_;
  std::size_t errors_ = 0;
  std::size_t first_ = out_.size();
};

/// 'text' for use in a message: one line, cut when long.
std::string quote(std::string_view text);

/// " (did you mean 'x'?)" for the candidate nearest to `word`, "" when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// "a, b or c".
std::string either(const std::vector<std::string>& words);

}  // namespace baton::flow
