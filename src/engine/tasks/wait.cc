// wait: until its timer is due. Its output is its input.
#include "engine/tasks/tasks.h"

namespace baton::engine {

void start(Step& step, FrameId id, const flow::Task& task, const flow::Wait& body) {
  const auto delay = milliseconds(step, id, body.duration);
  if (!delay) return;
  if (*delay <= 0) return complete(step, id, frame_of(step, id).input);
  wait_for(step, id, Frame::Phase::waiting_timer);
  arm(step, id, task.id, ArmedTimer::Purpose::phase, *delay);
}

}  // namespace baton::engine
