#include "flow/compiler.h"

namespace baton::flow {

Body read_wait(Compiler& c, const Node& task, const Scope& scope) {
  static_cast<void>(c);
  auto duration = read_duration(*task.find("wait"), Place::in_task, scope);
  return duration ? Body(Wait{*std::move(duration)}) : Body();
}

}  // namespace baton::flow
