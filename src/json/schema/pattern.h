// Regular expressions of schemas (ECMA 262's common part), on bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace baton::json::schema {

/// Immutable; any thread. Unlike std::regex, a long text does not exhaust the stack, and a search that explodes is
/// given up.
class Pattern {
 public:
  static Result<Pattern> compile(const std::string& text);
  /// Somewhere in `text`. False as well when the search takes too many steps.
  bool found_in(std::string_view text) const;
  const std::string& text() const { return text_; }

 private:
  struct Regex;
  std::string text_;
  std::shared_ptr<const Regex> regex_;
};

}  // namespace baton::json::schema
