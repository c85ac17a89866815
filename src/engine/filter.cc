#include "engine/filter.h"

#include <algorithm>

#include "json/number.h"

namespace baton::engine {
namespace {

bool matches_text(const flow::Filter::Attribute& attribute, const std::string& text) {
  if (text == attribute.literal) return true;
  return attribute.pattern && attribute.pattern->matches(text);
}

/// `test`: evaluates a predicate on a value.
template <class Test>
bool matches_data(const flow::Filter::Attribute& attribute, const json::Data& data, Test test) {
  if (attribute.data) return json::equal(attribute.data->value(), data.value());
  return attribute.predicate && test(*attribute.predicate, data);
}

template <class Test>
bool matches_with(const flow::Filter& filter, const event::Event& event, Test test) {
  for (const flow::Filter::Attribute& attribute : filter.attributes) {
    if (attribute.name == "data") {
      if (!matches_data(attribute, event.data, test)) return false;
      continue;
    }
    if (attribute.predicate) {
      const auto value = event::attribute_value(event, attribute.name);
      if (!value || !test(*attribute.predicate, json::Data::from_value(*value))) return false;
      continue;
    }
    const std::string time = attribute.name == "time" ? to_rfc3339(event.time) : "";
    const std::string* value = attribute.name == "time" ? &time : event::attribute(event, attribute.name);
    if (value == nullptr || !matches_text(attribute, *value)) return false;
  }
  return true;
}

const json::Data* fixed_value(const Correlations& fixed, std::string_view key) {
  const auto found = std::find_if(fixed.begin(), fixed.end(), [&](const auto& one) { return one.first == key; });
  return found == fixed.end() ? nullptr : &found->second;
}

bool reads_variables(const flow::Filter& filter) {
  return std::ranges::any_of(filter.attributes, [](const auto& attribute) {
    return attribute.predicate && std::ranges::any_of(attribute.predicate->reads(), [](const json::Read& read) {
             return read.root.starts_with('$');
           });
  });
}

}  // namespace

bool matches(const flow::Filter& filter, const event::Event& event, const json::Arguments& arguments) {
  return matches_with(filter, event, [&](const json::Template& predicate, const json::Data& value) {
    const auto result = predicate.evaluate(value, arguments);
    return result && truth(*result);
  });
}

bool matches(const Step& step, const Frame& frame, const flow::Filter& filter, const event::Event& event) {
  return matches_with(filter, event, [&](const json::Template& predicate, const json::Data& value) {
    const auto result = test(step, &frame, predicate, value);
    return result && *result;
  });
}

Result<Keys> expected_keys(const Step& step, const Frame& frame, const flow::Filter& filter) {
  Keys keys;
  for (const flow::Correlate& one : filter.correlate) {
    if (!one.expect) continue;
    const auto value = evaluate(step, &frame, *one.expect, frame.input);
    if (!value) return within("correlate '" + one.key + "'", value.error());
    if (value->is_null())
      return invalid("correlate '" + one.key + "': its `expect` " + json::print(one.expect->source()) +
                     " has no value here, so that no event could ever be the one");
    keys.emplace_back(one.key, json::key_text(value->value()));
  }
  std::ranges::sort(keys);
  return keys;
}

bool fixes(const Frame& frame, const flow::Filter& filter, const event::Event& event, Correlations& fixed) {
  const bool free = std::ranges::any_of(filter.correlate, [](const auto& one) { return !one.expect; });
  if (!free) return true;
  const json::Data whole = json::Data::from_value(event::to_json(event));
  for (const flow::Correlate& one : filter.correlate) {
    if (one.expect) continue;
    const auto value = one.from.evaluate(whole, {});
    if (!value || value->is_null()) return false;
    const json::Data* known = fixed_value(frame.correlations, one.key);
    if (known == nullptr) {
      fixed.emplace_back(one.key, *value);
    } else if (json::key_text(known->value()) != json::key_text(value->value())) {
      return false;
    }
  }
  return true;
}

Result<bool> correlates(const Step& step, const Frame& frame, const flow::Filter& filter, const event::Event& event,
                        Correlations& fixed) {
  if (filter.correlate.empty()) return true;
  BATON_TRY(const Keys keys, expected_keys(step, frame, filter));
  const json::Data whole = json::Data::from_value(event::to_json(event));
  for (const flow::Correlate& one : filter.correlate) {
    if (!one.expect) continue;
    const auto wanted = std::ranges::find(keys, one.key, [](const auto& key) { return key.first; });
    if (value_of(one, whole) != wanted->second) return false;
  }
  return fixes(frame, filter, event, fixed);
}

json::Data terms_of(const Step& step, const Frame& frame, const flow::Filter& filter) {
  json::Object terms;
  if (reads_variables(filter)) {
    json::Object arguments;
    for (const flow::Filter::Attribute& attribute : filter.attributes) {
      if (!attribute.predicate) continue;
      for (const auto& [name, value] : arguments_of(step, &frame, *attribute.predicate))
        arguments.insert_or_assign(name, value.value());
    }
    terms.emplace("arguments", std::move(arguments));
  }
  if (!frame.correlations.empty()) {
    json::Object fixed;
    for (const auto& [key, value] : frame.correlations) fixed.insert_or_assign(key, json::key_text(value.value()));
    terms.emplace("fixed", std::move(fixed));
  }
  if (terms.empty()) return {};
  return json::Data::from_value(std::move(terms));
}

}  // namespace baton::engine
