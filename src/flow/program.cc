#include "flow/program.h"

#include <algorithm>

#include "json/number.h"

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

std::string emitted_type(const Emit& emit) {
  const json::Value* type = json::find(emit.with.source(), "/type");
  const auto text = type == nullptr ? std::nullopt : json::if_string(*type);
  return !text || json::unwrap(*text) ? std::string() : std::string(*text);
}

bool hears_outside(const Events& listened) {
  return listened.filters.empty() || std::ranges::any_of(listened.filters, &Filter::others);
}

}  // namespace baton::flow
