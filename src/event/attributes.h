// The attributes of an event by name, and what is allowed in them. Shared by all bindings.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "event/event.h"

namespace baton::event {

struct Attribute {
  std::string_view name;
  std::string Event::* member;
};

/// All that have a member of their own, in the order in which they are written. `time` and `data` are not strings.
inline constexpr std::array<Attribute, 14> kAttributes = {{
    {"id", &Event::id},
    {"source", &Event::source},
    {"type", &Event::type},
    {"subject", &Event::subject},
    {"dataschema", &Event::dataschema},
    {"correlationid", &Event::correlationid},
    {"causationid", &Event::causationid},
    {"traceparent", &Event::traceparent},
    {"partitionkey", &Event::partitionkey},
    {"flowname", &Event::flowname},
    {"flowversion", &Event::flowversion},
    {"flowtask", &Event::flowtask},
    {"batonkind", &Event::kind},
    {"datacontenttype", &Event::datacontenttype},
}};

/// The index in kAttributes, or its size. `hint` is looked at first: attributes mostly come in the order they are
/// written.
std::size_t find_attribute(std::string_view name, std::size_t hint = 0);

/// Lower-case letters and digits; not "data", which is no attribute.
bool is_attribute_name(std::string_view name);

/// What one event may have: every reader of it walks its attributes.
inline constexpr std::size_t kExtensionsMax = 128;
inline constexpr std::size_t kAttributeBytesMax = 16U << 10U;

/// Puts one attribute of an event from outside in its place. Errors: invalid (a name or a value that CloudEvents
/// forbids). `name` may be specversion and time as well.
Result<void> set_attribute(Event& event, std::string_view name, std::string_view value);

/// An extension's value as JSON has it.
json::Value typed_value(const Extension& extension);

/// The value is one that CloudEvents allows for the attribute. Errors: invalid.
Result<void> check_attribute(std::string_view name, std::string_view value);

/// id, source and type are there. Errors: invalid.
Result<void> check_required(const Event& event);
/// The same, and every attribute has a value that CloudEvents allows: for an event that was not read by a binding, but
/// made by a program. Errors: invalid.
Result<void> check_attributes(const Event& event);

/// version "-" trace-id "-" parent-id "-" flags, in lower-case hexadecimal digits (W3C Trace Context, which has readers
/// pass over any other).
bool is_traceparent(std::string_view text);

}  // namespace baton::event
