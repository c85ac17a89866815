// A JSON Schema compiled: rules that refer to each other by number, so that schemas may be recursive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "json/data.h"
#include "json/pattern.h"

namespace baton::json::schema {

using RuleId = std::uint32_t;

enum Type : unsigned {
  kNull = 1,
  kBoolean = 2,
  kInteger = 4,
  kNumber = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
};

/// Absent keywords are absent here. A number is kept as it stands in the schema, to be compared exactly.
struct Rule {
  bool never = false;  // the schema `false`
  unsigned types = 0;  // of Type; 0: any
  std::optional<Value> constant;
  std::optional<Array> enumeration;

  std::vector<std::pair<std::string, RuleId>> properties;  // sorted by name
  std::vector<std::string> required;
  std::optional<RuleId> additional_properties;
  std::vector<std::pair<Pattern, RuleId>> pattern_properties;
  std::optional<RuleId> property_names;
  std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;
  std::vector<std::pair<std::string, RuleId>> dependent_schemas;
  std::optional<std::size_t> properties_min, properties_max;

  std::vector<RuleId> prefix_items;
  std::optional<RuleId> items;  // behind the prefix
  std::optional<RuleId> contains;
  std::optional<std::size_t> contains_min, contains_max;
  std::optional<std::size_t> items_min, items_max;
  bool unique_items = false;

  std::optional<std::size_t> length_min, length_max;  // code points
  std::optional<Pattern> pattern;

  std::optional<Value> minimum, maximum, above, below, multiple_of;

  std::optional<RuleId> ref;
  std::vector<RuleId> all_of, any_of, one_of;
  std::optional<RuleId> not_, if_, then, else_;
};

/// The root is rules[0].
using Rules = std::vector<Rule>;

/// Errors: invalid; the text begins with the pointer of what is wrong in the schema.
Result<Rules> compile_rules(const Value& schema);

/// Does `value` keep to the rule?
bool check(const Rules& rules, RuleId rule, const Value& value);
/// Up to `violations_max` of what check() objects to: "/loan/amount: must be a number (found string)".
std::vector<std::string> explain(const Rules& rules, const Value& value, std::size_t violations_max);

}  // namespace baton::json::schema
