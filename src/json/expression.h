// Runtime expressions: the language of jq 1.7, compiled once, evaluated by one evaluator of our own under a budget
// (decision 0009).
#pragma once

#include <cstdint>
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

/// What one evaluation may take; of a template: all of its expressions together. What is spent is an error like any
/// other to who evaluates, but no `try` of the expression catches it. A whole budget is over in less than a second of
/// CPU, and the same everywhere: nothing of it depends on the machine.
struct Budget {
  /// Nodes evaluated, outputs, values compared or printed; 32 bytes copied, and some tries of a regular expression.
  std::int64_t steps = 4'000'000;
  /// Alive at a time, the result included.
  std::int64_t bytes = std::int64_t{64} << 20;
  /// Calls and generators within each other. What a function does last (its tail) is none: loops are not bound by it.
  /// Fewer where the thread's stack has less than 8 MiB left: an expression never runs out of it.
  int depth = 1'500;
  /// Arrays and objects within each other that an expression makes: a loop that wraps its result each time must not end
  /// in a tree that nobody can walk.
  int nesting = 512;
};

/// The language and the functions of jq 1.7.1, but for those that see more than their input (now, env, input, import …;
/// each is refused by name) and what docs/flow-language.md lists. Integers of 64 bits are exact; other numbers keep
/// their text until something is calculated with them (number.h). Immutable after compile; evaluate() may be called
/// from any thread.
class Expression {
 public:
  /// `text` without ${ }. `variables`: the names that are bound at evaluation; others are an error.
  /// Errors: invalid; nothing is evaluated.
  static Result<Expression> compile(std::string_view text, const std::vector<std::string>& variables);

  /// The first output; none at all gives null. Errors: invalid: jq's own message, e.g. "Cannot index number with
  /// \"a\"", or which bound of the budget was met.
  Result<Data> evaluate(const Data& input, const Arguments& arguments, const Budget& budget = {}) const;
  /// jq's truth: everything but false and null.
  Result<bool> test(const Data& input, const Arguments& arguments, const Budget& budget = {}) const;

  const std::string& text() const;
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
  Result<Data> evaluate(const Data& input, const Arguments& arguments, const Budget& budget = {}) const;
  bool identity() const;
  bool constant() const;
  std::vector<Read> reads() const;
  const Value& source() const;  ///< as written, for printing

 private:
  struct Node;
  std::shared_ptr<const Node> node_;
};

}  // namespace baton::json
