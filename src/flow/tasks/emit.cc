#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

/// What the runtime sets: the instance's identity, and with it the order of its log.
const std::vector<std::string> kOurs = {"correlationid", "causationid", "flowname",     "flowversion",
                                        "flowtask",      "batonkind",   "partitionkey", "traceparent"};

void check_attribute(const Node& node, const std::string& name) {
  if (!check_attribute_name(node, name)) return;
  if (std::ranges::find(kOurs, name) != kOurs.end()) {
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

}  // namespace

Body read_emit(Compiler& c, const Node& task, const Scope& scope) {
  const Node emit = *task.find("emit");
  const auto event = emit.require("event", "Write event: { with: { type: …, data: … } }.");
  const auto with = event ? event->require("with", "Write with: { type: …, data: … }.") : std::nullopt;
  if (!with || !with->expect_map()) return {};
  emit.only({"event"});
  event->only({"with"});
  for (const Node::Member& member : with->members()) check_attribute(member.node, member.name);
  const auto type = with->require("type", "Name the event's type, such as com.example.order.placed.v1.");
  const auto type_text = type ? type->text() : std::nullopt;
  if (type_text && type_text->empty()) type->error(code::kBadValue, "the event's type is empty", "Name it.");
  auto value = read_value(*with, Place::in_task, scope);
  if (!value || !type_text) return {};
  const Message* message = json::unwrap(*type_text) ? nullptr : c.contracts.message(*type_text);
  return Emit{*std::move(value), message == nullptr ? c.program.home_topic : message->topic};
}

}  // namespace baton::flow
