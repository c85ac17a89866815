#include "flow/compiler.h"

namespace baton::flow {

Body read_do(Compiler& c, const Node& task, const Scope& scope) {
  return Do{read_list(c, *task.find("do"), scope.pointer + "/do", scope)};
}

}  // namespace baton::flow
