// A cursor into a document: a value, its JSON pointer, and the report it complains to. Every reader of this folder is
// written against it, so that what is wrong is always said with its place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/report.h"
#include "json/number.h"

namespace baton::flow {

/// Borrows the document and the report. Functions that return nothing have said why, unless they say otherwise.
class Node {
 public:
  Node(const json::Value& value, std::string pointer, Report& report)
      : value_(&value), pointer_(std::move(pointer)), report_(&report) {}

  const json::Value& value() const { return *value_; }
  const std::string& pointer() const { return pointer_; }
  Report& report() const { return *report_; }
  /// The last token of the pointer, unescaped: the property's or task's name; "the document" at the root.
  std::string name() const;

  /// Nothing, in silence, when the key is absent or this is no map.
  std::optional<Node> find(std::string_view key) const;
  /// Complains when absent (`remedy` says what to write).
  std::optional<Node> require(std::string_view key, std::string remedy = "") const;

  bool is_map() const { return value_->is_object(); }
  bool is_text() const { return json::is_string(*value_); }
  bool is_list() const { return value_->is_array(); }
  bool expect_map() const;
  std::optional<std::string> text() const;
  std::optional<std::int64_t> integer() const;
  std::optional<bool> boolean() const;
  /// One of `allowed`.
  std::optional<std::string> choice(const std::vector<std::string>& allowed) const;

  struct Member;
  /// A map's entries, a list's items (empty, with a complaint, when it is something else).
  std::vector<Member> members() const;
  std::vector<Node> items() const;
  /// A list of maps with one key each, the DSL's way to write an ordered map; items that are not so are left out.
  std::vector<Member> named_items() const;

  /// Complains about every key of this map that is not allowed. `extensions`: keys that begin with "x-" are.
  void only(const std::vector<std::string>& allowed, bool extensions = false) const;
  /// The same where the language leaves the map open: a warning that nothing reads the key, unless it begins with '.'
  /// or "x-", as what is meant for nobody does.
  void open(const std::vector<std::string>& known) const;

  void error(const char* code, std::string what, std::string remedy) const;
  void warning(const char* code, std::string what, std::string remedy) const;

 private:
  void wrong_type(std::string_view wanted) const;

  const json::Value* value_;
  std::string pointer_;
  Report* report_;
};

struct Node::Member {
  std::string name;
  Node node;
};

/// "a list", "a number (12)", …: what stands there, for messages.
std::string describe(const json::Value& value);

/// Only letters, digits and the `extra` characters, and not empty.
bool is_word(std::string_view text, std::string_view extra);
/// Kafka's rule for topic names.
bool is_topic(std::string_view text);

}  // namespace baton::flow
