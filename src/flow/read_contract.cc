// AsyncAPI 3 documents, as far as flows need them.
#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/contract.h"
#include "flow/duration.h"
#include "flow/read_message.h"
#include "flow/references.h"

namespace baton::flow {
namespace {

bool check_version(const Node& root) {
  const auto node = root.require("asyncapi", "A contract begins with asyncapi: 3.0.0.");
  const auto version = node ? node->text() : std::nullopt;
  if (!version) return false;
  if (version->starts_with("3.")) return true;
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
               "Flows name it in service.operation:version@default: use letters, digits" +
                   std::string(extra.find('.') == std::string_view::npos ? ", '-' and '_'." : ", '.', '-' and '_'."));
  }
  return text.value_or("");
}

void read_info(const Node& root, Contract& contract) {
  const auto info = root.require("info", "Write info: { title: SERVICE, version: 1.0.0 }.");
  if (!info || !info->expect_map()) return;
  info->only({"title", "version", "description", "termsOfService", "contact", "license", "tags", "externalDocs"}, true);
  if (const auto title = info->require("title", "Name the service."))
    contract.service = read_name(*title, "a service's name", "._-");
  if (const auto version = info->require("version", "Give the contract's version, such as 1.0.0.")) {
    contract.version = read_name(*version, "a contract's version", "._+-");
  }
  if (const auto description = info->find("description")) contract.description = description->text().value_or("");
}

struct Channel {
  Node node;
  std::string topic;
};

/// The address of a channel is a topic. "" with a complaint when it is none: the channel's messages are looked at all
/// the same.
std::string read_topic(const Node& channel) {
  const auto address = channel.find("address");
  if (!address || address->value().is_null()) {
    channel.error(code::kChannelAddress, "the channel " + quote(channel.name()) + " has no address",
                  "Give it the name of its topic: address: loans.");
    return "";
  }
  const auto topic = address->text();
  if (topic && topic->find('{') != std::string::npos) {
    unsupported(*address, code::kChannelAddress, "an address with parameters (" + quote(*topic) + ")",
                "Give the channel one fixed topic.");
  } else if (topic && !is_topic(*topic)) {
    address->error(code::kChannelAddress, quote(*topic) + " can't be a topic",
                   "Use letters, digits, '.', '_' and '-', at most 249.");
  }
  return topic.value_or("");
}

/// The channel that `owner` refers to.
std::optional<Channel> read_channel(const json::Value& root, const Node& owner) {
  const auto reference = owner.require("channel", "Write channel: { $ref: '#/channels/NAME' }.");
  const auto node = reference ? resolve(root, *reference) : std::nullopt;
  if (!node || !node->expect_map()) return std::nullopt;
  node->only({"address", "messages", "title", "summary", "description", "servers", "parameters", "tags", "externalDocs",
              "bindings"},
             true);
  return Channel{*node, read_topic(*node)};
}

/// Those that `owner` lists, or all of the channel.
std::vector<Message> read_messages(const json::Value& root, const Node& owner, const Channel& channel) {
  std::vector<Node> nodes;
  if (const auto list = owner.find("messages")) {
    nodes = list->items();
  } else if (const auto all = channel.node.find("messages")) {
    for (const Node::Member& member : all->members()) nodes.push_back(member.node);
  }
  std::vector<Message> out;
  for (const Node& node : nodes) {
    auto message = read_message(root, node, channel.topic);
    if (message) out.push_back(*std::move(message));
  }
  return out;
}

void check_types(const Node& node, const Operation& operation) {
  std::set<std::string> types{operation.request.type};
  for (const Message& reply : operation.replies) {
    if (types.insert(reply.type).second) continue;
    node.error(code::kSameType,
               "two messages of the operation " + quote(operation.name) + " have the name " + quote(reply.type),
               "Messages are told apart by `name`, the type of the event: give each its own.");
  }
}

void read_reply(const json::Value& root, const Node& node, Operation& operation) {
  const auto reply = resolve(root, node);
  if (!reply || !reply->expect_map()) return;
  reply->only({"address", "channel", "messages"}, true);
  if (const auto address = reply->find("address")) {
    unsupported(*address, code::kReplyAddress, "a reply address taken from the message",
                "Give the reply a channel with a fixed address: the flow's home topic.");
    return;
  }
  const auto channel = read_channel(root, *reply);
  if (!channel) return;
  operation.replies = read_messages(root, *reply, *channel);
  if (operation.replies.empty()) {
    reply->error(code::kMissing, "the reply of " + quote(operation.name) + " has no messages",
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
  if (!is_word(member.name, "-_")) {
    member.node.error(code::kContractName, quote(member.name) + " can't be an operation's name",
                      "Flows name it in service.operation:version@default: use letters, digits, '-' and '_'.");
  }
  const auto action =
      node->require("action", "Write receive (others ask this of the service) or send (it publishes on its own).");
  const auto kind = action ? action->choice({"receive", "send"}) : std::nullopt;
  const auto channel = read_channel(root, *node);
  if (!kind || !channel) return;
  const std::size_t errors = node->report().errors();
  std::vector<Message> messages = read_messages(root, *node, *channel);
  if (*kind == "send") {
    for (Message& message : messages) contract.operations.push_back({member.name, false, std::move(message), {}});
    return;
  }
  if (messages.size() != 1) {
    if (node->report().errors() != errors) return;  // said already
    node->error(code::kOneRequest,
                "the operation " + quote(member.name) + " receives " + std::to_string(messages.size()) +
                    " messages; it must be one, its request",
                "List the one message under `messages`, or make an operation of each.");
    return;
  }
  Operation operation{member.name, true, std::move(messages.front()), {}};
  if (const auto reply = node->find("reply")) read_reply(root, *reply, operation);
  if (const auto retry = node->find("x-retry")) read_retry(*retry, operation.retry);
  check_types(*node, operation);
  contract.operations.push_back(std::move(operation));
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
