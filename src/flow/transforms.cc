// input, output, export, their schemas; durations and timeouts.
#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/duration.h"

namespace baton::flow {
namespace {

struct Unit {
  const char* name;
  Millis ms;
};
constexpr Unit kUnits[] = {{"days", 24LL * 3600 * 1000},
                           {"hours", 3600LL * 1000},
                           {"minutes", 60LL * 1000},
                           {"seconds", 1000},
                           {"milliseconds", 1}};

constexpr const char* kDurationRemedy =
    "Write a map of days, hours, minutes, seconds, milliseconds, or ISO 8601 such as PT30S.";

std::optional<Duration> duration_of_map(const Node& node) {
  node.only({"days", "hours", "minutes", "seconds", "milliseconds"});
  if (node.value().get_object().empty()) {
    node.error(code::kDuration, quote(node.name()) + " is an empty duration", kDurationRemedy);
    return std::nullopt;
  }
  Duration out;
  for (const Unit& unit : kUnits) {
    const auto part = node.find(unit.name);
    if (!part) continue;
    const auto count = part->integer();
    if (!count) return std::nullopt;
    if (*count < 0 || *count > kDurationMax / unit.ms || out.ms + *count * unit.ms > kDurationMax) {
      part->error(code::kDuration, quote(unit.name) + " is out of range: " + std::to_string(*count),
                  "A duration is not negative and at most 100 years.");
      return std::nullopt;
    }
    out.ms += *count * unit.ms;
  }
  return out;
}

}  // namespace

std::optional<Duration> read_duration(const Node& node, Place place, const Scope& scope) {
  if (node.is_map()) return duration_of_map(node);
  if (!node.is_text()) {
    node.error(code::kDuration, quote(node.name()) + " must be a duration, found " + describe(node.value()),
               kDurationRemedy);
    return std::nullopt;
  }
  const std::string text = *node.text();
  if (json::unwrap(text)) {
    auto expression = read_expression(node, place, scope);
    if (!expression) return std::nullopt;
    return Duration{0, std::move(expression)};
  }
  const auto ms = parse_duration(text);
  if (ms) return Duration{*ms, std::nullopt};
  node.error(code::kDuration, ms.error().text, kDurationRemedy);
  return std::nullopt;
}

std::optional<Duration> read_timeout(Compiler& c, const Node& node, Place place, const Scope& scope) {
  if (node.is_text()) {
    const std::string name = *node.text();
    const auto found = c.timeouts.find(name);
    if (found != c.timeouts.end()) {
      return found->second.expect_map() ? read_timeout(c, found->second, place, scope) : std::nullopt;
    }
    node.error(code::kUnknownName,
               "there is no timeout " + quote(name) + " in use.timeouts" + did_you_mean(name, names_of(c.timeouts)),
               "Define it there, or write the timeout here: { after: PT30S }.");
    return std::nullopt;
  }
  const auto after = node.require("after", "Write { after: PT30S }.");
  if (!after) return std::nullopt;
  node.only({"after"});
  return read_duration(*after, place, scope);
}

std::optional<json::Schema> read_schema(const Node& node) {
  if (!node.expect_map()) return std::nullopt;
  node.only({"format", "document", "resource"});
  if (const auto format = node.find("format")) {
    const auto name = format->text();
    if (name && *name != "json" && !name->starts_with("json:")) {
      unsupported(*format, code::kNoSchemaFormat, "the schema format " + quote(*name),
                  "Write the schema as JSON Schema: format: json.");
      return std::nullopt;
    }
  }
  if (const auto resource = node.find("resource")) {
    unsupported(*resource, code::kNoSchemaResource, "a schema in another file", "Put the schema here, as `document`.");
    return std::nullopt;
  }
  const auto document = node.require("document", "Write the JSON Schema here, as `document`.");
  if (!document) return std::nullopt;
  auto schema = json::Schema::compile(document->value());
  if (schema) return *std::move(schema);
  document->error(code::kSchema, "the schema is not valid: " + schema.error().text,
                  "Schemas are JSON Schema, self-contained.");
  return std::nullopt;
}

Transform read_transform(const Node& node, const char* key, Place place, const Scope& scope) {
  Transform out;
  if (!node.expect_map()) return out;
  node.only({"schema", key});
  if (const auto schema = node.find("schema")) out.schema = read_schema(*schema);
  if (const auto expression = node.find(key)) {
    out.expression = read_expression_or_map(*expression, place, scope);
  } else if (place == Place::exported && out.schema) {
    // What is not replaced must fit all the same.
    const json::Value context("$context");
    out.expression = read_expression(Node(context, node.pointer(), node.report()), place, scope);
  }
  return out;
}

}  // namespace baton::flow
