#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/uri_template.h"

namespace baton::flow {
namespace {

/// What the runtime sets: which instance has made it, and what it is to a flow.
bool ours(std::string_view name) {
  return name == "flowname" || name == "flowversion" || name == "flowtask" || name.starts_with("baton");
}

void check_attribute(const Node& node, const std::string& name) {
  if (!check_attribute_name(node, name)) return;
  if (ours(name)) {
    node.error(code::kBadValue, "the attribute " + quote(name) + " is set by the runtime",
               "Leave it out, or choose another name.");
  } else if (name == "specversion" && node.value() != json::Value("1.0")) {
    node.error(code::kBadValue, "`specversion` can't be " + describe(node.value()), "Leave it out: events have 1.0.");
  } else if (name == "time" && node.is_text() && !json::unwrap(*node.text()) && !parse_rfc3339(*node.text())) {
    node.error(code::kBadValue, quote(*node.text()) + " is no time", "Write RFC 3339: '2026-01-05T09:00:00Z'.");
  } else if (name != "data" && (node.is_map() || node.is_list())) {
    node.error(code::kWrongType, "the attribute " + quote(name) + " must be a text, found " + describe(node.value()),
               "Attributes of events are texts; structured values belong into data.");
  }
}

/// The attributes that are URI templates become expressions over the task's input. Nothing: said why.
std::optional<json::Value> expand_templates(const Node& with) {
  json::Value out = with.value();
  for (const char* name : {"source", "dataschema"}) {
    const auto node = with.find(name);
    if (!node || !node->is_text() || json::unwrap(*node->text())) continue;
    const auto expanded = expand(*node, *node->text(), ".");
    if (!expanded) return std::nullopt;
    if (!expanded->empty()) out.get_object()[name] = "${ " + *expanded + " }";
  }
  return out;
}

}  // namespace

Body read_emit(Compiler& c, const Node& task, const Scope& scope) {
  const Node emit = *task.find("emit");
  const auto event = emit.require("event", "Write event: { with: { type: …, data: … } }.");
  const auto with = event ? event->require("with", "Write with: { type: …, data: … }.") : std::nullopt;
  if (!with || !with->expect_map()) return {};
  emit.only({"event"});
  event->open({"with"});
  for (const Node::Member& member : with->members()) check_attribute(member.node, member.name);
  const auto type = with->require("type", "Name the event's type, such as com.example.order.placed.v1.");
  const auto type_text = type ? type->text() : std::nullopt;
  if (type_text && type_text->empty()) type->error(code::kBadValue, "the event's type is empty", "Name it.");
  const auto expanded = expand_templates(*with);
  auto value = read_value(expanded ? Node(*expanded, with->pointer(), with->report()) : *with, Place::in_task, scope);
  if (!expanded || !value || !type_text) return {};
  const Message* message = json::unwrap(*type_text) ? nullptr : c.contracts.message(*type_text);
  return Emit{*std::move(value), message == nullptr ? c.program.home_topic : message->topic,
              with->find("correlationid").has_value()};
}

}  // namespace baton::flow
