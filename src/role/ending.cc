#include "role/ending.h"

namespace baton::role {
namespace {

bool is_flow_timeout(const event::Event& event) {
  const json::Value* timer = event.kind == "timer" ? json::find(event.data.value(), "/timer") : nullptr;
  const auto* name = timer == nullptr ? nullptr : timer->if_string();
  return name != nullptr && std::string_view(*name) == engine::kFlowTimer;
}

}  // namespace

bool tells_the_end(const flow::Program& program, const event::Event& event) {
  if (engine::is_flow_fault(event) || is_flow_timeout(event)) return true;
  const auto occurrence = engine::parse_occurrence(event.flowtask);
  const flow::Task* task = event.kind == "fault" && occurrence ? program.find(occurrence->pointer) : nullptr;
  return task != nullptr && task->fault_ends_flow;
}

bool is_to_tell(const Live& live, const event::Event& event, const engine::Effects& effects,
                const std::function<bool(const flow::Actor&)>& mine) {
  if (live.instance.status != engine::Status::faulted || tells_the_end(*live.program, event)) return false;
  for (const engine::Effect& effect : effects) {
    const auto* moved = std::get_if<engine::Moved>(&effect);
    if (moved == nullptr || moved->phase != engine::Moved::Phase::faulted) continue;
    const flow::Task& task = live.program->task(moved->task);
    const flow::Actor& finder = event.kind == "timer" ? task.timekeeper : task.actor;
    return finder.kind == flow::Actor::Kind::none || mine(finder);
  }
  return false;
}

}  // namespace baton::role
