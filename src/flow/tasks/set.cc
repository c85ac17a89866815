#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {

Body read_set(Compiler& c, const Node& task, const Scope& scope) {
  static_cast<void>(c);
  const Node node = *task.find("set");
  const bool expression = node.is_text() && json::unwrap(*node.text()).has_value();
  if (!node.is_map() && !expression) {
    node.error(code::kWrongType, "`set` must be a map or an expression, found " + describe(node.value()),
               "Write the data as a map whose texts may be ${ } expressions, or one ${ } expression.");
    return {};
  }
  if (node.is_map() && node.value().get_object().empty()) {
    node.error(code::kBadValue, "`set` sets nothing", "Write the data, or leave the task out.");
  }
  auto value = read_value(node, Place::in_task, scope);
  return value ? Body(Set{*std::move(value)}) : Body();
}

}  // namespace baton::flow
