#include "engine/unanswered.h"

#include <algorithm>

#include "base/assert.h"
#include "engine/inbox.h"

namespace baton::engine {
namespace {

void abandon(Step& step, flow::TaskId task, std::uint32_t iteration) {
  step.effects.emplace_back(
      Abandon{.task = task, .occurrence = {.pointer = step.program.tasks[task.value].pointer, .iteration = iteration}});
}

/// The nearest try around the frame that may repeat its list; 0: none.
FrameId holder_of(const Step& step, const Frame& frame) {
  for (FrameId at = frame.parent; at != 0;) {
    const Frame* around = find_frame(static_cast<const Instance&>(step.instance), at);
    const auto* body = std::get_if<flow::Try>(&task_of(step, *around).body);
    if (body != nullptr && body->retry && !around->handling) return at;
    at = around->parent;
  }
  return 0;
}

/// A new call of the task stands for it from now on.
void forget(Step& step, flow::TaskId task) {
  std::erase_if(step.instance.unanswered, [&](const Unanswered& one) {
    if (one.task != task) return false;
    if (!one.answer) abandon(step, one.task, one.iteration);
    return true;
  });
}

void pass_on(Step& step, const Frame& from, Unanswered one) {
  BATON_ASSERT(one.task != flow::kNoTask);
  one.holder = holder_of(step, from);
  one.again = false;
  if (one.holder != 0) return step.instance.unanswered.push_back(std::move(one));
  if (!one.answer) abandon(step, one.task, one.iteration);
}

void pass_on_all(Step& step, const Frame& from) {
  auto& all = step.instance.unanswered;
  std::vector<Unanswered> held;
  for (Unanswered& one : all) {
    if (one.holder == from.id) held.push_back(std::move(one));
  }
  std::erase_if(all, [&](const Unanswered& one) { return one.holder == from.id; });
  for (Unanswered& one : held) pass_on(step, from, std::move(one));
}

}  // namespace

void leave(Step& step, const Frame& frame) {
  if (frame.phase == Frame::Phase::waiting_reply)
    pass_on(step, frame, {.task = frame.task, .iteration = frame.iteration, .attempt = frame.attempt});
  if (!step.instance.unanswered.empty()) pass_on_all(step, frame);
}

void give_up(Step& step, FrameId id) {
  if (!step.instance.unanswered.empty()) pass_on_all(step, frame_of(step, id));
}

void repeat(Step& step, FrameId id) {
  BATON_ASSERT(frame_of(step, id).attempt > 0);
  for (Unanswered& one : step.instance.unanswered) one.again = one.again || one.holder == id;
}

void answered(Step& step, FrameId id, const event::Event& answer) {
  Frame& frame = frame_of(step, id);
  frame.phase = Frame::Phase::running;
  const auto& call = std::get<flow::Call>(task_of(step, frame).body);
  if (answer.kind.empty() && answer.source != kServiceSource + call.service) abandon(step, frame.task, frame.iteration);
}

const Unanswered* find_again(const Step& step, FrameId parent, flow::TaskId task) {
  if (step.instance.unanswered.empty()) return nullptr;
  const auto& all = step.instance.unanswered;
  for (FrameId at = parent; at != 0; at = find_frame(static_cast<const Instance&>(step.instance), at)->parent) {
    const auto found = std::ranges::find_if(
        all, [&](const Unanswered& one) { return one.again && one.holder == at && one.task == task; });
    if (found != all.end()) return &*found;
  }
  return nullptr;
}

std::optional<Unanswered> take_up(Step& step, FrameId id) {
  const Frame& frame = frame_of(step, id);
  const Unanswered* found = find_again(step, frame.parent, frame.task);
  if (found == nullptr) {
    forget(step, frame.task);
    return std::nullopt;
  }
  auto& all = step.instance.unanswered;
  const auto at = all.begin() + (found - all.data());
  std::optional<Unanswered> taken = std::move(*at);
  all.erase(at);
  return taken;
}

bool keep_answer(Step& step, const event::Event& event) {
  for (Unanswered& one : step.instance.unanswered) {
    if (one.answer || !answers(step.program.tasks[one.task.value], one.iteration, event)) continue;
    one.answer = event;
    return true;
  }
  return false;
}

}  // namespace baton::engine
