// A task: what all types have in common, and which type it is.
#include <algorithm>
#include <array>

#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

struct Kind {
  const char* key;
  Body (*read)(Compiler&, const Node&, const Scope&);
  std::vector<std::string> properties;
};

Body read_for(Compiler& c, const Node& task, const Scope& scope) {
  unsupported(*task.find("for"), code::kNoFor, "`for`",
              "Loop with `then` and a `switch`, or write the repetitions out.");
  look_into_for(c, task, scope);
  return {};
}

Body read_run(Compiler&, const Node& task, const Scope& scope) {
  const Node run = *task.find("run");
  unsupported(run, code::kNoRun, "`run`", "Put the work into a service, and call its operation.");
  if (run.expect_map()) read_value(run, Place::in_task, scope);
  return {};
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"for", read_for, {"for", "while", "do"}},
      {"run", read_run, {"run"}},
      {"do", read_do, {"do"}},
      {"call", read_call, {"call", "with"}},
      {"fork", read_fork, {"fork"}},
      {"switch", read_switch, {"switch"}},
      {"set", read_set, {"set"}},
      {"emit", read_emit, {"emit"}},
      {"listen", read_listen, {"listen", "foreach"}},
      {"wait", read_wait, {"wait"}},
      {"raise", read_raise, {"raise"}},
      {"try", read_try, {"try", "catch"}},
  };
  return all;
}

const std::vector<std::string> kCommon = {"if", "input", "output", "export", "timeout", "then", "metadata"};

std::vector<std::string> all_properties() {
  std::vector<std::string> out = kCommon;
  for (const Kind& kind : kinds()) out.emplace_back(kind.key);
  return out;
}

/// The one type that the task has; of several, all, with a complaint; of none, nothing, with a complaint.
std::vector<const Kind*> kinds_of(const Node& node) {
  std::vector<const Kind*> found;
  for (const Kind& kind : kinds()) {
    if (node.find(kind.key)) found.push_back(&kind);
  }
  // The `do` of a `for` is its body.
  if (!found.empty() && found[0]->read == read_for)
    std::erase_if(found, [](const Kind* k) { return k->read == read_do; });
  if (found.size() == 1) return found;
  std::string hint;
  if (found.empty() && node.is_map()) {
    for (const Node::Member& member : node.members()) {
      if (std::ranges::find(kCommon, member.name) == kCommon.end() && hint.empty())
        hint = did_you_mean(member.name, all_properties());
    }
  }
  node.error(code::kTaskKind,
             found.empty() ? "the task " + quote(node.name()) + " does not say what to do" + hint
                           : "the task " + quote(node.name()) + " has both " + found[0]->key + " and " + found[1]->key,
             "A task has exactly one of: call, do, emit, fork, listen, raise, set, switch, try, wait.");
  return found;
}

void read_common(Compiler& c, const Node& node, Task& task, const Scope& scope) {
  if (const auto condition = node.find("if")) task.condition = read_expression(*condition, Place::before_task, scope);
  if (const auto input = node.find("input")) task.input = read_transform(*input, "from", Place::before_task, scope);
  if (const auto output = node.find("output")) task.output = read_transform(*output, "as", Place::in_task, scope);
  if (const auto exported = node.find("export"))
    task.exported = read_transform(*exported, "as", Place::exported, scope);
  if (const auto timeout = node.find("timeout")) task.timeout = read_timeout(c, *timeout, Place::in_task, scope);
  if (const auto then = node.find("then")) read_then(c, *then, task.id, PendingThen::Slot::task);
}

/// Branches run at the same time, and `export` replaces the whole context: one that does not build on the old one drops
/// the others'.
void check_branch_export(const Node& node, const Task& task, const Scope& scope) {
  if (!scope.in_branch || !task.exported.expression) return;
  const std::vector<json::Read> reads = task.exported.expression->reads();
  if (std::ranges::any_of(reads, [](const json::Read& read) { return read.root == "$context"; })) return;
  node.find("export")->warning(code::kBranchExport, "this export replaces what the other branches of the fork export",
                               "Add to the context instead: as: '$context + { name: . }'.");
}

}  // namespace

void unsupported(const Node& node, const char* code, const std::string& feature, std::string remedy) {
  node.error(code, feature + " is not supported yet", std::move(remedy));
}

TaskId read_task(Compiler& c, const Node& node, const std::string& name, const std::string& pointer,
                 const Scope& outer) {
  const TaskId id = c.reserve(node);
  if (id == kNoTask) return id;
  Task task;
  task.id = id;
  task.parent = outer.parent;
  task.name = name;
  task.pointer = pointer;
  task.strategy = outer.strategy;
  task.definition = node.value();
  c.task(id) = task;
  if (!node.expect_map()) return id;

  if (const auto metadata = node.find("metadata")) {
    task.strategy = read_metadata(*metadata).value_or(outer.strategy);
    task.metadata = metadata->value();
  }
  Scope scope = outer;
  scope.parent = id;
  scope.pointer = pointer;
  scope.strategy = task.strategy;
  read_common(c, node, task, scope);
  check_branch_export(node, task, scope);
  c.task(id) = std::move(task);
  const std::vector<const Kind*> found = kinds_of(node);
  std::vector<std::string> allowed = kCommon;
  for (const Kind* kind : found) allowed.insert(allowed.end(), kind->properties.begin(), kind->properties.end());
  if (!found.empty()) node.only(allowed);
  for (const Kind* kind : found) {
    Body body = kind->read(c, node, scope);
    c.task(id).body = std::move(body);
  }
  return id;
}

}  // namespace baton::flow
