// call: an operation of a contract (through the default catalog, or as asyncapi), or a function of use.functions.
#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

struct Protocol {
  const char* name;
  const char* code;
};
constexpr Protocol kProtocols[] = {{"http", code::kNoHttp},
                                   {"openapi", code::kNoOpenApi},
                                   {"grpc", code::kNoGrpc},
                                   {"mcp", code::kNoMcp},
                                   {"a2a", code::kNoA2a}};

constexpr const char* kServiceRemedy =
    "Put the call into a service with a contract, and call service.operation:version@default.";
constexpr const char* kCallRemedy =
    "Write service.operation:version@default for an operation of a deployed contract, or the name of a function of "
    "use.functions.";

/// service.operation:version@catalog
struct Reference {
  std::string service;
  std::string operation;
  std::string version;
  std::string catalog;
};

/// Both halves may have dots: the dot that a known contract stands before, else the last.
std::size_t find_dot(const Contracts& contracts, const std::string& name, const std::string& version) {
  const std::size_t last = name.rfind('.');
  for (std::size_t dot = last; dot != std::string::npos && dot > 0; dot = name.rfind('.', dot - 1)) {
    if (contracts.find(name.substr(0, dot), version) != nullptr) return dot;
  }
  return last;
}

std::optional<Reference> parse_reference(const Contracts& contracts, const std::string& text) {
  const std::size_t at = text.rfind('@');
  const std::size_t colon = text.rfind(':', at);
  if (at == std::string::npos || colon == std::string::npos || colon == 0) return std::nullopt;
  Reference out;
  out.catalog = text.substr(at + 1);
  out.version = text.substr(colon + 1, at - colon - 1);
  const std::string name = text.substr(0, colon);
  const std::size_t dot = find_dot(contracts, name, out.version);
  out.service = dot == std::string::npos ? "" : name.substr(0, dot);
  out.operation = dot == std::string::npos ? name : name.substr(dot + 1);
  return out;
}

std::vector<std::string> services_of(const Contracts& contracts) {
  std::vector<std::string> out;
  for (const auto& contract : contracts.all()) out.push_back(contract->service);
  return out;
}

std::vector<std::string> versions_of(const Contracts& contracts, const std::string& service) {
  std::vector<std::string> out;
  for (const auto& contract : contracts.all()) {
    if (contract->service == service) out.push_back(contract->version);
  }
  return out;
}

const Contract* find_contract(Compiler& c, const Node& node, const std::string& service, const std::string& version) {
  if (const Contract* contract = c.contracts.find(service, version)) return contract;
  const std::vector<std::string> versions = versions_of(c.contracts, service);
  if (versions.empty()) {
    node.error(
        code::kUnknownContract,
        "no contract of a service " + quote(service) + " is known" + did_you_mean(service, services_of(c.contracts)),
        "Deploy the service's contract (AsyncAPI 3, info.title: " + service + ") before the flow, or beside it.");
  } else {
    node.error(code::kUnknownContract,
               "the contract of " + quote(service) + " has no version " + quote(version) + " here",
               "Known: " + either(versions) + ".");
  }
  return nullptr;
}

const Operation* find_operation(const Node& node, const Contract& contract, const std::string& name) {
  const Operation* operation = contract.find(name);
  std::vector<std::string> names;
  for (const Operation& one : contract.operations) {
    if (one.receives && (names.empty() || names.back() != one.name)) names.push_back(one.name);
  }
  const std::string known = names.empty() ? "It receives nothing." : "It can be asked for: " + either(names) + ".";
  if (operation == nullptr) {
    node.error(code::kUnknownOperation,
               quote(contract.service) + " has no operation " + quote(name) + did_you_mean(name, names), known);
  } else if (!operation->receives) {
    node.error(code::kNotReceived,
               quote(contract.service + "." + name) + " is what the service sends, not what it can be asked for",
               known);
    return nullptr;
  } else if (std::ranges::count(contract.operations, name, &Operation::name) > 1) {
    node.error(
        code::kOneRequest,
        quote(contract.service + "." + name) + " receives several kinds of messages: nobody could tell which to send",
        "Make an operation of each in the contract.");
    return nullptr;
  }
  return operation;
}

void check_constant(const Node& node, const json::Template& with, const Message& request) {
  if (!with.constant() || !request.payload) return;
  const auto payload = with.evaluate({}, {});
  if (!payload) return;  // a constant has nothing that can fail
  const auto valid = request.payload->validate(payload->value());
  if (!valid) {
    node.error(code::kPayload,
               "the request does not fit the contract's " + quote(request.type) + ": " + valid.error().text,
               "Change `with`, or the schema of the message's payload.");
  }
}

Body call_operation(const Node& place, const std::optional<Node>& with, const Contract& contract,
                    const Operation& operation, const Scope& scope) {
  Call out;
  out.service = contract.service;
  out.operation = operation.name;
  out.version = contract.version;
  out.command_type = operation.request.type;
  out.command_topic = operation.request.topic;
  for (const Message& reply : operation.replies) out.reply_types.push_back(reply.type);
  out.request_schema = operation.request.payload;
  const json::Value identity("${ . }");
  const Node whole(identity, place.pointer(), place.report());
  if (auto request = read_value(with ? *with : whole, Place::in_task, scope)) {
    if (with) check_constant(*with, *request, operation.request);
    out.with = *std::move(request);
  }
  return out;
}

Body read_cataloged(Compiler& c, const Node& task, const Node& call, const Reference& reference, const Scope& scope) {
  if (reference.catalog != "default") {
    unsupported(call, code::kNoCatalogs, "the catalog " + quote(reference.catalog), kServiceRemedy);
    return {};
  }
  if (reference.service.empty()) {
    unsupported(call, code::kNoRuntimeFunction, "the runtime function " + quote(reference.operation), kCallRemedy);
    return {};
  }
  const Contract* contract = find_contract(c, call, reference.service, reference.version);
  const Operation* operation = contract == nullptr ? nullptr : find_operation(call, *contract, reference.operation);
  if (operation == nullptr) return {};
  return call_operation(call, task.find("with"), *contract, *operation, scope);
}

/// contract://SERVICE or contract://SERVICE/VERSION; without a version there must be only one.
const Contract* contract_of_endpoint(Compiler& c, const Node& with) {
  const auto document = with.require("document", "Write document: { endpoint: contract://SERVICE }.");
  auto endpoint = document ? document->require("endpoint", "Write endpoint: contract://SERVICE.") : std::nullopt;
  if (document) document->only({"name", "endpoint"});
  if (endpoint && endpoint->is_map()) {
    endpoint->only({"uri", "authentication"});
    if (const auto authentication = endpoint->find("authentication")) {
      unsupported(*authentication, code::kNoAuthentication, "the endpoint's `authentication`",
                  "Let the service that is called hold its credentials.");
    }
    endpoint = endpoint->require("uri");
  }
  const auto uri = endpoint ? endpoint->text() : std::nullopt;
  if (!uri) return nullptr;
  constexpr std::string_view kScheme = "contract://";
  if (!uri->starts_with(kScheme)) {
    unsupported(*endpoint, code::kNoForeignAsyncApi, "an AsyncAPI document from elsewhere (" + quote(*uri) + ")",
                "Deploy it as a contract, and write contract://SERVICE.");
    return nullptr;
  }
  const std::string rest = uri->substr(kScheme.size());
  const std::size_t slash = rest.find('/');
  const std::string service = rest.substr(0, slash);
  if (slash != std::string::npos) return find_contract(c, *endpoint, service, rest.substr(slash + 1));
  const std::vector<std::string> versions = versions_of(c.contracts, service);
  if (versions.size() > 1) {
    endpoint->error(code::kUnknownContract, quote(service) + " has several versions: " + either(versions),
                    "Name one: contract://" + service + "/" + versions.back() + ".");
    return nullptr;
  }
  return find_contract(c, *endpoint, service, versions.empty() ? "" : versions.front());
}

void refuse_asyncapi_options(const Node& with) {
  if (const auto subscription = with.find("subscription")) {
    unsupported(*subscription, code::kNoSubscription, "an AsyncAPI subscription",
                "Use `listen` with the message's name as the event type.");
  }
  for (const char* key : {"channel", "server", "protocol", "authentication"}) {
    if (const auto option = with.find(key)) {
      unsupported(*option, code::kNoAsyncApiOption, "asyncapi `" + std::string(key) + "`",
                  "Messages travel on Baton's own log; leave it out.");
    }
  }
}

Body read_asyncapi(Compiler& c, const Node& task, const Scope& scope) {
  const auto with = task.require(
      "with", "Write with: { document: { endpoint: contract://SERVICE }, operation: …, message: { payload: … } }.");
  if (!with || !with->expect_map()) return {};
  const std::size_t errors = c.report.errors();
  refuse_asyncapi_options(*with);
  with->only({"document", "channel", "operation", "server", "protocol", "message", "subscription", "authentication"});
  const Contract* contract = contract_of_endpoint(c, *with);
  if (c.report.errors() != errors || contract == nullptr) return {};
  const auto name = with->require("operation");
  const auto message = with->require("message");
  const auto payload = message ? message->require("payload") : std::nullopt;
  const auto operation_name = name ? name->text() : std::nullopt;
  if (!payload || !operation_name) return {};
  if (const auto headers = message->find("headers")) {
    unsupported(*headers, code::kNoAsyncApiOption, "asyncapi `headers`", "Put the data into the payload.");
  }
  message->only({"payload", "headers"});
  const Operation* operation = find_operation(*name, *contract, *operation_name);
  if (operation == nullptr) return {};
  return call_operation(*name, payload, *contract, *operation, scope);
}

void complain_of_unknown(Compiler& c, const Node& call, const std::string& name) {
  std::vector<std::string> known = names_of(c.functions);
  for (const auto& contract : c.contracts.all()) {
    for (const Operation& operation : contract->operations) {
      if (operation.receives)
        known.push_back(contract->service + "." + operation.name + ":" + contract->version + "@default");
    }
  }
  std::string hint = did_you_mean(name, known);
  for (const std::string& one : known) {
    if (hint.empty() && one.starts_with(name + ":")) hint = " (did you mean " + quote(one) + "?)";
  }
  call.error(code::kUnknownName, "there is no function " + quote(name) + hint, kCallRemedy);
}

Body read_callee(Compiler& c, const Node& task, const Scope& scope) {
  const Node call = *task.find("call");
  const auto name = call.text();
  if (!name) return {};
  for (const Protocol& protocol : kProtocols) {
    if (*name != protocol.name) continue;
    unsupported(call, protocol.code, "`call: " + *name + "`", kServiceRemedy);
    return {};
  }
  if (*name == "asyncapi") return read_asyncapi(c, task, scope);
  if (c.functions.contains(*name)) return read_function(c, task, *name, scope);
  if (name->find("://") != std::string::npos) {
    unsupported(call, code::kNoFunctionUrl, "a function from a URL (" + quote(*name) + ")", kServiceRemedy);
    return {};
  }
  if (const auto reference = parse_reference(c.contracts, *name))
    return read_cataloged(c, task, call, *reference, scope);
  complain_of_unknown(c, call, *name);
  return {};
}

/// Whom it would have called is not known: what it would have sent is read for its mistakes all the same.
void look_into_with(Compiler& c, const Node& task, const Scope& scope) {
  const auto with = task.find("with");
  if (!with) return;
  const auto subscription = with->find("subscription");
  const auto foreach = subscription ? subscription->find("foreach") : std::nullopt;
  if (foreach) look_into_foreach(c, *foreach, scope);
  if (!subscription) read_value(*with, Place::in_task, scope);
}

}  // namespace

Body read_call(Compiler& c, const Node& task, const Scope& scope) {
  const std::size_t errors = c.report.errors();
  Body body = read_callee(c, task, scope);
  if (c.report.errors() != errors) look_into_with(c, task, scope);
  return body;
}

}  // namespace baton::flow
