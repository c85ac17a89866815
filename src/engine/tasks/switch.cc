// switch: the first case that holds leads on; the default is tried last; without either, the task's own `then`.
#include "engine/scope.h"
#include "engine/tasks/tasks.h"

namespace baton::engine {

void start(Step& step, FrameId id, const flow::Task&, const flow::Switch& body) {
  const json::Data input = frame_of(step, id).input;
  const flow::Directive* then = nullptr;
  for (const flow::Switch::Case& one : body.cases) {
    if (!one.when) {
      then = &one.then;
      continue;
    }
    const auto holds = evaluate_in_task(step, id, *one.when, input);
    if (!holds) return;
    if (truth(*holds)) return complete(step, id, input, &one.then);
  }
  complete(step, id, input, then);
}

}  // namespace baton::engine
