#include "role/ending.h"

namespace baton::role {
namespace {

/// May the flow go on after the fault of this call: caught, or that of who has lost a race?
bool outlives_fault(const flow::Program& program, const flow::Task& call) {
  for (const flow::Task* task = &call; task->parent != flow::kNoTask;) {
    const flow::Task& parent = program.task(task->parent);
    const auto* attempt = std::get_if<flow::Try>(&parent.body);
    const auto* fork = std::get_if<flow::Fork>(&parent.body);
    if ((attempt != nullptr && attempt->body == task->id) || (fork != nullptr && fork->compete)) return true;
    task = &parent;
  }
  return false;
}

/// The call whose fault this is; nullptr: none of the program's that has a reply.
const flow::Task* faulted_call(const flow::Program& program, const event::Event& event) {
  const auto occurrence = engine::parse_occurrence(event.flowtask);
  const flow::Task* task = event.kind == "fault" && occurrence ? program.find(occurrence->pointer) : nullptr;
  const auto* call = task == nullptr ? nullptr : std::get_if<flow::Call>(&task->body);
  return call != nullptr && !call->reply_types.empty() ? task : nullptr;
}

bool is_flow_timeout(const event::Event& event) {
  const json::Value* timer = event.kind == "timer" ? json::find(event.data.value(), "/timer") : nullptr;
  const auto* name = timer == nullptr ? nullptr : timer->if_string();
  return name != nullptr && std::string_view(*name) == engine::kFlowTimer;
}

}  // namespace

bool tells_the_end(const flow::Program& program, const event::Event& event) {
  if (engine::is_flow_fault(event) || is_flow_timeout(event)) return true;
  const flow::Task* call = faulted_call(program, event);
  return call != nullptr && !outlives_fault(program, *call);
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
