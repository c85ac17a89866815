#include "engine/filter.h"

#include <algorithm>

namespace baton::engine {
namespace {

json::Data text_data(std::string_view text) {
  return json::Data::from_value(json::Value(text));
}

bool matches_text(const flow::Filter::Attribute& attribute, const std::string& text) {
  if (text == attribute.literal) return true;
  return attribute.pattern && attribute.pattern->matches(text);
}

/// `test`: evaluates a predicate on a value.
template <class Test>
bool matches_with(const flow::Filter& filter, const event::Event& event, Test test) {
  for (const flow::Filter::Attribute& attribute : filter.attributes) {
    if (attribute.name == "data") {
      if (!attribute.predicate || !test(*attribute.predicate, event.data)) return false;
      continue;
    }
    const std::string time = attribute.name == "time" ? to_rfc3339(event.time) : "";
    const std::string* value = attribute.name == "time" ? &time : event::attribute(event, attribute.name);
    if (value == nullptr) return false;
    if (attribute.predicate ? !test(*attribute.predicate, text_data(*value)) : !matches_text(attribute, *value))
      return false;
  }
  return true;
}

const json::Data* fixed_value(const Correlations& fixed, std::string_view key) {
  const auto found = std::find_if(fixed.begin(), fixed.end(), [&](const auto& one) { return one.first == key; });
  return found == fixed.end() ? nullptr : &found->second;
}

}  // namespace

bool matches(const Step* step, const Frame* frame, const flow::Filter& filter, const event::Event& event) {
  return matches_with(filter, event, [&](const json::Template& predicate, const json::Data& value) {
    const auto result = test(*step, frame, predicate, value);
    return result && *result;
  });
}

bool matches_start(const flow::Filter& filter, const event::Event& event) {
  return matches_with(filter, event, [](const json::Template& predicate, const json::Data& value) {
    const auto result = predicate.evaluate(value, {});
    return result && truth(*result);
  });
}

Result<bool> correlates(const Step& step, const Frame& frame, const flow::Filter& filter, const event::Event& event,
                        Correlations& fixed) {
  if (filter.correlate.empty()) return true;
  const json::Data whole = json::Data::from_value(event::to_json(event));
  for (const flow::Correlate& one : filter.correlate) {
    const auto value = evaluate(step, &frame, one.from, whole);
    if (!value || value->is_null()) return false;
    if (!one.expect) {
      const json::Data* known = fixed_value(frame.correlations, one.key);
      if (known == nullptr) {
        fixed.emplace_back(one.key, *value);
      } else if (!json::equal(known->value(), value->value())) {
        return false;
      }
      continue;
    }
    BATON_TRY(const json::Data expected, evaluate(step, &frame, *one.expect, frame.input));
    const bool predicate = expected.value().is_bool() && !value->value().is_bool();
    if (predicate ? !truth(expected) : !json::equal(expected.value(), value->value())) return false;
  }
  return true;
}

}  // namespace baton::engine
