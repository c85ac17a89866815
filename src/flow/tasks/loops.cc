// `for` and `foreach`, which are not supported yet: what stands in them is read for its mistakes.
#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

/// Inside of the loop its variables are visible, each by its default name unless `loop` names it.
Scope inside(const Node& loop, const Scope& scope, const char* item_key) {
  Scope out = scope;
  for (const auto& [key, usual] : {std::pair(item_key, "item"), std::pair("at", "index")}) {
    const auto node = loop.find(key);
    const auto name = node ? node->text() : std::nullopt;
    out.caught.push_back(name.value_or(usual));
  }
  return out;
}

}  // namespace

void look_into_for(Compiler& c, const Node& task, const Scope& scope) {
  const Node loop = *task.find("for");
  if (!loop.expect_map()) return;
  loop.only({"each", "in", "at"});
  const auto in = loop.require("in", "Write the list to go through: in: .items.");
  if (in && in->is_text()) {
    read_expression(*in, Place::in_task, scope);
  } else if (in) {
    read_value(*in, Place::in_task, scope);
  }
  const Scope scope_inside = inside(loop, scope, "each");
  if (const auto condition = task.find("while")) read_expression(*condition, Place::in_task, scope_inside);
  if (const auto list = task.require("do", "Write the tasks to repeat: do:, and below it '- name: …'."))
    read_list(c, *list, scope.pointer + "/for/do", scope_inside);
}

void look_into_foreach(Compiler& c, const Node& foreach, const Scope& scope) {
  if (!foreach.expect_map()) return;
  foreach
    .only({"item", "at", "do", "output", "export"});
  const Scope scope_inside = inside(foreach, scope, "item");
  if (const auto list = foreach.find("do")) read_list(c, *list, scope.pointer + "/foreach/do", scope_inside);
  if (const auto output = foreach.find("output")) read_transform(*output, "as", Place::in_task, scope_inside);
  if (const auto exported = foreach.find("export")) read_transform(*exported, "as", Place::exported, scope_inside);
}

}  // namespace baton::flow
