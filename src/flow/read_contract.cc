// AsyncAPI 3 documents, as far as flows need them.
#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/contract.h"
#include "flow/duration.h"
#include "flow/names.h"
#include "flow/read_message.h"
#include "flow/references.h"
#include "flow/version.h"

namespace baton::flow {
namespace {

bool check_version(const Node& root) {
  const auto node = root.require("asyncapi", "A contract begins with asyncapi: 3.0.0.");
  const auto version = node ? node->text() : std::nullopt;
  if (!version) return false;
  if (version->starts_with("3.") && is_version(*version)) return true;
  node->error(code::kAsyncApiVersion,
              version->starts_with("2.") ? "AsyncAPI " + *version + " is not supported: contracts are AsyncAPI 3"
                                         : quote(*version) + " is no version of AsyncAPI that is known",
              "Convert it: the AsyncAPI CLI's `asyncapi convert -t 3.0.0 FILE` does so.");
  return false;
}

/// A name that can stand in service.operation:version@default, in a topic and in a consumer group.
std::string read_name(const Node& node, const std::string& what, std::string_view extra) {
  const auto text = node.text();
  if (text && !is_word(*text, extra)) {
    node.error(code::kContractName, quote(*text) + " can't be " + what,
               "Flows name it in service.operation:version@default: use letters, digits, '.', '-' and '_'.");
  }
  return text.value_or("");
}

/// The service's name: `x-service`, else what the title, which is for people, makes a name.
std::string read_service(const Node& info) {
  const auto title = info.require("title", "Name the service.");
  const auto text = title ? title->text() : std::nullopt;
  if (const auto own = info.find("x-service")) return read_name(*own, "a service's name", "._-");
  std::string name = text ? service_name(*text) : "";
  if (text && name.empty()) {
    title->error(code::kContractName, "the title " + quote(*text) + " makes no name of a service",
                 "Name the service beside it: x-service: orders.");
  }
  return name;
}

void read_info(const Node& root, Contract& contract) {
  const auto info = root.require("info", "Write info: { title: SERVICE, version: 1.0.0 }.");
  if (!info || !info->expect_map()) return;
  info->only({"title", "version", "description", "termsOfService", "contact", "license", "tags", "externalDocs"}, true);
  contract.service = read_service(*info);
  if (const auto version = info->require("version", "Give the contract's version, such as 1.0.0.")) {
    contract.version = read_name(*version, "a contract's version", "._+-");
  }
  if (const auto description = info->find("description")) contract.description = description->text().value_or("");
}

struct Channel {
  Node node;
  std::string topic;
};

/// The topic that the channel's address makes; without one, the channel's own name below the service's.
std::string read_topic(const Node& channel, const Contract& contract) {
  const auto address = channel.find("address");
  const auto text = address && !address->value().is_null() ? address->text() : std::nullopt;
  std::string topic = text ? topic_name(*text) : "";
  if (topic.empty()) topic = topic_name(contract.service + "." + channel.name());
  if (!is_topic(topic) || topic.starts_with("baton.")) {
    address.value_or(channel).error(code::kChannelAddress,
                                    quote(topic) + " can't be the topic of " + quote(channel.name()),
                                    "A topic has at most 249 characters, and does not begin with 'baton.'.");
  }
  return topic;
}

/// The channel that `owner` refers to.
std::optional<Channel> read_channel(const json::Value& root, const Node& owner, const Contract& contract) {
  const auto reference = owner.require("channel", "Write channel: { $ref: '#/channels/NAME' }.");
  const auto node = reference ? resolve(root, *reference) : std::nullopt;
  if (!node || !node->expect_map()) return std::nullopt;
  node->only({"address", "messages", "title", "summary", "description", "servers", "parameters", "tags", "externalDocs",
              "bindings"},
             true);
  return Channel{*node, read_topic(*node, contract)};
}

/// What a message is called where it has no `name`: its key in the channel, which a reference to it ends with.
std::string key_of(const Node& reference) {
  const auto to = reference.find("$ref");
  const auto text = to && to->is_text() ? to->text() : std::nullopt;
  return text ? Node(reference.value(), pointer_of(*text).value_or(*text), reference.report()).name()
              : reference.name();
}

/// Those that `owner` lists, or all of the channel (if there is one).
std::vector<Message> read_messages(const json::Value& root, const Node& owner, const std::optional<Node>& channel,
                                   const std::string& topic) {
  std::vector<std::pair<std::string, Node>> nodes;
  if (const auto list = owner.find("messages")) {
    for (const Node& item : list->items()) nodes.emplace_back(key_of(item), item);
  } else if (const auto all = channel ? channel->find("messages") : std::nullopt) {
    for (const Node::Member& member : all->members()) nodes.emplace_back(member.name, member.node);
  }
  std::vector<Message> out;
  for (const auto& [key, node] : nodes) {
    auto message = read_message(root, node, key, topic);
    if (message) out.push_back(*std::move(message));
  }
  return out;
}

void check_types(const Node& node, const Operation& operation, const std::vector<Message>& requests) {
  std::set<std::string> types;
  for (const std::vector<Message>* messages : {&requests, &operation.replies}) {
    for (const Message& message : *messages) {
      if (types.insert(message.type).second) continue;
      node.error(code::kSameType,
                 "two messages of the operation " + quote(operation.name) + " have the name " + quote(message.type),
                 "Messages are told apart by `name`, the type of the event: give each its own.");
    }
  }
}

/// Where replies go is the flow's to say, so an `address` that the request would name is not looked at.
void read_reply(const json::Value& root, const Node& node, const Contract& contract, Operation& operation) {
  const auto reply = resolve(root, node);
  if (!reply || !reply->expect_map()) return;
  reply->only({"address", "channel", "messages"}, true);
  std::optional<Channel> channel;
  if (reply->find("channel")) {
    channel = read_channel(root, *reply, contract);
    if (!channel) return;
  }
  const std::string topic = channel ? channel->topic : topic_name(contract.service + ".replies");
  operation.replies = read_messages(root, *reply, channel ? std::optional(channel->node) : std::nullopt, topic);
  if (operation.replies.empty()) {
    reply->warning(code::kReplyMessages,
                   "the reply of " + quote(operation.name) + " has no messages: calls won't wait for one",
                   "Name the result messages.");
  }
}

std::optional<Millis> read_span(const Node& owner, const char* key) {
  const auto node = owner.find(key);
  const auto text = node ? node->text() : std::nullopt;
  if (!text) return std::nullopt;
  const auto span = parse_duration(*text);
  if (span && *span >= 0) return *span;
  node->error(code::kBadValue, quote(*text) + " is no duration", "Write ISO 8601: P1D, PT10M, PT0.5S.");
  return std::nullopt;
}

void read_retry(const Node& node, RetryTerms& terms) {
  if (!node.expect_map()) return;
  node.only({"lasts", "first", "most", "attempts"}, true);
  terms.lasts = read_span(node, "lasts");
  terms.first = read_span(node, "first");
  terms.most = read_span(node, "most");
  const auto attempts = node.find("attempts");
  const auto number = attempts ? attempts->integer() : std::nullopt;
  if (!number) return;
  if (*number < 1 || *number > 1'000'000) {
    attempts->error(code::kBadValue, "`attempts` must be between 1 and 1000000", "Count all executions.");
    return;
  }
  terms.attempts_max = static_cast<int>(*number);
}

void read_operation(const json::Value& root, const Node::Member& member, Contract& contract) {
  const auto node = resolve(root, member.node);
  if (!node || !node->expect_map()) return;
  node->only({"action", "channel", "title", "summary", "description", "security", "tags", "externalDocs", "bindings",
              "traits", "messages", "reply"},
             true);
  if (!is_operation(member.name)) {
    member.node.error(code::kContractName, quote(member.name) + " can't be an operation's name",
                      "Flows name it in service.operation:version@default: leave out blanks, ':' and '@'.");
  }
  const auto action =
      node->require("action", "Write receive (others ask this of the service) or send (it publishes on its own).");
  const auto kind = action ? action->choice({"receive", "send"}) : std::nullopt;
  const auto channel = read_channel(root, *node, contract);
  if (!kind || !channel) return;
  const std::size_t errors = node->report().errors();
  std::vector<Message> messages = read_messages(root, *node, channel->node, channel->topic);
  if (*kind == "send") {
    for (Message& message : messages) contract.operations.push_back({member.name, false, std::move(message), {}});
    return;
  }
  if (messages.empty()) {
    if (node->report().errors() != errors) return;  // said already
    node->warning(code::kOneRequest, "the operation " + quote(member.name) + " receives no message: nobody can call it",
                  "List its request under `messages`.");
    return;
  }
  Operation operation{member.name, true, {}, {}};
  if (const auto reply = node->find("reply")) read_reply(root, *reply, contract, operation);
  if (const auto retry = node->find("x-retry")) read_retry(*retry, operation.retry);
  check_types(*node, operation, messages);
  for (Message& message : messages) {
    operation.request = std::move(message);
    contract.operations.push_back(operation);
  }
}

}  // namespace

std::shared_ptr<const Contract> read_contract(std::string_view text, const std::string& file, const Load& load,
                                              Diagnostics& diagnostics) {
  std::optional<json::Document> document = read_text(text, file, diagnostics);
  if (!document) return nullptr;
  Report report(diagnostics);
  report.add_source("", file, std::move(document->places));
  const auto contract = std::make_shared<Contract>();
  if (const Node first(document->value, "", report); first.expect_map() && check_version(first)) {
    const json::Value value = draw_in_files(std::move(document->value), file, load, report);
    const Node root(value, "", report);
    root.only({"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"},
              true);
    read_info(root, *contract);
    const auto operations = root.find("operations");
    for (const Node::Member& member : operations ? operations->members() : std::vector<Node::Member>{}) {
      read_operation(value, member, *contract);
    }
    contract->source_text = json::print(value);
  }
  report.sort();
  return report.errors() == 0 ? contract : nullptr;
}

}  // namespace baton::flow
