// The tree of active tasks, kept as a vector in order of ids. Parents are older than their children.
#include <algorithm>

#include "base/assert.h"
#include "engine/tasks/tasks.h"
#include "engine/unanswered.h"

namespace baton::engine {

const Frame* find_frame(const Instance& instance, FrameId id) {
  const auto& frames = instance.frames;
  const auto found =
      std::lower_bound(frames.begin(), frames.end(), id, [](const Frame& f, FrameId i) { return f.id < i; });
  return found != frames.end() && found->id == id ? &*found : nullptr;
}

Frame* find_frame(Instance& instance, FrameId id) {
  return const_cast<Frame*>(find_frame(static_cast<const Instance&>(instance), id));
}

Frame& frame_of(Step& step, FrameId id) {
  Frame* frame = find_frame(step.instance, id);
  BATON_ASSERT(frame != nullptr);
  return *frame;
}

FrameId add_frame(Step& step, Entry entry, std::uint32_t iteration) {
  Instance& instance = step.instance;
  const FrameId id = instance.next_frame++;
  BATON_ASSERT(id != 0);  // 2^32 tasks of one instance
  BATON_ASSERT(entry.parent == 0 || find_frame(instance, entry.parent) != nullptr);
  Frame& frame = instance.frames.emplace_back();
  frame.id = id;
  frame.parent = entry.parent;
  frame.task = entry.task;
  frame.iteration = iteration;
  frame.started = step.now;
  frame.since = step.now;
  frame.raw_input = std::move(entry.raw_input);
  return id;
}

void remove_frame(Step& step, FrameId id) {
  leave(step, frame_of(step, id));
  auto& frames = step.instance.frames;
  Frame& frame = frame_of(step, id);
  unsubscribe(step, frame);
  BATON_ASSERT(frame.subscribed.empty());
  frames.erase(frames.begin() + (&frame - frames.data()));
}

Occurrence occurrence_of(const Step& step, const Frame& frame) {
  const flow::Task& task = task_of(step, frame);
  const bool call = std::holds_alternative<flow::Call>(task.body);
  return {.pointer = task.pointer, .iteration = frame.iteration, .attempt = call ? frame.attempt : 0};
}

void moved(Step& step, const Frame& frame, Moved::Phase phase, json::Data data) {
  BATON_ASSERT(frame.task.value < step.program.tasks.size());
  step.effects.emplace_back(
      std::in_place_type<Moved>,
      Moved{.task = frame.task, .occurrence = occurrence_of(step, frame), .phase = phase, .data = std::move(data)});
}

void wait_for(Step& step, FrameId id, Frame::Phase phase) {
  BATON_ASSERT(phase != Frame::Phase::running);
  Frame& frame = frame_of(step, id);
  frame.phase = phase;
  frame.since = step.now;
  if (phase != Frame::Phase::running && phase != Frame::Phase::waiting_branches)
    moved(step, frame, Moved::Phase::waiting);
}

void cancel_children(Step& step, FrameId id) {
  auto& frames = step.instance.frames;
  const auto below = [&](const Frame& frame) {
    FrameId at = frame.parent;
    while (at > id) at = find_frame(step.instance, at)->parent;
    return at == id;
  };
  for (auto at = frames.end(); at != frames.begin() && std::prev(at)->id > id;) {
    --at;
    if (!below(*at)) continue;
    disarm(step, at->id);
    unsubscribe(step, *at);
    moved(step, *at, Moved::Phase::cancelled);
    leave(step, *at);
    at = frames.erase(at);
  }
  // What a suspended instance was to enter there it will not.
  std::erase_if(step.instance.held, [&](const Entry& entry) { return entry.parent == id; });
}

}  // namespace baton::engine
