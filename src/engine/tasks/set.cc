// set: the value replaces the data.
#include "engine/scope.h"
#include "engine/tasks/tasks.h"

namespace baton::engine {

void start(Step& step, FrameId id, const flow::Task&, const flow::Set& body) {
  const json::Data input = frame_of(step, id).input;
  auto value = evaluate_in_task(step, id, body.value, input);
  if (value) complete(step, id, *std::move(value));
}

}  // namespace baton::engine
