// The JSON event format.
#include "event/attributes.h"
#include "event/base64.h"
#include "event/content.h"
#include "event/event.h"
#include "json/number.h"

namespace baton::event {
namespace {

std::string_view view(boost::json::string_view s) {
  return {s.data(), s.size()};
}

// Booleans and integers have a canonical text; null is absence.
Result<void> set_member(Event& event, std::string_view name, const json::Value& value) {
  if (value.is_null()) return {};
  if (json::is_string(value)) return set_attribute(event, name, view(value.get_string()));
  const bool own = find_attribute(name) < kAttributes.size() || name == "time" || name == "specversion";
  const bool scalar = value.is_bool() || value.is_int64() || value.is_uint64();
  if (own || !scalar) {
    return invalid("attribute '" + std::string(name) + "' must be a string" + (own ? "" : ", a boolean or an integer"));
  }
  BATON_CHECK(set_attribute(event, name, json::print(value)));
  event.extensions.back().type = value.is_bool() ? Extension::Type::boolean : Extension::Type::integer;
  return {};
}

Result<json::Data> read_data(const json::Value& value, Content content) {
  if (content == Content::json || value.is_null()) return json::Data::from_value(value);
  if (!json::is_string(value)) return invalid("data must be a string, as its content type is not JSON");
  if (content == Content::text) return json::Data::from_value(value);
  return json::Data::from_value(json::Value(to_base64(view(value.get_string()))));
}

Result<json::Data> read_base64(const json::Value& value, Content content) {
  if (value.is_null()) return json::Data();
  if (!json::is_string(value)) return invalid("data_base64 must be a string");
  const auto bytes = from_base64(view(value.get_string()));
  if (!bytes) return invalid("data_base64 is not base64");
  return from_bytes(*bytes, content, /*check=*/true);
}

}  // namespace

json::Value to_json(const Event& event) {
  json::Object out;
  out.reserve(16 + event.extensions.size());
  out.emplace("specversion", "1.0");
  for (const Attribute& a : kAttributes) {
    if (const std::string& value = event.*a.member; !value.empty()) out.emplace(a.name, value);
  }
  out.emplace("time", to_rfc3339(event.time));
  for (const Extension& one : event.extensions) out.emplace(one.name, typed_value(one));
  if (event.data.is_null()) return json::Value(std::move(out));
  if (event.datacontenttype.empty()) out.emplace("datacontenttype", "application/json");
  const bool binary = content_of(event.datacontenttype) == Content::binary;
  if (binary) {
    out.emplace("data_base64", to_base64(to_bytes(event.data, Content::binary)));
  } else {
    out.emplace("data", event.data.value());
  }
  return json::Value(std::move(out));
}

Result<Event> from_json(const json::Value& value, Instant now) {
  if (!value.is_object()) return invalid("a CloudEvent must be a JSON object");
  const json::Object& object = value.get_object();
  const json::Value* const version = object.if_contains("specversion");
  if (version == nullptr || !version->is_string()) return invalid("specversion is missing: not a CloudEvent");
  Event event;
  event.time = now;
  for (const auto& member : object) {
    const std::string_view name = view(member.key());
    if (name != "data" && name != "data_base64") BATON_CHECK(set_member(event, name, member.value()));
  }
  BATON_CHECK(check_required(event));
  const Content content = content_of(event.datacontenttype);
  const json::Value* const data = object.if_contains("data");
  const json::Value* const base64 = object.if_contains("data_base64");
  if (data != nullptr && base64 != nullptr) return invalid("data and data_base64 exclude each other");
  if (data != nullptr) {
    BATON_TRY(event.data, read_data(*data, content));
  } else if (base64 != nullptr) {
    BATON_TRY(event.data, read_base64(*base64, content));
  }
  return event;
}

}  // namespace baton::event
