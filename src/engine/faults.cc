// How faults bubble.
#include "engine/scope.h"

namespace baton::engine {

void raise(Step& step, FrameId id, const Fault& fault) {
  const json::Data problem = json::Data::from_value(to_json(fault));
  while (id != 0) {
    cancel_children(step, id);
    disarm(step, id);
    const Frame& frame = frame_of(step, id);
    const FrameId parent = frame.parent;
    moved(step, frame, Moved::Phase::faulted, problem);
    remove_frame(step, id);
    if (parent != 0 && caught(step, parent, fault, problem)) return;
    id = parent;
  }
  end_instance(step, Status::faulted, problem);
}

void raise(Step& step, FrameId id, std::string_view kind, std::string detail) {
  raise(step, id, standard_fault(kind, std::move(detail), task_of(step, frame_of(step, id)).pointer));
}

void raise_inside(Step& step, FrameId id, const Fault& fault) {
  cancel_children(step, id);
  if (!caught(step, id, fault, json::Data::from_value(to_json(fault)))) raise(step, id, fault);
}

}  // namespace baton::engine
