#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {

Body read_switch(Compiler& c, const Node& task, const Scope& scope) {
  const Node list = *task.find("switch");
  Switch out;
  bool has_default = false;
  std::set<std::string> names;
  for (const Node::Member& member : list.named_items()) {
    const Node& node = member.node;
    if (!node.expect_map()) continue;
    node.only({"when", "then"});
    if (!names.insert(member.name).second) {
      node.error(code::kDuplicateName, "the switch has two cases named " + quote(member.name),
                 "Give each case a name of its own.");
    }
    Switch::Case one;
    one.name = member.name;
    if (const auto when = node.find("when")) {
      one.when = read_expression(*when, Place::in_task, scope);
      if (!one.when) continue;
    } else if (has_default) {
      node.error(code::kManyDefaults, "the switch has a second case without `when`: " + quote(member.name),
                 "Keep one default; it is tried last, wherever it stands.");
      continue;
    } else {
      has_default = true;
    }
    if (const auto then =
            node.require("then", "Write where the case leads: then: continue, exit, end or a task's name.")) {
      read_then(c, *then, scope.parent, PendingThen::Slot::switch_case, out.cases.size());
    }
    out.cases.push_back(std::move(one));
  }
  if (list.is_list() && list.value().get_array().empty()) {
    list.error(code::kMissing, "the switch has no cases", "Write at least one: '- name: { when: …, then: … }'.");
  }
  return out;
}

}  // namespace baton::flow
