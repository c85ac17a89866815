// Records: Kafka's binary content mode. Format: docs/formats/record.md.
#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "event/attributes.h"
#include "event/content.h"
#include "event/event.h"

namespace baton::event {
namespace {

constexpr std::string_view kPrefix = "ce_";
constexpr std::string_view kContentType = "content-type";
constexpr std::string_view kTypes = "baton-types";
constexpr std::string_view kSpecversion =
    "\x0e"
    "ce_specversion"
    "\x03"
    "1.0";
constexpr std::string_view kJson = "application/json";

// `name` without its prefix.
void write_header(std::string& out, std::string_view name, std::string_view value) {
  Writer writer(out);
  writer.varint(kPrefix.size() + name.size());
  out += kPrefix;
  out += name;
  writer.string(value);
}

std::size_t headers_size(const Event& event) {
  std::size_t size = 128;
  for (const Attribute& a : kAttributes) size += (event.*a.member).empty() ? 0 : (event.*a.member).size() + 24;
  for (const Extension& one : event.extensions) size += 2 * one.name.size() + one.value.size() + 16;
  return size;
}

// One attribute of a record. Those with a member of their own come in the order we write them, mostly.
Result<void> read_attribute(Event& event, std::string_view name, std::string_view value, std::size_t& hint,
                            bool check) {
  const std::size_t known = find_attribute(name, hint);
  if (check || known == kAttributes.size()) return set_attribute(event, name, value);
  event.*kAttributes[known].member = value;
  hint = known + 1;
  return {};
}

/// Binary mode has texts only: which of them are something else stands in a header of its own, "level=i,urgent=b".
void write_types(std::string& out, const std::vector<Extension>& extensions) {
  std::string types;
  for (const Extension& one : extensions) {
    if (one.type == Extension::Type::text) continue;
    types += (types.empty() ? "" : ",") + one.name + (one.type == Extension::Type::integer ? "=i" : "=b");
  }
  if (types.empty()) return;
  Writer writer(out);
  writer.string(kTypes);
  writer.string(types);
}

void read_types(Event& event, std::string_view types) {
  while (!types.empty()) {
    const std::string_view one = types.substr(0, types.find(','));
    types.remove_prefix(std::min(types.size(), one.size() + 1));
    for (Extension& extension : event.extensions) {
      if (one.size() != extension.name.size() + 2 || !one.starts_with(extension.name)) continue;
      extension.type = one.back() == 'i' ? Extension::Type::integer : Extension::Type::boolean;
    }
  }
}

Result<void> read_content_type(Event& event, std::string_view value, bool check) {
  if (check) return set_attribute(event, "datacontenttype", value);
  if (value != kJson) event.datacontenttype = value;
  return {};
}

}  // namespace

Encoded encode(const Event& event) {
  Encoded out;
  out.key = event.key();
  out.headers.reserve(headers_size(event));
  out.headers += kSpecversion;
  for (const Attribute& a : kAttributes) {
    if (a.member == &Event::datacontenttype) continue;
    if (const std::string& value = event.*a.member; !value.empty()) write_header(out.headers, a.name, value);
  }
  write_header(out.headers, "time", to_rfc3339(event.time));
  for (const Extension& one : event.extensions) write_header(out.headers, one.name, one.value);
  write_types(out.headers, event.extensions);
  if (!event.datacontenttype.empty() || !event.data.is_null()) {
    Writer writer(out.headers);
    writer.string(kContentType);
    writer.string(event.datacontenttype.empty() ? kJson : std::string_view(event.datacontenttype));
  }
  out.value = to_bytes(event.data, content_of(event.datacontenttype));
  return out;
}

Result<Event> decode(std::string_view headers, std::string_view value, Instant time, bool check_data) {
  Event event;
  event.time = time;
  event.recorded = time;
  bool versioned = false;
  bool typed = false;
  std::size_t hint = 0;
  Reader reader(headers);
  while (reader.ok() && !reader.done()) {
    const std::string_view name = reader.string();
    const std::string_view content = reader.string();
    if (!reader.ok()) break;
    if (name.starts_with(kPrefix)) {
      const std::string_view attribute_name = name.substr(kPrefix.size());
      if (attribute_name == "specversion") versioned = true;
      if (attribute_name == "datacontenttype")
        return invalid("the content type is the header content-type, not ce_datacontenttype");
      BATON_CHECK(read_attribute(event, attribute_name, content, hint, check_data));
    } else if (name == kContentType) {
      if (std::exchange(typed, true)) return invalid("the header content-type is given twice");
      BATON_CHECK(read_content_type(event, content, check_data));
    } else if (name == kTypes) {
      read_types(event, content);
    }
  }
  if (!reader.ok()) return invalid("the record's headers end too early");
  if (!versioned) return invalid("the header ce_specversion is missing: not a CloudEvent");
  BATON_CHECK(check_required(event));
  BATON_TRY(event.data, from_bytes(value, content_of(event.datacontenttype), check_data));
  return event;
}

std::string_view peek(std::string_view headers, std::string_view name) {
  Reader reader(headers);
  while (reader.ok() && !reader.done()) {
    const std::string_view found = reader.string();
    const std::string_view value = reader.string();
    if (found == name && reader.ok()) return value;
  }
  return {};
}

}  // namespace baton::event
