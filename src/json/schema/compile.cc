#include <algorithm>
#include <array>
#include <map>

#include "json/internal.h"
#include "json/schema/rule.h"
#include "json/yaml.h"

namespace baton::json::schema {
namespace {

constexpr std::size_t kRulesMax = 100'000;
constexpr std::array<std::string_view, 4> kUnsupported = {"unevaluatedProperties", "unevaluatedItems", "$dynamicRef",
                                                          "$recursiveRef"};
constexpr std::array<std::pair<std::string_view, unsigned>, 7> kTypes = {{{"null", kNull},
                                                                          {"boolean", kBoolean},
                                                                          {"integer", kInteger},
                                                                          {"number", kNumber},
                                                                          {"string", kString},
                                                                          {"array", kArray},
                                                                          {"object", kObject}}};

class Compiler {
 public:
  explicit Compiler(const Value& root) : root_(root) {}

  Result<Rules> run() {
    BATON_TRY(const RuleId first, request(""));
    (void)first;
    // Rules are compiled one after the other, and not by recursion: a schema may be as deep as it likes.
    for (std::size_t next = 0; next < wanted_.size(); ++next) {
      const std::string pointer = wanted_[next];
      auto rule = compile(pointer, *find(root_, pointer));
      if (!rule) return std::move(rule).error();
      rules_[next] = *std::move(rule);
    }
    BATON_CHECK(refuse_endless());
    return std::move(rules_);
  }

 private:
  static Error wrong(const std::string& pointer, const std::string& what) {
    return invalid((pointer.empty() ? "schema" : pointer) + ": " + what);
  }

  // The number of the rule that the schema at `pointer` becomes.
  Result<RuleId> request(const std::string& pointer) {
    if (const auto known = ids_.find(pointer); known != ids_.end()) return known->second;
    const Value* schema = find(root_, pointer);
    if (schema == nullptr) return wrong(pointer, "is referred to, but not there");
    if (!schema->is_object() && !schema->is_bool()) return wrong(pointer, "must be a schema: an object or a boolean");
    if (wanted_.size() >= kRulesMax) return wrong(pointer, "the schema is too large");
    const auto id = static_cast<RuleId>(wanted_.size());
    ids_.emplace(pointer, id);
    wanted_.push_back(pointer);
    rules_.emplace_back();
    return id;
  }

  static std::string below(const std::string& pointer, std::string_view key) {
    return pointer + "/" + escape_pointer(key);
  }

  Result<Rule> compile(const std::string& pointer, const Value& schema) {
    Rule rule;
    if (schema.is_bool()) {
      rule.never = !schema.get_bool();
      return rule;
    }
    const Context at{pointer, schema.get_object()};
    for (const std::string_view name : kUnsupported) {
      if (at.schema.contains(name)) return wrong(below(pointer, name), "this keyword is not supported");
    }
    BATON_CHECK(read_values(at, rule));
    BATON_CHECK(read_object(at, rule));
    BATON_CHECK(read_array(at, rule));
    BATON_CHECK(read_string(at, rule));
    BATON_CHECK(read_number(at, rule));
    BATON_CHECK(read_combinations(at, rule));
    return rule;
  }

  struct Context {
    const std::string& pointer;
    const Object& schema;
    const Value* get(std::string_view name) const { return schema.if_contains(name); }
    std::string below(std::string_view name) const { return Compiler::below(pointer, name); }
  };

  Result<void> read_values(const Context& at, Rule& rule) {
    if (const Value* c = at.get("const")) rule.constant = *c;
    if (const Value* e = at.get("enum")) {
      if (!e->is_array()) return wrong(at.below("enum"), "must be an array");
      rule.enumeration = e->get_array();
    }
    const Value* type = at.get("type");
    if (type == nullptr) return {};
    if (is_string(*type)) return read_type(at, *type, rule);
    if (!type->is_array() || type->get_array().empty())
      return wrong(at.below("type"), "must be a type or an array of types");
    for (const Value& one : type->get_array()) BATON_CHECK(read_type(at, one, rule));
    return {};
  }

  static Result<void> read_type(const Context& at, const Value& type, Rule& rule) {
    const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) {
      return is_string(type) && view(type.get_string()) == t.first;
    });
    if (known == kTypes.end()) return wrong(at.below("type"), print(type) + " is not a type");
    rule.types |= known->second;
    return {};
  }

  Result<void> read_object(const Context& at, Rule& rule) {
    BATON_CHECK(read_map(at, "properties", rule.properties));
    std::sort(rule.properties.begin(), rule.properties.end());
    BATON_CHECK(read_strings(at, at.get("required"), "required", rule.required));
    BATON_TRY(rule.additional_properties, read_one(at, "additionalProperties"));
    BATON_TRY(rule.property_names, read_one(at, "propertyNames"));
    BATON_CHECK(read_map(at, "dependentSchemas", rule.dependent_schemas));
    BATON_CHECK(read_patterns(at, rule));
    BATON_CHECK(read_dependencies(at, "dependentRequired", rule));
    BATON_CHECK(read_dependencies(at, "dependencies", rule));
    BATON_TRY(rule.properties_min, read_count(at, "minProperties"));
    BATON_TRY(rule.properties_max, read_count(at, "maxProperties"));
    return {};
  }

  Result<void> read_patterns(const Context& at, Rule& rule) {
    std::vector<std::pair<std::string, RuleId>> entries;
    BATON_CHECK(read_map(at, "patternProperties", entries));
    for (const auto& [text, id] : entries) {
      auto pattern = Pattern::compile(text);
      if (!pattern) return wrong(at.below("patternProperties"), pattern.error().text);
      rule.pattern_properties.emplace_back(*std::move(pattern), id);
    }
    return {};
  }

  // Draft 7 has both kinds in one keyword: an array of names, or a schema.
  Result<void> read_dependencies(const Context& at, const char* keyword, Rule& rule) {
    const Value* map = at.get(keyword);
    if (map == nullptr) return {};
    if (!map->is_object()) return wrong(at.below(keyword), "must be an object");
    for (const auto& entry : map->get_object()) {
      const std::string name(entry.key());
      if (entry.value().is_array()) {
        rule.dependent_required.emplace_back(name, std::vector<std::string>());
        BATON_CHECK(read_strings(at, &entry.value(), keyword, rule.dependent_required.back().second));
      } else {
        BATON_TRY(const RuleId id, request(below(at.below(keyword), name)));
        rule.dependent_schemas.emplace_back(name, id);
      }
    }
    return {};
  }

  Result<void> read_array(const Context& at, Rule& rule) {
    const Value* items = at.get("items");
    const bool tuple = items != nullptr && items->is_array();  // as drafts up to 2019-09 have it
    BATON_TRY(rule.prefix_items, read_list(at, tuple ? "items" : "prefixItems"));
    BATON_TRY(rule.items, read_one(at, tuple ? "additionalItems" : "items"));
    BATON_TRY(rule.contains, read_one(at, "contains"));
    BATON_TRY(rule.contains_min, read_count(at, "minContains"));
    BATON_TRY(rule.contains_max, read_count(at, "maxContains"));
    BATON_TRY(rule.items_min, read_count(at, "minItems"));
    BATON_TRY(rule.items_max, read_count(at, "maxItems"));
    const Value* unique = at.get("uniqueItems");
    if (unique != nullptr && !unique->is_bool()) return wrong(at.below("uniqueItems"), "must be a boolean");
    rule.unique_items = unique != nullptr && unique->get_bool();
    return {};
  }

  Result<void> read_string(const Context& at, Rule& rule) {
    BATON_TRY(rule.length_min, read_count(at, "minLength"));
    BATON_TRY(rule.length_max, read_count(at, "maxLength"));
    const Value* text = at.get("pattern");
    if (text == nullptr) return {};
    if (!is_string(*text)) return wrong(at.below("pattern"), "must be a string");
    auto pattern = Pattern::compile(std::string(text->get_string()));
    if (!pattern) return wrong(at.below("pattern"), pattern.error().text);
    rule.pattern = *std::move(pattern);
    return {};
  }

  Result<void> read_number(const Context& at, Rule& rule) {
    BATON_TRY(rule.multiple_of, read_limit(at, "multipleOf"));
    if (rule.multiple_of && to_double(*rule.multiple_of) <= 0)
      return wrong(at.below("multipleOf"), "must be above zero");
    BATON_TRY(rule.minimum, read_limit(at, "minimum"));
    BATON_TRY(rule.maximum, read_limit(at, "maximum"));
    BATON_CHECK(read_exclusive(at, "exclusiveMinimum", rule.minimum, rule.above));
    return read_exclusive(at, "exclusiveMaximum", rule.maximum, rule.below);
  }

  // A number; in draft 4 a boolean that makes the plain limit exclusive.
  Result<void> read_exclusive(const Context& at, const char* keyword, std::optional<Value>& plain,
                              std::optional<Value>& out) {
    const Value* value = at.get(keyword);
    if (value == nullptr) return {};
    if (value->is_bool()) {
      if (value->get_bool()) std::swap(plain, out);
      return {};
    }
    BATON_TRY(out, read_limit(at, keyword));
    return {};
  }

  Result<void> read_combinations(const Context& at, Rule& rule) {
    BATON_TRY(rule.all_of, read_list(at, "allOf"));
    BATON_TRY(rule.any_of, read_list(at, "anyOf"));
    BATON_TRY(rule.one_of, read_list(at, "oneOf"));
    BATON_TRY(rule.not_, read_one(at, "not"));
    BATON_TRY(rule.if_, read_one(at, "if"));
    BATON_TRY(rule.then, read_one(at, "then"));
    BATON_TRY(rule.else_, read_one(at, "else"));
    const Value* ref = at.get("$ref");
    if (ref == nullptr) return {};
    if (!is_string(*ref)) return wrong(at.below("$ref"), "must be a string");
    const std::string_view target = view(ref->get_string());
    if (target != "#" && !target.starts_with("#/")) {
      return wrong(at.below("$ref"), "'" + std::string(target) + "' does not point into this document (#/…)");
    }
    BATON_TRY(rule.ref, request(percent_decode(target.substr(1))));
    return {};
  }

  // A pointer in a URI fragment may be percent-encoded.
  static std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto digit = [&](std::size_t at) {
        return at < text.size() ? std::string_view("0123456789abcdef").find(static_cast<char>(text[at] | 0x20))
                                : std::string::npos;
      };
      const bool escape = text[i] == '%' && digit(i + 1) != std::string::npos && digit(i + 2) != std::string::npos;
      out.push_back(escape ? static_cast<char>(digit(i + 1) * 16 + digit(i + 2)) : text[i]);
      if (escape) i += 2;
    }
    return out;
  }

  Result<std::optional<RuleId>> read_one(const Context& at, const char* keyword) {
    if (at.get(keyword) == nullptr) return std::optional<RuleId>();
    BATON_TRY(const RuleId id, request(at.below(keyword)));
    return std::optional<RuleId>(id);
  }

  Result<std::vector<RuleId>> read_list(const Context& at, const char* keyword) {
    std::vector<RuleId> ids;
    const Value* list = at.get(keyword);
    if (list == nullptr) return ids;
    if (!list->is_array() || list->get_array().empty()) return wrong(at.below(keyword), "must be an array of schemas");
    for (std::size_t i = 0; i < list->get_array().size(); ++i) {
      BATON_TRY(const RuleId id, request(at.below(keyword) + "/" + std::to_string(i)));
      ids.push_back(id);
    }
    return ids;
  }

  Result<void> read_map(const Context& at, const char* keyword, std::vector<std::pair<std::string, RuleId>>& out) {
    const Value* map = at.get(keyword);
    if (map == nullptr) return {};
    if (!map->is_object()) return wrong(at.below(keyword), "must be an object of schemas");
    for (const auto& entry : map->get_object()) {
      BATON_TRY(const RuleId id, request(below(at.below(keyword), view(entry.key()))));
      out.emplace_back(std::string(entry.key()), id);
    }
    return {};
  }

  static Result<void> read_strings(const Context& at, const Value* list, const char* keyword,
                                   std::vector<std::string>& out) {
    if (list == nullptr) return {};
    if (!list->is_array()) return wrong(at.below(keyword), "must be an array of strings");
    for (const Value& item : list->get_array()) {
      if (!is_string(item)) return wrong(at.below(keyword), "must be an array of strings");
      out.emplace_back(item.get_string());
    }
    return {};
  }

  static Result<std::optional<std::size_t>> read_count(const Context& at, const char* keyword) {
    const Value* value = at.get(keyword);
    if (value == nullptr) return std::optional<std::size_t>();
    const double d = is_number(*value) ? to_double(*value) : -1;
    if (d < 0 || d > 1e15 || d != static_cast<double>(static_cast<std::size_t>(d))) {
      return wrong(at.below(keyword), "must be a whole number, zero or above");
    }
    return std::optional<std::size_t>(static_cast<std::size_t>(d));
  }

  static Result<std::optional<Value>> read_limit(const Context& at, const char* keyword) {
    const Value* value = at.get(keyword);
    if (value == nullptr) return std::optional<Value>();
    if (!is_number(*value)) return wrong(at.below(keyword), "must be a number");
    return std::optional<Value>(*value);
  }

  // A rule that leads back to itself without a step into the value would never be done.
  Result<void> refuse_endless() const {
    enum class State : char { unseen, open, done };
    std::vector<State> states(rules_.size(), State::unseen);
    std::vector<std::pair<RuleId, std::vector<RuleId>>> path;
    for (RuleId start = 0; start < rules_.size(); ++start) {
      if (states[start] != State::unseen) continue;
      states[start] = State::open;
      path.emplace_back(start, in_place(rules_[start]));
      while (!path.empty()) {
        auto& [rule, left] = path.back();
        if (left.empty()) {
          states[rule] = State::done;
          path.pop_back();
          continue;
        }
        const RuleId next = left.back();
        left.pop_back();
        if (states[next] == State::open) return wrong(wanted_[next], "refers to itself without end");
        if (states[next] == State::done) continue;
        states[next] = State::open;
        path.emplace_back(next, in_place(rules_[next]));
      }
    }
    return {};
  }

  static std::vector<RuleId> in_place(const Rule& rule) {
    std::vector<RuleId> out;
    for (const auto* list : {&rule.all_of, &rule.any_of, &rule.one_of})
      out.insert(out.end(), list->begin(), list->end());
    for (const auto& one : {rule.ref, rule.not_, rule.if_, rule.then, rule.else_}) {
      if (one) out.push_back(*one);
    }
    for (const auto& entry : rule.dependent_schemas) out.push_back(entry.second);
    return out;
  }

  const Value& root_;
  Rules rules_;
  std::vector<std::string> wanted_;  // the pointer of each rule
  std::map<std::string, RuleId> ids_;
};

}  // namespace

Result<Rules> compile_rules(const Value& schema) {
  return Compiler(schema).run();
}

}  // namespace baton::json::schema
