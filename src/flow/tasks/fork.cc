#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {

Body read_fork(Compiler& c, const Node& task, const Scope& scope) {
  const Node fork = *task.find("fork");
  Fork out;
  const auto branches = fork.require("branches", "Write branches: and below it one task a branch.");
  if (!branches) return out;
  fork.only({"branches", "compete"});
  if (const auto compete = fork.find("compete")) out.compete = compete->boolean().value_or(false);
  Scope inside = scope;
  // A race has one winner, whose export stands alone.
  inside.in_branch = scope.in_branch || !out.compete;
  std::set<std::string> names;
  for (const Node::Member& branch : branches->named_items()) {
    const std::string tail = branch.node.pointer().substr(branches->pointer().size());
    const TaskId id = read_task(c, branch.node, branch.name, scope.pointer + "/fork/branches" + tail, inside);
    if (id == kNoTask) return out;
    resolve_lonely(c, id);
    if (!names.insert(branch.name).second) {
      branch.node.error(code::kDuplicateName, "the fork has two branches named " + quote(branch.name),
                        "Give each branch a name of its own.");
    }
    out.branches.push_back(id);
  }
  if (branches->is_list() && branches->value().get_array().empty()) {
    branches->error(code::kMissing, "the fork has no branches", "Write one task a branch.");
  }
  return out;
}

}  // namespace baton::flow
