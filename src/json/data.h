// JSON values, and Data: an immutable JSON document that is text, a tree, or both, and turns into the other only when
// asked.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace baton::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

struct Limits {
  std::size_t bytes_max = 8u << 20;
  std::size_t depth_max = 64;
};

/// Strict RFC 8259 JSON. The error names the byte offset. Never throws.
Result<Value> parse(std::string_view text, const Limits& limits = {});
/// The same, into a storage of the caller's, which outlives the value.
Result<Value> parse_into(std::string_view text, boost::json::storage_ptr storage, const Limits& limits = {});
/// Compact, keys in the order they were put in.
std::string print(const Value& value);
/// print(), appended.
void print_to(std::string& out, const Value& value);
/// A text as JSON has it, in quotes, appended.
void print_string_to(std::string& out, std::string_view text);
/// For people: indented by two blanks.
std::string print_pretty(const Value& value);
/// Same keys in any order, numbers by value (1 == 1.0), as JSON Schema and jq compare.
bool equal(const Value& a, const Value& b);
/// The value at an RFC 6901 pointer, or null.
const Value* find(const Value& root, std::string_view pointer);

/// Shared and immutable: the data of an event is at once a task's output, the next task's input and an event that a
/// listen collected, and is copied for none of them (the reason for the shared pointer). Text is kept as it came, so
/// that what is only passed on is neither parsed nor printed. Not thread-safe (the conversion is cached inside): a Data
/// belongs to one thread; hand text() to another.
class Data {
 public:
  Data() = default;  ///< null
  /// Text that is known to be valid JSON (printed by us, or checked at the door). Parsed on the first value().
  static Data from_text(std::string text);
  static Data from_value(Value value);
  /// Checks the text now: for what comes from outside.
  static Result<Data> parse(std::string_view text, const Limits& limits = {});

  /// A value that stands inside value(): shares this tree and keeps it alive, copies nothing.
  Data part(const Value& inside) const;

  bool is_null() const;
  /// No less than the bytes of text(), and those where there is a text; makes none.
  std::size_t bytes_most() const;
  const Value& value() const;
  std::string_view text() const;

 private:
  struct Node;
  std::shared_ptr<Node> node_;  // nullptr: null
};

}  // namespace baton::json
