// cancel, suspend, resume. A suspended instance takes what comes, timers too, and begins no task until it is resumed.
#include "engine/step.h"

namespace baton::engine {

Taken on_control(Step& step) {
  Instance& instance = step.instance;
  const json::Value* value = json::find(step.event.data.value(), "/action");
  const auto* text = value == nullptr ? nullptr : value->if_string();
  const std::string_view action = text == nullptr ? std::string_view() : std::string_view(*text);
  if (action == "cancel") {
    end_instance(step, Status::cancelled, {});
    return Taken::used;
  }
  if (action == "suspend" && (instance.status == Status::running || instance.status == Status::waiting)) {
    instance.status = Status::suspended;
    return Taken::used;
  }
  if (action == "resume" && instance.status == Status::suspended) {
    instance.status = Status::running;
    step.agenda = std::move(instance.held);
    instance.held.clear();
    run(step);
    return Taken::used;
  }
  return Taken::orphan;
}

}  // namespace baton::engine
