// Which events: one, any, all; filters and correlations.
#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/uri_template.h"
#include "json/number.h"

namespace baton::flow {
namespace {

/// A lone '.' is in every event type and every host name: it is no pattern. The exact text is tried first in any case.
bool has_pattern(std::string_view text) {
  return text.find_first_of("*+?^$()[]{}|\\") != std::string_view::npos;
}

std::optional<json::Pattern> compile_pattern(const Node& node, const std::string& text) {
  auto pattern = json::Pattern::compile(text);
  if (pattern) return *std::move(pattern);
  node.error(code::kPattern, "the pattern " + quote(text) + " is not a valid regular expression",
             "A filter's value is compared as text, then as a regular expression on the whole value; escape with \\.");
  return std::nullopt;
}

std::string literal_text(const json::Value& value) {
  if (const auto text = json::if_string(value)) return std::string(*text);
  return json::print(value);
}

bool attribute_name(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

/// The whole data, as it must be. Expressions in it would be compared as what?
std::optional<Filter::Attribute> read_data(const Node& node, Filter::Attribute out, Place place, const Scope& scope) {
  const auto value = read_value(node, place, scope);
  if (!value) return std::nullopt;
  if (!value->constant()) {
    node.error(code::kBadValue, "a filter on data is one expression or a literal, found " + describe(node.value()) + " with expressions in it",
               "Write the condition as one: data: ${ .temperature > 38 and .unit == \"C\" }.");
    return std::nullopt;
  }
  out.data = json::Data::from_value(node.value());
  static_cast<void>(out.data->text());  // shared by threads: both forms are made now
  static_cast<void>(out.data->value());
  return out;
}

/// A URI template over the data of the task that listens: the value must be what it gives.
std::optional<Filter::Attribute> read_template(const Node& node, Filter::Attribute out, Place place,
                                               const Scope& scope) {
  if (place == Place::start) {
    node.error(code::kBadValue,
               quote(out.literal) + " is a URI template, and before an instance is begun there is no data for it",
               "Write the URI, or a pattern such as https://example.org/.*");
    return std::nullopt;
  }
  const auto expanded = expand(node, out.literal, "$input");
  if (!expanded) return std::nullopt;
  const json::Value condition(". == (" + *expanded + ")");
  out.predicate = read_expression(Node(condition, node.pointer(), node.report()), place, scope);
  return out.predicate ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<Filter::Attribute> read_attribute(const Node& node, const std::string& name, Place place,
                                                const Scope& scope) {
  if (!check_attribute_name(node, name)) return std::nullopt;
  Filter::Attribute out;
  out.name = name;
  const bool expression = node.is_text() && json::unwrap(*node.text()).has_value();
  if (expression) {
    out.predicate = read_expression(node, place, scope);
    return out.predicate ? std::optional(std::move(out)) : std::nullopt;
  }
  if (name == "data") return read_data(node, std::move(out), place, scope);
  if (node.is_map() || node.is_list() || node.value().is_null()) {
    node.error(code::kWrongType, "the filter on " + quote(name) + " must be a text, found " + describe(node.value()),
               "Attributes of events are texts.");
    return std::nullopt;
  }
  out.literal = literal_text(node.value());
  const bool uri = name == "source" || name == "dataschema";
  if (uri && has_template(out.literal)) return read_template(node, std::move(out), place, scope);
  if (!has_pattern(out.literal)) return out;
  out.pattern = compile_pattern(node, out.literal);
  return out.pattern ? std::optional(std::move(out)) : std::nullopt;
}

/// A constant, or an expression with or without ${ }: what begins like jq is jq.
std::optional<json::Template> read_expect(const Node& node, Place place, const Scope& scope) {
  if (!node.is_text()) return read_value(node, place, scope);
  const std::string text = *node.text();
  const bool expression = json::unwrap(text) || text.find_first_of(".$\"[{(") == 0;
  return expression ? read_expression(node, place, scope) : read_value(node, place, scope);
}

std::optional<Correlate> read_correlation(const Node& node, const std::string& key, Place place, const Scope& scope) {
  const auto from =
      node.require("from", "Write the expression that takes the value from the event: from: .data.orderId.");
  if (!from) return std::nullopt;
  node.open({"from", "expect"});
  auto expression = read_expression(*from, Place::event, Scope{});
  if (!expression) return std::nullopt;
  Correlate out{key, *std::move(expression), std::nullopt};
  if (const auto expect = node.find("expect")) {
    out.expect = read_expect(*expect, place, scope);
    if (!out.expect) return std::nullopt;
  }
  return out;
}

std::optional<Filter> read_filter(const Node& node, Place place, const Scope& scope) {
  const auto with = node.require("with", "Write which events: with: { type: com.example.thing.happened.v1 }.");
  if (!with || !with->expect_map()) return std::nullopt;
  node.only({"with", "correlate"});
  Filter out;
  bool ok = true;
  for (const Node::Member& member : with->members()) {
    auto attribute = read_attribute(member.node, member.name, place, scope);
    ok = ok && attribute;
    if (!attribute) continue;
    if (member.name == "type" && !attribute->predicate && !attribute->pattern) {
      out.type = attribute->literal;
    }
    out.attributes.push_back(*std::move(attribute));
  }
  if (ok && out.attributes.empty()) {
    with->error(code::kMissing, "the filter is empty", "Name at least one attribute, usually the type.");
    return std::nullopt;
  }
  const auto correlate = node.find("correlate");
  ok = ok && (!correlate || correlate->is_map());
  for (const Node::Member& member : correlate ? correlate->members() : std::vector<Node::Member>{}) {
    auto correlation = read_correlation(member.node, member.name, place, scope);
    ok = ok && correlation;
    if (correlation) out.correlate.push_back(*std::move(correlation));
  }
  return ok ? std::optional(std::move(out)) : std::nullopt;
}

/// A condition on what was heard, or other events.
void refuse_until(const Node& until, Place place, const Scope& scope) {
  unsupported(until, code::kNoUntil, "`until`", "Listen for one event at a time, and loop with `then`.");
  if (until.is_text()) {
    read_expression(until, place, scope);
  } else {
    read_events(until, place, scope);
  }
}

}  // namespace

bool check_attribute_name(const Node& node, const std::string& name) {
  if (attribute_name(name)) return true;
  node.error(code::kBadValue, quote(name) + " can't be an attribute of an event",
             "CloudEvents attributes have lower-case letters and digits only.");
  return false;
}

std::optional<Events> read_events(const Node& node, Place place, const Scope& scope) {
  if (!node.expect_map()) return std::nullopt;
  node.only({"one", "any", "all", "until"});
  const auto until = node.find("until");
  if (until) refuse_until(*until, place, scope);
  std::vector<std::string> given;
  for (const char* mode : {"one", "any", "all"}) {
    if (node.find(mode)) given.emplace_back(mode);
  }
  if (given.size() != 1) {
    node.error(given.empty() ? code::kMissing : code::kBadValue,
               given.empty() ? quote(node.name()) + " names no events"
                             : quote(node.name()) + " has both " + given[0] + " and " + given[1],
               "Write exactly one of: one, any, all.");
    return std::nullopt;
  }
  Events out;
  out.mode = given[0] == "one" ? Events::Mode::one : given[0] == "any" ? Events::Mode::any : Events::Mode::all;
  const Node list = *node.find(given[0]);
  const std::vector<Node> filters = out.mode == Events::Mode::one ? std::vector<Node>{list} : list.items();
  if (out.mode != Events::Mode::one && !list.is_list()) return std::nullopt;
  if (out.mode == Events::Mode::all && filters.empty()) {
    list.error(code::kMissing, "`all` names no events", "Name the events to wait for.");
    return std::nullopt;
  }
  bool ok = !until;
  for (const Node& filter : filters) {
    auto read = read_filter(filter, place, scope);
    ok = ok && read.has_value();
    if (read) out.filters.push_back(*std::move(read));
  }
  return ok ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace baton::flow
