// Regular expressions of schemas and event filters: ECMA 262's common part, on code points, without flags.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace baton::json {

/// Immutable; any thread. Unlike std::regex, neither a long text nor a deeply nested expression exhausts the stack, and
/// a search that explodes is given up.
class Pattern {
 public:
  /// Errors: invalid.
  static Result<Pattern> compile(const std::string& text);
  /// Somewhere in `text`. False as well when the search takes too many steps.
  bool found_in(std::string_view text) const;
  /// The whole of `text`; false as well when that takes too many steps.
  bool matches(std::string_view text) const;
  const std::string& text() const { return text_; }

 private:
  struct Regex;
  std::string text_;
  std::shared_ptr<const Regex> regex_;
};

}  // namespace baton::json
