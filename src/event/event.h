// CloudEvents 1.0: the one kind of message that Baton knows, and its bindings.
// Source: CloudEvents 1.0.2 core, Kafka protocol binding (binary mode), JSON event format, HTTP protocol binding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/data.h"

namespace baton::event {

/// An extension attribute. Its value is kept as text, with CloudEvents' type of it where that is not String: bindings that know
/// types (JSON) have it as what it is.
struct Extension {
  enum class Type : std::uint8_t { text, integer, boolean };
  std::string name;  ///< lower-case letters and digits
  std::string value;
  Type type = Type::text;
  bool operator==(const Extension&) const = default;
};

/// Empty string: the attribute is absent. (source, id) is the identity of an event; a duplicate has the same.
struct Event {
  std::string id;
  std::string source;
  std::string type;
  std::string subject;
  Instant time;
  std::string datacontenttype;  ///< empty: application/json (the bindings write that out, and read it back as empty)
  std::string dataschema;

  // Extensions that Baton gives a meaning to.
  std::string correlationid;  ///< the flow instance (CloudEvents correlation extension)
  std::string causationid;    ///< id of the message that caused this one
  std::string traceparent;    ///< W3C trace context
  std::string partitionkey;   ///< the producer's own; see key()
  std::string flowname;       ///< "namespace/name"
  std::string flowversion;
  std::string flowtask;  ///< the task occurrence: pointer#iteration.attempt (see engine/occurrence.h)
  std::string kind;  ///< extension "batonkind": absent for an event; "command", "fault", "timer", "control", "delivered" …:
                     ///< what it is to a flow

  std::vector<Extension> extensions;  ///< all others, in the order they came

  /// By content type: JSON as it is; text (text/*, xml, yaml, forms) a JSON string with the text; anything else a JSON
  /// string with the bytes in base64. null: no data.
  json::Data data;

  /// Of an event that was read from a log: its record's time, which is when whoever appended it took it in. `time` is
  /// what its producer says, and may be anything. 0: not from a log.
  Instant recorded;

  /// By which clocks and timers go.
  Instant at() const { return recorded == Instant(0) ? time : recorded; }
  /// What orders and partitions it in Baton's log: its instance; an event of none stands by its own id. A producer's
  /// `partitionkey` is carried, and moves nothing: what it moved would be where no instance looks for it.
  const std::string& key() const { return correlationid.empty() ? id : correlationid; }
};

/// What a flow or a service makes may have so much data, as JSON text: with its attributes it fits a record of any log.
inline constexpr std::size_t kDataBytesMax = 4u << 20;

/// An attribute by its CloudEvents name ("type", "correlationid", "batonkind", "myext"); nullptr when absent. `time` is
/// not among them. datacontenttype is application/json where there is data and none is given.
const std::string* attribute(const Event& event, std::string_view name);

/// What a record in a log carries: Kafka's binary content mode. `headers` is docs/formats/record.md.
struct Encoded {
  std::string key;
  std::string headers;
  std::string value;
};
Encoded encode(const Event& event);
/// Errors: invalid (not a CloudEvent: which attribute is missing or wrong). The data's text is copied, not parsed:
/// records in our log were checked at the door. `check_data`: parse it now, for records that others wrote.
Result<Event> decode(std::string_view headers, std::string_view value, Instant time, bool check_data = false);
/// The value of one header ("ce_type"), without decoding the rest; "" when absent. Allocates nothing: filters look here
/// first.
std::string_view peek(std::string_view headers, std::string_view name);

/// The attribute as the JSON value that it is: a text, an integer or a boolean. Nothing when absent; `time` as RFC 3339.
std::optional<json::Value> attribute_value(const Event& event, std::string_view name);

/// JSON event format. Extensions keep their types: strings, booleans and integers; null stands for absent. It checks: specversion 1.0, required attributes, attribute names and types, data or data_base64. An absent
/// `time` becomes `now`.
json::Value to_json(const Event& event);
Result<Event> from_json(const json::Value& value, Instant now);

/// HTTP binding. Header names are compared without case.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;
/// One event (binary or structured mode) or several (batched), told apart by Content-Type. An absent `time` becomes
/// `now`.
Result<std::vector<Event>> from_http(const HttpHeaders& headers, std::string_view body, Instant now);
/// Binary mode: headers and body for a request that carries this event.
std::pair<HttpHeaders, std::string> to_http(const Event& event);

}  // namespace baton::event
