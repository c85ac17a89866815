// The HTTP protocol binding: binary, structured and batched mode.
#include <algorithm>
#include <optional>

#include "event/attributes.h"
#include "event/content.h"
#include "event/event.h"
#include "json/utf8.h"

namespace baton::event {
namespace {

constexpr char kHex[] = "0123456789ABCDEF";
constexpr std::string_view kMediaType = "application/cloudevents";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '"' && c != '%') {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = static_cast<char>(c | 0x20);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// "a\"b" as older senders write it -> a"b
std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out.push_back(text[i]);
  }
  return out;
}

// A percent sign that begins no escape stands for itself; what comes out must be UTF-8.
Result<std::string> decode_value(std::string_view name, std::string_view raw) {
  const std::string text = unquote(trim(raw));
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out.push_back(text[i]);
    } else {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  if (!json::is_utf8(out)) return invalid("header '" + std::string(name) + "' is not UTF-8");
  return out;
}

struct Wanted {
  std::string_view content_type;
  std::string_view traceparent;  // the header of W3C Trace Context, as middleware sets it
};

Wanted find_headers(const HttpHeaders& headers) {
  Wanted wanted;
  for (const auto& [name, value] : headers) {
    const std::string key = lower(name);
    if (key == "content-type") wanted.content_type = trim(value);
    if (key == "traceparent") wanted.traceparent = trim(value);
  }
  return wanted;
}

Result<Event> from_binary(const HttpHeaders& headers, const Wanted& wanted, std::string_view body, Instant now) {
  Event event;
  event.time = now;
  bool versioned = false;
  for (const auto& [raw_name, raw_value] : headers) {
    const std::string name = lower(raw_name);
    if (!name.starts_with("ce-")) continue;
    const std::string_view attribute_name = std::string_view(name).substr(3);
    if (attribute_name == "datacontenttype")
      return invalid("the content type is the header Content-Type, not ce-datacontenttype");
    versioned = versioned || attribute_name == "specversion";
    BATON_TRY(const std::string value, decode_value(name, raw_value));
    BATON_CHECK(set_attribute(event, attribute_name, value));
  }
  if (!versioned) {
    return invalid("not a CloudEvent: neither a header ce-specversion nor Content-Type application/cloudevents+json");
  }
  if (!wanted.content_type.empty()) BATON_CHECK(set_attribute(event, "datacontenttype", wanted.content_type));
  if (event.traceparent.empty() && is_traceparent(wanted.traceparent)) event.traceparent = wanted.traceparent;
  BATON_CHECK(check_required(event));
  BATON_TRY(event.data, from_bytes(body, content_of(event.datacontenttype), /*check=*/true));
  return event;
}

Result<std::vector<Event>> from_batch(const json::Value& value, Instant now) {
  if (!value.is_array()) return invalid("a batch must be a JSON array of CloudEvents");
  std::vector<Event> events;
  events.reserve(value.get_array().size());
  for (const json::Value& item : value.get_array()) {
    auto event = from_json(item, now);
    if (!event) return within("event " + std::to_string(events.size() + 1), std::move(event).error());
    events.push_back(*std::move(event));
  }
  return events;
}

}  // namespace

Result<std::vector<Event>> from_http(const HttpHeaders& headers, std::string_view body, Instant now) {
  const Wanted wanted = find_headers(headers);
  const std::string type = lower(trim(wanted.content_type.substr(0, wanted.content_type.find(';'))));
  std::vector<Event> events;
  if (!type.starts_with(kMediaType)) {
    BATON_TRY(Event event, from_binary(headers, wanted, body, now));
    events.push_back(std::move(event));
    return events;
  }
  const bool batch = type == "application/cloudevents-batch+json";
  if (!batch && type != "application/cloudevents+json") {
    return Error{Code::unsupported, "the event format " + type + " is not supported: use application/cloudevents+json"};
  }
  BATON_TRY(const json::Value value, json::parse(body));
  if (batch) return from_batch(value, now);
  BATON_TRY(Event event, from_json(value, now));
  events.push_back(std::move(event));
  return events;
}

std::pair<HttpHeaders, std::string> to_http(const Event& event) {
  HttpHeaders headers{{"ce-specversion", "1.0"}};
  for (const Attribute& a : kAttributes) {
    const std::string& value = event.*a.member;
    if (value.empty() || a.member == &Event::datacontenttype) continue;
    headers.emplace_back("ce-" + std::string(a.name), percent_encode(value));
  }
  headers.emplace_back("ce-time", to_rfc3339(event.time));
  for (const Extension& one : event.extensions) headers.emplace_back("ce-" + one.name, percent_encode(one.value));
  if (!event.datacontenttype.empty() || !event.data.is_null()) {
    headers.emplace_back("content-type", event.datacontenttype.empty() ? "application/json" : event.datacontenttype);
  }
  return {std::move(headers), to_bytes(event.data, content_of(event.datacontenttype))};
}

}  // namespace baton::event
