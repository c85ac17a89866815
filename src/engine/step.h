// One step of one instance, as its parts share it. Inside of the engine only.
//
// A step reads one event and runs until nothing more can happen without another one. Tasks to be entered stand in the
// agenda, in order: so no flow, however long or looping, nests calls deeper than its tasks nest.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/engine.h"

namespace baton::engine {

/// A flow that loops without waiting for anything would never end its step: at this many tasks it faults.
inline constexpr std::size_t kEntriesMax = 10'000;

struct Step {
  const flow::Program& program;
  Instance& instance;
  const event::Event& event;
  Effects& effects;
  Instant now;               ///< the event's at(); never before the step before
  std::size_t first_effect;  ///< effects of this step begin here
  std::vector<Entry> agenda = {};
  std::size_t next = 0;             ///< of the agenda
  std::size_t published_bytes = 0;  ///< of the requests and events so far
};

Step make_step(const flow::Program& program, Instance& instance, const event::Event& event, Effects& effects);

/// Works the agenda off (or, while suspended, puts it aside), then settles the instance's status.
void run(Step& step);

// --- frames (frames.cc). A Frame& is good until a frame is added or removed.

Frame* find_frame(Instance& instance, FrameId id);
const Frame* find_frame(const Instance& instance, FrameId id);
Frame& frame_of(Step& step, FrameId id);
inline const flow::Task& task_of(const Step& step, const Frame& frame) {
  return step.program.tasks[frame.task.value];
}
FrameId add_frame(Step& step, Entry entry, std::uint32_t iteration);
void remove_frame(Step& step, FrameId id);
Occurrence occurrence_of(const Step& step, const Frame& frame);
void moved(Step& step, const Frame& frame, Moved::Phase phase, json::Data data = {});
void wait_for(Step& step, FrameId id, Frame::Phase phase);
/// Ends everything below a frame: timers disarmed, Moved cancelled; the youngest first.
void cancel_children(Step& step, FrameId id);

// --- how tasks end (moves.cc)

/// The task is done with this raw output: transforms and exports it, and goes on. `then` overrides the task's own.
void complete(Step& step, FrameId id, json::Data raw_output, const flow::Directive* then = nullptr);
/// The task was not entered for its `if`: its raw input goes on.
void skip(Step& step, FrameId id);
/// The flow is over, gracefully, with the output of a task whose frame is gone; `parent` is where it stood.
void end_flow(Step& step, FrameId parent, const json::Data& output);
void end_instance(Step& step, Status status, json::Data data);

// --- how they fail (faults.cc)

/// The task fails: bubbles up to the first `try` around it that catches it, or ends the flow.
void raise(Step& step, FrameId id, const Fault& fault);
void raise(Step& step, FrameId id, std::string_view kind, std::string detail);
/// The fault came from inside of this frame, which lives on if it is a try that catches it (tasks/try.cc).
bool caught(Step& step, FrameId id, const Fault& fault, const json::Data& problem);
void raise_inside(Step& step, FrameId id, const Fault& fault);

// --- timers (timers.cc)

void arm(Step& step, FrameId id, flow::TaskId task, ArmedTimer::Purpose purpose, Millis delay);
void disarm(Step& step, FrameId id);
void disarm(Step& step, FrameId id, ArmedTimer::Purpose purpose);
/// A duration of a task. An expression that fails raises there; then nothing is returned, and the frame may be gone.
struct Locals;
std::optional<Millis> milliseconds(Step& step, FrameId id, const flow::Duration& duration);
std::optional<Millis> milliseconds(Step& step, FrameId id, const flow::Duration& duration, const Locals& locals);
Taken on_timer(Step& step);

// --- events (observe.cc, control.cc)

/// An event, a result or a fault.
Taken observe(Step& step);
/// An event from elsewhere, brought for one listen.
Taken on_delivery(Step& step);
Taken on_control(Step& step);
/// The waiting call ends as its answer, a result or a fault, says.
void settle(Step& step, FrameId id, const event::Event& event);
/// The call may have its answer in the inbox already.
void take_early_answer(Step& step, FrameId id);

}  // namespace baton::engine
