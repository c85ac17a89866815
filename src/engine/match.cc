#include "engine/match.h"

#include <algorithm>

#include "base/hash.h"
#include "engine/filter.h"
#include "engine/keys.h"
#include "json/number.h"

namespace baton::engine {
namespace {

constexpr std::size_t kValueBytesMax = 200;  ///< a longer value stands in a key by its hashes and its length

void append_hex(std::string& out, std::uint64_t v, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.push_back("0123456789abcdef"[(v >> shift) & 15]);
}

/// In quotes, without control characters: a key is an attribute of events.
void append_text(std::string& out, std::string_view text) {
  const std::size_t from = out.size();
  json::print_string_to(out, text);
  for (std::size_t at = out.find('\x7f', from); at != std::string::npos; at = out.find('\x7f', at))
    out.replace(at, 1, "\\u007f");
}

std::vector<const flow::Correlate*> expected(const flow::Filter& filter) {
  std::vector<const flow::Correlate*> out;
  for (const flow::Correlate& one : filter.correlate) {
    if (one.expect) out.push_back(&one);
  }
  std::ranges::sort(out, {}, [](const auto* one) { return one->key; });
  return out;
}

json::Arguments arguments_of(const json::Data& terms) {
  json::Arguments out;
  const json::Value* list = json::find(terms.value(), "/arguments");
  if (list == nullptr) return out;
  for (const auto& [name, value] : list->as_object())
    out.emplace_back(std::string_view(name.data(), name.size()), terms.part(value));
  return out;
}

/// The correlations without `expect`: there must be a value, and where one is fixed already, that one.
bool fits_fixed(const flow::Filter& filter, const json::Data& whole, const json::Data& terms) {
  const json::Value* fixed = json::find(terms.value(), "/fixed");
  return std::ranges::all_of(filter.correlate, [&](const flow::Correlate& one) {
    if (one.expect) return true;
    const auto value = value_of(one, whole);
    const json::Value* wanted = fixed == nullptr ? nullptr : fixed->as_object().if_contains(one.key);
    return value && (wanted == nullptr || std::string_view(wanted->as_string()) == *value);
  });
}

}  // namespace

std::string join_keys(const Keys& keys, std::string_view set) {
  std::string out;
  for (const auto& [name, value] : keys) {
    if (!out.empty()) out += ',';
    append_text(out, name);
    out += '=';
    if (value.size() <= kValueBytesMax) {
      append_text(out, value);
      continue;
    }
    out += '~';
    append_hex(out, mix(fnv1a(value)), 16);
    append_hex(out, mix(fnv1a(value, mix(value.size()))), 16);
    out += std::to_string(value.size());
  }
  out += '#';
  return out += set;
}

std::optional<std::string> value_of(const flow::Correlate& correlate, const json::Data& whole_event) {
  const auto value = correlate.from.evaluate(whole_event, {});
  if (!value || value->is_null()) return std::nullopt;
  return json::key_text(value->value());
}

std::string key_set(const flow::Filter& filter) {
  std::uint64_t hash = 0;
  const auto all = expected(filter);
  if (all.empty()) return {};
  for (const flow::Correlate* one : all) {
    hash = mix(fnv1a(one->key, hash));
    hash = mix(fnv1a(json::print(one->from.source()), hash));
  }
  std::string set;
  append_hex(set, hash, 8);
  return set;
}

std::optional<std::string> key_of(const flow::Filter& filter, const event::Event& event) {
  const json::Data whole = json::Data::from_value(event::to_json(event));
  Keys keys;
  for (const flow::Correlate* one : expected(filter)) {
    auto value = value_of(*one, whole);
    if (!value) return std::nullopt;
    keys.emplace_back(one->key, *std::move(value));
  }
  return join_keys(keys, key_set(filter));
}

bool takes(const flow::Filter& filter, const event::Event& event, const json::Data& terms) {
  if (!matches(filter, event, arguments_of(terms))) return false;
  const bool free = std::ranges::any_of(filter.correlate, [](const auto& one) { return !one.expect; });
  return !free || fits_fixed(filter, json::Data::from_value(event::to_json(event)), terms);
}

std::string start_key(const flow::Filter& filter, const event::Event& event) {
  if (filter.correlate.empty()) return {};
  const json::Data whole = json::Data::from_value(event::to_json(event));
  Keys keys;
  for (const flow::Correlate& one : filter.correlate) keys.emplace_back(one.key, value_of(one, whole).value_or(""));
  std::ranges::sort(keys);
  return join_keys(keys, "");
}

bool takes_start(const flow::Filter& filter, const event::Event& event) {
  if (!matches(filter, event, {})) return false;
  if (filter.correlate.empty()) return true;
  const json::Data whole = json::Data::from_value(event::to_json(event));
  return std::ranges::all_of(filter.correlate, [&](const flow::Correlate& one) {
    const auto value = value_of(one, whole);
    if (!value || !one.expect) return value.has_value();
    const auto wanted = one.expect->evaluate({}, {});
    return wanted && json::key_text(wanted->value()) == *value;
  });
}

}  // namespace baton::engine
