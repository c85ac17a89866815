#include "flow/read_message.h"

#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/references.h"

namespace baton::flow {
namespace {

/// A property of the message itself, or else of the last of its traits that has it (AsyncAPI: traits are merged into
/// the message, which wins).
std::optional<Node> property(const json::Value& root, const Node& message, std::string_view key) {
  if (auto own = message.find(key)) return own;
  const auto traits = message.find("traits");
  if (!traits) return std::nullopt;
  std::optional<Node> out;
  for (const Node& item : traits->items()) {
    const auto trait = resolve(root, item);
    if (auto found = trait ? trait->find(key) : std::nullopt) out = std::move(found);
  }
  return out;
}

bool is_json(std::string_view content_type) {
  const std::string_view media = content_type.substr(0, content_type.find(';'));
  return media == "application/json" || media.ends_with("+json");
}

void check_content_type(const json::Value& root, const Node& message) {
  auto type = property(root, message, "contentType");
  if (!type) type = Node(root, "", message.report()).find("defaultContentType");
  const auto text = type ? type->text() : std::nullopt;
  if (!text || is_json(*text)) return;
  unsupported(*type, code::kContentType, "the content type " + quote(*text),
              "Messages are JSON: contentType: application/json.");
}

/// "": none. Only a place in the payload can be used.
std::string read_correlation(const json::Value& root, const Node& message) {
  const auto reference = property(root, message, "correlationId");
  const auto id = reference ? resolve(root, *reference) : std::nullopt;
  const auto location = id ? id->require("location", "Write location: $message.payload#/orderId.") : std::nullopt;
  const auto text = location ? location->text() : std::nullopt;
  if (!text) return "";
  constexpr std::string_view kPayload = "$message.payload";
  if (text->starts_with("$message.payload#/")) return pointer_of(text->substr(kPayload.size())).value_or("");
  if (text->starts_with("$message.header#/")) {
    location->warning(code::kCorrelationHeader, "a correlation id in a header is not used: " + quote(*text),
                      "Baton's own events carry correlationid; for foreign ones, name a place in the payload: "
                      "$message.payload#/orderId.");
  } else {
    location->error(code::kBadValue, quote(*text) + " is no location of a correlation id",
                    "Write $message.payload#/orderId.");
  }
  return "";
}

bool is_json_schema(std::string_view format) {
  return format.starts_with("application/vnd.aai.asyncapi") || format.starts_with("application/schema+json") ||
         format.starts_with("application/schema+yaml");
}

/// The payload's schema: bare, or wrapped with its format (a multi-format schema object).
std::optional<Node> schema_of(const json::Value& root, const Node& message) {
  const auto payload = message.find("payload");
  auto node = payload ? resolve(root, *payload) : std::nullopt;
  const auto format = node ? node->find("schemaFormat") : std::nullopt;
  if (!format) return node;
  const auto text = format->text();
  if (!text) return std::nullopt;
  if (is_json_schema(*text)) return node->require("schema");
  unsupported(*format, code::kPayloadFormat, "the schema format " + quote(*text),
              "Describe the payload in JSON Schema.");
  return std::nullopt;
}

void read_payload(const json::Value& root, const Node& message, Message& out) {
  const auto schema = schema_of(root, message);
  if (!schema) return;
  out.payload_schema = self_contained(root, *schema);
  auto compiled = json::Schema::compile(out.payload_schema);
  if (compiled) {
    out.payload = *std::move(compiled);
  } else {
    schema->error(code::kPayloadSchema, "the payload's schema is not valid: " + compiled.error().text,
                  "Payloads are described in JSON Schema.");
  }
}

}  // namespace

std::optional<Message> read_message(const json::Value& root, const Node& reference, const std::string& key,
                                    const std::string& topic) {
  const auto node = resolve(root, reference);
  if (!node || !node->expect_map()) return std::nullopt;
  node->only({"headers", "payload", "correlationId", "contentType", "name", "title", "summary", "description", "tags",
              "externalDocs", "bindings", "examples", "traits"},
             true);
  const std::size_t errors = node->report().errors();
  Message out;
  out.topic = topic;
  const auto name = property(root, *node, "name");
  out.type = name ? name->text().value_or("") : key;
  if (name && name->is_text() && out.type.empty()) {
    name->error(code::kMessageName, "the name of the message " + quote(key) + " is empty",
                "A message's `name` is the type of its events: name: com.example.thing.happened.v1.");
  }
  check_content_type(root, *node);
  out.correlation_pointer = read_correlation(root, *node);
  read_payload(root, *node, out);
  return node->report().errors() == errors ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace baton::flow
