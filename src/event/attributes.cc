#include "event/attributes.h"

#include <algorithm>
#include <charconv>

#include "json/utf8.h"

namespace baton::event {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string quoted(std::string_view name) {
  return "attribute '" + std::string(name) + "'";
}

/// Baton's own, which stand beside what others gave.
bool is_ours(std::string_view name) {
  return name.starts_with("baton");
}

Result<void> check_value(std::string_view name, std::string_view value) {
  if (value.size() > kAttributeBytesMax && !is_ours(name)) {
    return invalid(quoted(name) + " has " + std::to_string(value.size()) + " bytes; the most is " +
                   std::to_string(kAttributeBytesMax));
  }
  if (!json::is_utf8(value)) return invalid(quoted(name) + " is not UTF-8");
  if (std::any_of(value.begin(), value.end(), is_control)) return invalid(quoted(name) + " has control characters");
  const bool uri = name == "source" || name == "dataschema";
  if (uri && value.find(' ') != std::string_view::npos) return invalid(quoted(name) + " is not a URI: it has a blank");
  return {};
}

Result<void> add_extension(Event& event, std::string_view name, std::string_view value) {
  if (!is_attribute_name(name)) {
    return invalid("'" + std::string(name) + "' is not a name for an attribute: lower-case letters and digits only");
  }
  if (event.extensions.size() >= kExtensionsMax && !is_ours(name))
    return invalid("it has more than " + std::to_string(kExtensionsMax) + " extension attributes");
  for (const auto& extension : event.extensions) {
    if (extension.name == name) return invalid(quoted(name) + " is given twice");
  }
  event.extensions.push_back({std::string(name), std::string(value)});
  return {};
}

}  // namespace

std::size_t find_attribute(std::string_view name, std::size_t hint) {
  for (std::size_t i = 0; i < kAttributes.size(); ++i) {
    const std::size_t at = (hint + i) % kAttributes.size();
    if (kAttributes[at].name == name) return at;
  }
  return kAttributes.size();
}

bool is_attribute_name(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name != "data" && std::all_of(name.begin(), name.end(), allowed);
}

Result<void> set_attribute(Event& event, std::string_view name, std::string_view value) {
  BATON_CHECK(check_value(name, value));
  if (name == "specversion") {
    if (value != "1.0") return invalid("specversion is '" + std::string(value) + "': only 1.0 is known");
    return {};
  }
  if (name == "time") {
    BATON_TRY(event.time, parse_rfc3339(value));
    return {};
  }
  const std::size_t known = find_attribute(name);
  if (known == kAttributes.size()) return add_extension(event, name, value);
  std::string& member = event.*kAttributes[known].member;
  if (!member.empty()) return invalid(quoted(name) + " is given twice");
  if (value.empty()) return invalid(quoted(name) + " is empty");
  if (name != "datacontenttype" || value != "application/json") member = value;
  return {};
}

Result<void> check_attribute(std::string_view name, std::string_view value) {
  return check_value(name, value);
}

Result<void> check_required(const Event& event) {
  if (event.id.empty()) return invalid("attribute 'id' is missing");
  if (event.source.empty()) return invalid("attribute 'source' is missing");
  if (event.type.empty()) return invalid("attribute 'type' is missing");
  return {};
}

Result<void> check_attributes(const Event& event) {
  BATON_CHECK(check_required(event));
  if (event.extensions.size() > kExtensionsMax)
    return invalid("it has more than " + std::to_string(kExtensionsMax) + " extension attributes");
  for (const Attribute& a : kAttributes) BATON_CHECK(check_value(a.name, event.*a.member));
  for (const Extension& one : event.extensions) BATON_CHECK(check_value(one.name, one.value));
  return {};
}

bool is_traceparent(std::string_view text) {
  static constexpr std::string_view kShape = "00-00000000000000000000000000000000-0000000000000000-00";
  if (text.size() != kShape.size()) return false;
  return std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
    return shape == '-' ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

json::Value typed_value(const Extension& extension) {
  if (extension.type == Extension::Type::boolean) return json::Value(extension.value == "true");
  std::int64_t number = 0;
  const char* end = extension.value.data() + extension.value.size();
  const bool whole =
      extension.type == Extension::Type::integer && std::from_chars(extension.value.data(), end, number).ptr == end;
  return whole ? json::Value(number) : json::Value(extension.value);
}

std::optional<json::Value> attribute_value(const Event& event, std::string_view name) {
  if (name == "time") return json::Value(to_rfc3339(event.time));
  for (const Extension& one : event.extensions) {
    if (one.name == name) return typed_value(one);
  }
  const std::string* text = attribute(event, name);
  if (text == nullptr) return std::nullopt;
  return json::Value(*text);
}

const std::string* attribute(const Event& event, std::string_view name) {
  static const std::string kJson = "application/json";
  const std::size_t known = find_attribute(name);
  if (known < kAttributes.size()) {
    const std::string& value = event.*kAttributes[known].member;
    if (!value.empty()) return &value;
    return name == "datacontenttype" && !event.data.is_null() ? &kJson : nullptr;
  }
  for (const auto& extension : event.extensions) {
    if (extension.name == name) return &extension.value;
  }
  return nullptr;
}

}  // namespace baton::event
