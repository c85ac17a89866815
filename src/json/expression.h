// Runtime expressions: jq, compiled once. Common forms run natively, the rest in libjq; a differential test holds them
// together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "json/data.h"

namespace baton::json {

/// The variables an expression sees ($context, $input, …), in order. Names without the '$'. A later entry hides an
/// earlier one.
using Arguments = std::vector<std::pair<std::string_view, Data>>;

/// What an expression may read, as far as analysis can tell: "root" is "." for the input or "$name" for a variable; the
/// path has the keys followed from there ([] when the whole value may be read). Over-approximates, never misses.
struct Read {
  std::string root;
  std::vector<std::string> path;
  auto operator<=>(const Read&) const = default;
};

/// jq 1.6, with the regular expressions of 1.7, and without what sees more than its input (now, env, input, import …).
/// Natively, integers of 64 bits are exact; libjq computes with doubles. The author is trusted so far that an
/// expression which never ends is not stopped; what data may bring is caught (jq/prelude.h). Results are nested 512
/// deep at most. Immutable after compile; evaluate() may be called from any thread (libjq states are kept per thread,
/// compiled on first use).
class Expression {
 public:
  /// `text` without ${ }. `variables`: the names that are bound at evaluation; others are an error.
  /// Errors: invalid (what libjq says of it), without evaluating anything.
  static Result<Expression> compile(std::string_view text, const std::vector<std::string>& variables);

  /// The first output; none at all gives null. Errors: invalid (jq's own message), e.g. "Cannot index number with
  /// \"a\"".
  Result<Data> evaluate(const Data& input, const Arguments& arguments) const;
  /// jq's truth: everything but false and null.
  Result<bool> test(const Data& input, const Arguments& arguments) const;

  const std::string& text() const;
  bool native() const;                     ///< runs without libjq
  bool identity() const;                   ///< is exactly "."
  const std::vector<Read>& reads() const;  ///< sorted, without duplicates

 private:
  friend class Template;
  struct Program;
  std::shared_ptr<const Program> program_;
};

/// "${ .a }" -> ".a"; nothing if `text` is not wholly an expression (strict mode: ^\s*\$\{.+\}\s*$).
std::optional<std::string_view> unwrap(std::string_view text);

/// A JSON value whose string leaves may be "${ expression }" (strict mode), or the whole of which is one expression.
class Template {
 public:
  static Result<Template> compile(const Value& value, const std::vector<std::string>& variables);
  /// A bare jq expression (the expression-typed properties: if, from, as, when …), "${ }" around it allowed.
  static Result<Template> compile_expression(std::string_view text, const std::vector<std::string>& variables);
  Result<Data> evaluate(const Data& input, const Arguments& arguments) const;
  bool identity() const;
  bool constant() const;
  std::vector<Read> reads() const;
  const Value& source() const;  ///< as written, for printing

 private:
  struct Node;
  std::shared_ptr<const Node> node_;
};

}  // namespace baton::json
