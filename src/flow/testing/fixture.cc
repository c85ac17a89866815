#include "flow/testing/fixture.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/assert.h"
#include "base/hash.h"

namespace baton::flow::testing {
namespace {

std::string channel(const std::string& name, const std::string& topic, const std::string& message) {
  return "  " + name + ":\n    address: " + topic + "\n    messages:\n      " + message +
         ": { $ref: '#/components/messages/" + message + "' }\n";
}

std::string header(const std::string& service) {
  return "asyncapi: 3.0.0\ninfo: { title: " + service + ", version: 1.0.0 }\nchannels:\n";
}

std::string message(const std::string& name, const std::string& type) {
  return "    " + name + ":\n      name: " + type + "\n      payload: { type: object }\n";
}

}  // namespace

std::string contract_text(const std::string& service, const std::string& operation, const std::string& result,
                          const std::string& reply_topic) {
  const std::string prefix = "com.example." + service + ".";
  std::string text = header(service) + channel("commands", service + ".commands", "request");
  if (!result.empty()) text += channel("results", reply_topic, "result");
  text += "operations:\n  " + operation + ":\n    action: receive\n    channel: { $ref: '#/channels/commands' }\n";
  if (!result.empty()) text += "    reply: { channel: { $ref: '#/channels/results' } }\n";
  text += "components:\n  messages:\n" + message("request", prefix + operation + ".v1");
  if (!result.empty()) text += message("result", prefix + result + ".v1");
  return text;
}

std::string publisher_text(const std::string& service, const std::string& type, const std::string& topic) {
  return header(service) + channel("events", topic, "event") +
         "operations:\n  publish:\n    action: send\n    channel: { $ref: '#/channels/events' }\ncomponents:\n  "
         "messages:\n" +
         message("event", type);
}

Contracts contracts_of(const std::vector<std::string>& texts) {
  Contracts out;
  for (const std::string& text : texts) {
    Diagnostics diagnostics;
    const auto contract = read_contract(text, "contract.yaml", {}, diagnostics);
    BATON_ASSERT(contract != nullptr);
    BATON_ASSERT(out.add(contract).has_value());
  }
  return out;
}

Contracts shop_contracts() {
  return contracts_of({contract_text("order", "place", "placed"), contract_text("payment", "charge", "charged"),
                       contract_text("email", "send", "sent"), contract_text("log", "write", ""),
                       publisher_text("shop", "com.example.cart.filled.v1")});
}

std::string flow_text(const std::string& tasks, const std::string& more, const std::string& metadata) {
  return "document:\n  dsl: '1.0.3'\n  namespace: shop\n  name: buy\n  version: '1.0.0'\n  metadata: { " + metadata +
         " }\n" + more + "do:\n" + tasks;
}

std::string Compiled::text() const {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += to_text(d) + "\n";
  return out;
}

std::string Compiled::codes() const {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += (out.empty() ? "" : " ") + d.code;
  return out;
}

const Task& Compiled::at(const std::string& pointer) const {
  BATON_ASSERT(program != nullptr);
  const Task* task = program->find(pointer);
  BATON_ASSERT(task != nullptr);
  return *task;
}

Compiled compile_text(const std::string& text, const Contracts& contracts, const CompileOptions& options) {
  Compiled out;
  out.program = compile(text, "flow.yaml", contracts, options, out.diagnostics);
  return out;
}

std::string mutate(std::string text, std::uint64_t seed) {
  constexpr std::string_view kMarks = "{}[]:,-'\"$. \n#&*!|>%@0a";
  const auto draw = [&seed](std::size_t below) { return static_cast<std::size_t>((seed = mix(seed)) % below); };
  for (std::size_t edits = 1 + draw(3); edits > 0 && !text.empty(); --edits) {
    const std::size_t at = draw(text.size());
    switch (draw(3)) {
      case 0:
        text.erase(at, 1 + draw(12));
        break;
      case 1:
        text.insert(at, text.substr(draw(text.size()), 1 + draw(12)));
        break;
      default:
        text[at] = kMarks[draw(kMarks.size())];
    }
  }
  return text;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Load load_beside(const std::string& path) {
  return [folder = std::filesystem::path(path).parent_path()](const std::string& reference) -> Result<std::string> {
    const auto file = folder / reference;
    if (!std::filesystem::is_regular_file(file)) return not_found("there is no file " + reference);
    return read_file(file.string());
  };
}

}  // namespace baton::flow::testing
