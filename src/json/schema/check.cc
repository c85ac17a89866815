// One walk for both questions: "does it keep to the rules?", which is asked of every message and builds no text, and
// "what is wrong with it?", which is asked after a no.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "json/internal.h"
#include "json/schema/rule.h"
#include "json/yaml.h"

namespace baton::json::schema {
namespace {

// Where the walk stands; lives on the stack.
struct Path {
  const Path* up = nullptr;
  std::string_view key;
  std::size_t index = 0;
  bool is_item = false;
};

std::string to_pointer(const Path* path) {
  if (path == nullptr || path->up == nullptr) return "";
  return to_pointer(path->up) + "/" + (path->is_item ? std::to_string(path->index) : escape_pointer(path->key));
}

struct Report {
  std::vector<std::string> texts;
  std::size_t max = 0;
};

std::string brief(const Value& value) {
  if (value.is_array() || value.is_object()) return std::string(type_name(value));
  std::string text = print(value);
  if (text.size() <= 60) return text;
  std::size_t end = 57;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string join(const std::vector<std::string>& words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? last : std::string_view(", ");
    out += words[i];
  }
  return out;
}

std::string type_words(unsigned types) {
  static constexpr std::pair<unsigned, const char*> kWords[] = {
      {kNull, "null"},       {kBoolean, "a boolean"}, {kInteger, "an integer"}, {kNumber, "a number"},
      {kString, "a string"}, {kArray, "an array"},    {kObject, "an object"}};
  std::vector<std::string> words;
  for (const auto& [bit, word] : kWords) {
    if ((types & bit) != 0) words.emplace_back(word);
  }
  return join(words, " or ");
}

unsigned types_of(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return kNull;
    case boost::json::kind::bool_:
      return kBoolean;
    case boost::json::kind::string:
      if (!is_literal(value)) return kString;
      return is_whole(value) ? kNumber | kInteger : kNumber;
    case boost::json::kind::array:
      return kArray;
    case boost::json::kind::object:
      return kObject;
    default:
      return is_whole(value) ? kNumber | kInteger : kNumber;
  }
}

// 19.99 is a multiple of 0.01, though its quotient in doubles is not quite 1999: what the roundings of both numbers and
// of the division may add up to is no fraction.
bool is_multiple(const Value& value, const Value& of) {
  if (value.is_int64() && of.is_int64()) return value.get_int64() % of.get_int64() == 0;
  if (of.is_int64() && is_whole(value)) {
    if (const auto left = remainder(value, of.get_int64())) return *left == 0;
  }
  constexpr double kRoundings = 2 * std::numeric_limits<double>::epsilon();
  const double ratio = to_double(value) / to_double(of);
  return std::fabs(ratio - std::round(ratio)) <= kRoundings * std::fabs(ratio);
}

std::size_t count(const Value& value) {
  std::size_t sum = 1;
  if (value.is_array()) {
    for (const Value& item : value.get_array()) sum += count(item);
  } else if (value.is_object()) {
    for (const auto& entry : value.get_object()) sum += count(entry.value());
  }
  return sum;
}

// Alternatives that each lead back to the same recursive schema double the work with every level of the value: what one
// value may cost is bounded. Most values are far from the bound, and are not counted at all. So is how deep the walk
// may go: a chain of references is as long as the schema.
class Steps {
 public:
  explicit Steps(const Value& root) : root_(root) {}
  /// A step, and a level until leave(). False: no more are allowed.
  bool enter() {
    if (++level_ > kLevelsMax || (++taken_ > max_ && !raise())) exhausted_ = true;
    return !exhausted_;
  }
  void leave() { --level_; }
  /// Then no answer counts: "does not match" may just mean that nobody looked to the end.
  bool exhausted() const { return exhausted_; }

 private:
  static constexpr int kLevelsMax = 800;

  // Once: by what the size of the value allows.
  bool raise() {
    if (std::exchange(raised_, true)) return false;
    max_ += 32 * count(root_);
    return true;
  }

  const Value& root_;
  std::size_t taken_ = 0;
  std::size_t max_ = 50'000;
  int level_ = 0;
  bool raised_ = false;
  bool exhausted_ = false;
};

class Walk {
 public:
  Walk(const Rules& rules, Report* report, Steps& steps) : rules_(rules), report_(report), steps_(steps) {}

  bool visit(RuleId id, const Value& value, const Path* path) {
    const bool ok = steps_.enter() && keeps_to(rules_[id], value, path);
    steps_.leave();
    return ok;
  }

 private:
  bool keeps_to(const Rule& rule, const Value& value, const Path* path) {
    if (rule.never) return fail(path, "is not allowed here");
    const unsigned types = types_of(value);
    if (rule.types != 0 && (rule.types & types) == 0) return fail_type(path, rule.types, value);
    bool ok = values(rule, value, path);
    if (ok || report_ != nullptr) {
      if (value.is_object()) ok = object(rule, value.get_object(), path) && ok;
      if (value.is_array()) ok = array(rule, value.get_array(), path) && ok;
      if (is_string(value)) ok = string(rule, value, path) && ok;
      if (is_number(value)) ok = number(rule, value, path) && ok;
    }
    return (ok || report_ != nullptr) && combinations(rule, value, path) && ok;
  }

  // Texts are only made for a report.
  template <class Make>
  std::string lazily(const Make& make) const {
    return report_ != nullptr ? make() : std::string();
  }

  bool fail(const Path* path, const std::string& what) {
    if (report_ != nullptr && report_->texts.size() < report_->max) {
      const std::string pointer = to_pointer(path);
      std::string text = (pointer.empty() ? "the value" : pointer) + ": " + what;
      const auto& known = report_->texts;
      if (std::find(known.begin(), known.end(), text) == known.end()) report_->texts.push_back(std::move(text));
    }
    return false;
  }

  // Stops at the first failure, but not while reporting.
  bool go_on(bool ok) const { return ok || (report_ != nullptr && report_->texts.size() < report_->max); }

  bool quietly(RuleId rule, const Value& value) const {
    return Walk(rules_, nullptr, steps_).visit(rule, value, nullptr);
  }

  bool fail_type(const Path* path, unsigned types, const Value& value) {
    if (report_ == nullptr) return false;
    const bool fraction = is_number(value) && (types & kInteger) != 0;
    return fail(path, "must be " + type_words(types) + " (found " +
                          (fraction ? brief(value) : std::string(type_name(value))) + ")");
  }

  bool fail_value(const Path* path, const char* what, const Value& limit, const Value& value) {
    if (report_ == nullptr) return false;
    return fail(path, std::string("must be ") + what + brief(limit) + " (found " + brief(value) + ")");
  }

  bool fail_count(const Path* path, const char* what, std::size_t limit, const char* unit, std::size_t found) {
    if (report_ == nullptr) return false;
    return fail(path, std::string("must have ") + what + " " + std::to_string(limit) + " " + unit + " (found " +
                          std::to_string(found) + ")");
  }

  bool values(const Rule& rule, const Value& value, const Path* path) {
    if (rule.constant && !equal(*rule.constant, value)) return fail_value(path, "", *rule.constant, value);
    if (!rule.enumeration) return true;
    const auto same = [&](const Value& v) { return equal(v, value); };
    if (std::any_of(rule.enumeration->begin(), rule.enumeration->end(), same)) return true;
    if (report_ == nullptr) return false;
    std::vector<std::string> words;
    for (const Value& v : *rule.enumeration) words.push_back(brief(v));
    return fail(path, "must be " + join(words, " or ") + " (found " + brief(value) + ")");
  }

  bool object(const Rule& rule, const Object& object, const Path* path) {
    bool ok = sizes(rule.properties_min, rule.properties_max, object.size(), "properties", path);
    for (const std::string& name : rule.required) {
      if (!go_on(ok)) return false;
      if (!object.contains(name)) ok = fail(path, lazily([&] { return "must have '" + name + "' (not found)"; }));
    }
    for (const auto& [name, id] : rule.properties) {
      if (!go_on(ok)) return false;
      const Value* member = object.if_contains(name);
      if (member == nullptr) continue;
      const Path here{path, name};
      ok = visit(id, *member, &here) && ok;
    }
    return go_on(ok) && members(rule, object, path) && dependents(rule, object, path) && ok;
  }

  // What has to be asked of every member.
  bool members(const Rule& rule, const Object& object, const Path* path) {
    if (!rule.additional_properties && rule.pattern_properties.empty() && !rule.property_names) return true;
    bool ok = true;
    for (const auto& entry : object) {
      if (!go_on(ok)) return false;
      ok = member(rule, view(entry.key()), entry.value(), path) && ok;
    }
    return ok;
  }

  bool member(const Rule& rule, std::string_view name, const Value& value, const Path* path) {
    const Path here{path, name};
    const auto by_name = [](const auto& property, std::string_view n) { return property.first < n; };
    const auto known = std::lower_bound(rule.properties.begin(), rule.properties.end(), name, by_name);
    bool additional = known == rule.properties.end() || known->first != name;
    bool ok = true;
    for (const auto& [pattern, id] : rule.pattern_properties) {
      if (!pattern.found_in(name)) continue;
      additional = false;
      ok = visit(id, value, &here) && ok;
    }
    if (additional && rule.additional_properties) ok = visit(*rule.additional_properties, value, &here) && ok;
    if (rule.property_names && !quietly(*rule.property_names, Value(name)))
      ok = fail(&here, "has a name that is not allowed");
    return ok;
  }

  bool dependents(const Rule& rule, const Object& object, const Path* path) {
    bool ok = true;
    for (const auto& [name, others] : rule.dependent_required) {
      if (!object.contains(name)) continue;
      for (const std::string& other : others) {
        if (!object.contains(other))
          ok = fail(path, lazily([&] { return "must have '" + other + "' beside '" + name + "' (not found)"; }));
      }
    }
    for (const auto& [name, id] : rule.dependent_schemas) {
      // The whole object is the instance again; its value is rebuilt for none but this rare keyword.
      if (object.contains(name)) ok = visit(id, Value(object), path) && ok;
    }
    return ok;
  }

  bool array(const Rule& rule, const Array& array, const Path* path) {
    bool ok = sizes(rule.items_min, rule.items_max, array.size(), "items", path);
    for (std::size_t i = 0; i < array.size() && go_on(ok); ++i) {
      const Path here{path, {}, i, true};
      if (i < rule.prefix_items.size()) {
        ok = visit(rule.prefix_items[i], array[i], &here) && ok;
      } else if (rule.items) {
        ok = visit(*rule.items, array[i], &here) && ok;
      } else {
        break;
      }
    }
    if (!go_on(ok)) return false;
    if (rule.unique_items && !all_different(array))
      ok = fail(path, "must have no item twice (found one)");
    return contains(rule, array, path) && ok;
  }

  bool contains(const Rule& rule, const Array& array, const Path* path) {
    if (!rule.contains) return true;
    const auto matches = [&](const Value& item) { return quietly(*rule.contains, item); };
    const auto found = static_cast<std::size_t>(std::count_if(array.begin(), array.end(), matches));
    return sizes(rule.contains_min.value_or(1), rule.contains_max, found, "items of the kind that it must contain",
                 path);
  }

  bool sizes(std::optional<std::size_t> min, std::optional<std::size_t> max, std::size_t found, const char* unit,
             const Path* path) {
    if (min && found < *min) return fail_count(path, "at least", *min, unit, found);
    if (max && found > *max) return fail_count(path, "at most", *max, unit, found);
    return true;
  }

  bool string(const Rule& rule, const Value& value, const Path* path) {
    const std::string_view text = view(value.get_string());
    bool ok = true;
    if (rule.length_min || rule.length_max) {
      const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
      const auto length = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
      ok = sizes(rule.length_min, rule.length_max, length, "characters", path);
    }
    if (rule.pattern && !rule.pattern->found_in(text)) {
      ok = fail(path, lazily([&] { return "must match " + rule.pattern->text() + " (found " + brief(value) + ")"; }));
    }
    return ok;
  }

  bool number(const Rule& rule, const Value& value, const Path* path) {
    if (rule.minimum && compare_numbers(value, *rule.minimum) < 0)
      return fail_value(path, "at least ", *rule.minimum, value);
    if (rule.maximum && compare_numbers(value, *rule.maximum) > 0)
      return fail_value(path, "at most ", *rule.maximum, value);
    if (rule.above && compare_numbers(value, *rule.above) <= 0) return fail_value(path, "above ", *rule.above, value);
    if (rule.below && compare_numbers(value, *rule.below) >= 0) return fail_value(path, "below ", *rule.below, value);
    if (!rule.multiple_of || is_multiple(value, *rule.multiple_of)) return true;
    return fail_value(path, "a multiple of ", *rule.multiple_of, value);
  }

  bool combinations(const Rule& rule, const Value& value, const Path* path) {
    bool ok = !rule.ref || visit(*rule.ref, value, path);
    for (const RuleId id : rule.all_of) {
      if (!go_on(ok)) return false;
      ok = visit(id, value, path) && ok;
    }
    if (!rule.any_of.empty() && matching(rule.any_of, value, 1) == 0) {
      ok = fail(path, lazily([&] { return alternatives(rule.any_of, value, "at least"); }));
    }
    if (!rule.one_of.empty()) {
      const std::size_t found = matching(rule.one_of, value, 2);
      if (found != 1) ok = fail(path, lazily([&] { return alternatives(rule.one_of, value, "exactly"); }));
    }
    if (rule.not_ && quietly(*rule.not_, value)) ok = fail(path, "must not be what 'not' describes");
    if (!rule.if_ || !go_on(ok)) return ok;
    const std::optional<RuleId> branch = quietly(*rule.if_, value) ? rule.then : rule.else_;
    return (!branch || visit(*branch, value, path)) && ok;
  }

  std::size_t matching(const std::vector<RuleId>& ids, const Value& value, std::size_t enough) const {
    std::size_t found = 0;
    for (const RuleId id : ids) {
      if (found < enough && quietly(id, value)) ++found;
    }
    return found;
  }

  std::string alternatives(const std::vector<RuleId>& ids, const Value& value, const char* how_many) const {
    return std::string("must match ") + how_many + " one of " + std::to_string(ids.size()) + " alternatives (found " +
           (matching(ids, value, 2) > 1 ? "several that match)" : std::string(type_name(value)) + ")");
  }

  const Rules& rules_;
  Report* const report_;
  Steps& steps_;
};

}  // namespace

bool check(const Rules& rules, RuleId rule, const Value& value) {
  const Path root;
  Steps steps(value);
  return Walk(rules, nullptr, steps).visit(rule, value, &root) && !steps.exhausted();
}

std::vector<std::string> explain(const Rules& rules, const Value& value, std::size_t violations_max) {
  Report report{{}, violations_max};
  const Path root;
  Steps steps(value);
  Walk(rules, &report, steps).visit(0, value, &root);
  if (steps.exhausted()) return {"the value: takes too many steps to check"};
  return report.texts;
}

}  // namespace baton::json::schema
