// An event of the instance's log: the answer to a call, something that listens wait for, or early.
#include <algorithm>

#include "base/assert.h"
#include "engine/inbox.h"
#include "engine/tasks/tasks.h"
#include "engine/unanswered.h"
#include "event/routed.h"

namespace baton::engine {
namespace {

/// The waiting call that the event answers; if it names none, the first in the order of tasks. 0: none.
FrameId find_call(const Step& step) {
  const Frame* found = nullptr;
  for (const Frame& frame : step.instance.frames) {
    if (frame.phase != Frame::Phase::waiting_reply) continue;
    if (!answers(task_of(step, frame), frame.iteration, step.event)) continue;
    if (found == nullptr || frame.task < found->task) found = &frame;
  }
  return found == nullptr ? 0 : found->id;
}

/// All listens that wait now, in the order in which they began. True: at least one took it.
bool offer_to_listens(Step& step) {
  bool taken = false;
  const FrameId end = step.instance.next_frame;
  for (FrameId last = 0; last + 1 < end;) {
    const auto& frames = step.instance.frames;
    const auto found = std::find_if(frames.begin(), frames.end(), [&](const Frame& f) {
      return f.id > last && f.id < end && f.phase == Frame::Phase::waiting_event;
    });
    if (found == frames.end()) break;
    last = found->id;
    taken = offer(step, last, step.event) || taken;
  }
  return taken;
}

}  // namespace

void settle(Step& step, FrameId id, const event::Event& event) {
  BATON_ASSERT(frame_of(step, id).phase == Frame::Phase::waiting_reply);
  answered(step, id, event);
  if (event.kind == "fault") {
    raise(step, id, fault_from_json(event.data.value(), task_of(step, frame_of(step, id)).pointer));
  } else {
    complete(step, id, event.data);
  }
}

Taken observe(Step& step) {
  const event::Event& event = step.event;
  if (is_duplicate(step, event)) return Taken::orphan;
  const FrameId call = find_call(step);
  if (call != 0) settle(step, call, event);
  const bool heard = event.kind.empty() && offer_to_listens(step);
  if (call != 0 || heard) note_consumed(step, event);
  const bool answer = call == 0 && keep_answer(step, event);
  Taken left = answer ? Taken::kept : Taken::orphan;
  if (!ended(step.instance.status)) {
    const bool for_listen = !heard && may_be_listened_to(step, event);
    const bool for_call = call == 0 && !answer && may_be_answer(step, event);
    if ((for_listen || for_call) && !keep(step, event, for_listen, for_call)) {
      left = answer ? Taken::kept : Taken::full;
    } else if (for_listen || for_call) {
      left = Taken::kept;
    }
  }
  run(step);
  if (call != 0 || heard) return Taken::used;
  return left;
}

Taken on_delivery(Step& step) {
  const auto to = parse_delivery_task(step.event.flowtask);
  if (!to) return Taken::orphan;
  const auto& frames = step.instance.frames;
  const auto found = std::ranges::find_if(frames, [&](const Frame& frame) {
    return frame.phase == Frame::Phase::waiting_event && frame.iteration == to->occurrence.iteration &&
           task_of(step, frame).pointer == to->occurrence.pointer;
  });
  if (found == frames.end()) return Taken::orphan;
  const bool taken = deliver(step, found->id, to->filter, event::original(step.event));
  run(step);
  return taken ? Taken::used : Taken::orphan;
}

void take_early_answer(Step& step, FrameId id) {
  auto& inbox = step.instance.inbox;
  if (inbox.empty()) return;
  const Frame& frame = frame_of(step, id);
  BATON_ASSERT(frame.phase == Frame::Phase::waiting_reply);
  const auto found = std::find_if(inbox.begin(), inbox.end(), [&](const Kept& k) {
    return k.for_call && answers(task_of(step, frame), frame.iteration, k.event);
  });
  if (found == inbox.end()) return;
  const event::Event event = found->event;
  found->for_call = false;
  if (!found->for_listen) inbox.erase(found);
  note_consumed(step, event);
  settle(step, id, event);
}

}  // namespace baton::engine
