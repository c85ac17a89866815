#include "flow/program.h"

#include <algorithm>

namespace baton::flow {

const Task* Program::find(std::string_view pointer) const {
  const auto found = std::ranges::find(tasks, pointer, &Task::pointer);
  return found == tasks.end() ? nullptr : &*found;
}

bool Program::orchestrated() const {
  const auto is_orchestrator = [](const Actor& a) { return a.kind == Actor::Kind::orchestrator; };
  return is_orchestrator(timekeeper) || std::ranges::any_of(tasks, [&](const Task& t) {
           return is_orchestrator(t.actor) || is_orchestrator(t.timekeeper);
         });
}

}  // namespace baton::flow
