#include "event/content.h"

#include <algorithm>
#include <array>

#include "event/base64.h"
#include "json/number.h"
#include "json/utf8.h"

namespace baton::event {
namespace {

// type/subtype, lower-case, without parameters.
std::string media_type(std::string_view text) {
  text = text.substr(0, text.find(';'));
  const std::size_t end = text.find_last_not_of(" \t");
  std::string type(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return type;
}

bool is_text(std::string_view type) {
  static constexpr std::array<std::string_view, 6> kTexts = {
      "application/xml", "application/yaml", "application/javascript", "application/x-www-form-urlencoded",
      "application/csv", "application/sql"};
  if (type.starts_with("text/") || type.ends_with("+xml") || type.ends_with("+yaml")) return true;
  return std::find(kTexts.begin(), kTexts.end(), type) != kTexts.end();
}

}  // namespace

Content content_of(std::string_view datacontenttype) {
  if (datacontenttype.empty() || datacontenttype == "application/json") return Content::json;
  const std::string type = media_type(datacontenttype);
  if (type.ends_with("/json") || type.ends_with("+json")) return Content::json;
  return is_text(type) ? Content::text : Content::binary;
}

std::string to_bytes(const json::Data& data, Content content) {
  if (data.is_null()) return {};
  if (content == Content::json || !json::is_string(data.value())) return std::string(data.text());
  const std::string_view text = data.value().get_string();
  if (content == Content::text) return std::string(text);
  return from_base64(text).value_or(std::string(text));
}

Result<json::Data> from_bytes(std::string_view bytes, Content content, bool check) {
  if (bytes.empty()) return json::Data();
  if (content == Content::json) {
    if (!check) return json::Data::from_text(std::string(bytes));
    auto data = json::Data::parse(bytes);
    if (!data) return within("data", std::move(data).error());
    return data;
  }
  if (content == Content::binary) return json::Data::from_value(json::Value(to_base64(bytes)));
  if (!json::is_utf8(bytes)) return invalid("data: not UTF-8, though its content type is text");
  return json::Data::from_value(json::Value(bytes));
}

}  // namespace baton::event
