// call of a function of use.functions: its task, with `with` as the input.
#include "engine/scope.h"
#include "engine/tasks/tasks.h"

namespace baton::engine {

void start(Step& step, FrameId id, const flow::Task&, const flow::Function& body) {
  const json::Data input = frame_of(step, id).input;
  auto with = evaluate_in_task(step, id, body.with, input);
  if (with) step.agenda.push_back({.parent = id, .task = body.body, .raw_input = *std::move(with)});
}

void child_done(Step& step, FrameId id, const flow::Function&, const flow::Task&, json::Data output,
                const flow::Directive&) {
  complete(step, id, std::move(output));
}

}  // namespace baton::engine
