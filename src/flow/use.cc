// use.*: what tasks refer to by name; and the metadata that Baton gives a meaning to.
#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

using Named = std::map<std::string, Node, std::less<>>;

Named read_names(const Node& use, const char* key) {
  Named out;
  const auto node = use.find(key);
  if (!node) return out;
  for (Node::Member& member : node->members()) out.emplace(member.name, member.node);
  return out;
}

/// What stands in them is read for its mistakes.
void look_into_extensions(Compiler& c, const Node& extensions) {
  if (!extensions.is_list()) return;
  const Scope scope{.pointer = "/use/extensions", .strategy = c.program.strategy};
  for (const Node::Member& extension : extensions.named_items()) {
    if (!extension.node.expect_map()) continue;
    extension.node.only({"extend", "when", "before", "after"});
    if (const auto when = extension.node.find("when")) read_expression(*when, Place::in_task, scope);
    for (const char* key : {"before", "after"}) {
      if (const auto list = extension.node.find(key)) read_list(c, *list, extension.node.pointer() + "/" + key, scope);
    }
  }
}

void refuse(const Node& use, const char* key, const char* code, const char* remedy) {
  const auto node = use.find(key);
  if (node) unsupported(*node, code, "use." + std::string(key), remedy);
}

}  // namespace

std::vector<std::string> names_of(const Named& map) {
  std::vector<std::string> out;
  for (const auto& [name, node] : map) out.push_back(name);
  return out;
}

void read_use(Compiler& c, const Node& document) {
  const auto use = document.find("use");
  if (!use || !use->expect_map()) return;
  use->only({"authentications", "catalogs", "errors", "extensions", "functions", "retries", "secrets", "timeouts"});
  refuse(*use, "authentications", code::kNoAuthentication, "Let the service that is called hold its credentials.");
  refuse(*use, "catalogs", code::kNoCatalogs,
         "Deploy the service's contract, and call service.operation:version@default.");
  refuse(*use, "extensions", code::kNoExtensions,
         "Write the tasks where they are needed, or as a function of use.functions.");
  refuse(*use, "secrets", code::kNoSecrets,
         "Keep what is secret in the service that needs it; a flow's data is stored and shown.");
  c.functions = read_names(*use, "functions");
  c.errors = read_names(*use, "errors");
  c.retries = read_names(*use, "retries");
  c.timeouts = read_names(*use, "timeouts");
  if (const auto extensions = use->find("extensions")) look_into_extensions(c, *extensions);
}

void check_unused(Compiler& c) {
  const Scope scope{.strategy = c.program.strategy};
  for (const auto& [name, node] : c.timeouts) {
    if (node.expect_map()) read_timeout(c, node, Place::in_task, scope);
  }
  Scope catching = scope;
  catching.caught = {"error"};
  for (const auto& [name, node] : c.retries) {
    // One that names the caught error by another name is compiled where it is used.
    if (node.expect_map() && !c.called.contains("retry " + name)) read_retry(c, node, catching);
  }
  for (const auto& [name, node] : c.errors) {
    Raise raise;
    if (node.expect_map()) check_error(node, scope, raise);
  }
  for (const auto& [name, node] : c.functions) {
    if (c.called.contains(name)) continue;
    const std::size_t tasks = c.program.tasks.size();
    read_function(c, node, name, scope);
    c.program.tasks.resize(tasks);
    c.places.resize(tasks);
  }
}

std::optional<Strategy> read_metadata(const Node& metadata) {
  if (!metadata.expect_map()) return std::nullopt;
  std::optional<Strategy> out;
  const std::vector<std::string> ours = {"strategy", "participant", "topic"};
  for (const Node::Member& member : metadata.members()) {
    const std::string hint = did_you_mean(member.name, ours);
    if (member.name == "strategy") {
      const auto name = member.node.choice({"orchestration", "choreography"});
      if (name) out = *name == "choreography" ? Strategy::choreography : Strategy::orchestration;
    } else if (member.name == "participant") {
      member.node.text();
    } else if (member.name == "compensate") {
      unsupported(member.node, code::kNoCompensation, "metadata.compensate",
                  "Undo in a `catch` of a `try` around the tasks.");
    } else if (member.name == "sla") {
      unsupported(member.node, code::kNoSla, "metadata.sla",
                  "Use a `timeout`, which interrupts, until alerts are there.");
    } else if (member.name != "topic" && !hint.empty()) {
      member.node.warning(code::kMetadataTypo, quote(member.name) + " has no meaning to Baton" + hint,
                          "Metadata is free; rename it if one of Baton's own was meant: " + either(ours) + ".");
    }
  }
  return out;
}

}  // namespace baton::flow
