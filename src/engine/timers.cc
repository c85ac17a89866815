// Timers of an instance. A timer's name is never used twice, so a stale one is told by that it is not armed; and it is
// derived from what it ends, so that whoever follows only a part of the flow knows it by the same name.
#include <algorithm>

#include "base/assert.h"
#include "engine/scope.h"
#include "engine/tasks/tasks.h"

namespace baton::engine {
namespace {

/// Armed and disarmed within one step: nobody needs to know.
bool take_back(Step& step, const std::string& timer) {
  for (std::size_t i = step.effects.size(); i-- > step.first_effect;) {
    const auto* armed = std::get_if<Arm>(&step.effects[i]);
    if (armed == nullptr || armed->timer != timer) continue;
    step.effects.erase(step.effects.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

template <class Which>
void disarm_where(Step& step, Which which) {
  auto& timers = step.instance.timers;
  for (std::size_t i = 0; i < timers.size();) {
    if (!which(timers[i].second)) {
      ++i;
      continue;
    }
    auto& [name, timer] = timers[i];
    if (!take_back(step, name)) step.effects.emplace_back(Disarm{.task = timer.task, .timer = name, .due = timer.due});
    timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void fire(Step& step, const ArmedTimer& timer) {
  using Purpose = ArmedTimer::Purpose;
  if (timer.frame == 0) {
    end_instance(step, Status::faulted,
                 json::Data::from_value(to_json(standard_fault("timeout", "the flow took too long", "/timeout"))));
    return;
  }
  const Frame& frame = frame_of(step, timer.frame);
  const flow::Task& task = task_of(step, frame);
  switch (timer.purpose) {
    case Purpose::phase:
      BATON_ASSERT(frame.phase == Frame::Phase::waiting_retry || frame.phase == Frame::Phase::waiting_timer);
      if (frame.phase == Frame::Phase::waiting_retry) {
        begin_attempt(step, timer.frame);
      } else {
        complete(step, timer.frame, frame.input);
      }
      return;
    case Purpose::timeout:
      raise(step, timer.frame, "timeout", "the task took too long");
      return;
    case Purpose::attempt:
    case Purpose::attempts:
      disarm(step, timer.frame, Purpose::phase);
      raise_inside(
          step, timer.frame,
          standard_fault("timeout",
                         timer.purpose == Purpose::attempt ? "the attempt took too long" : "all attempts took too long",
                         task.pointer));
      return;
  }
}

}  // namespace

namespace {

/// TASK.ITERATION.ATTEMPT and a letter for the purpose.
std::string name_of(Step& step, FrameId id, ArmedTimer::Purpose purpose) {
  if (id == 0) return std::string(kFlowTimer);
  const Frame& frame = frame_of(step, id);
  std::string name =
      std::to_string(frame.task.value) + '.' + std::to_string(frame.iteration) + '.' + std::to_string(frame.attempt);
  return name += "ptaw"[static_cast<std::size_t>(purpose)];
}

}  // namespace

void arm(Step& step, FrameId id, flow::TaskId task, ArmedTimer::Purpose purpose, Millis delay) {
  BATON_ASSERT(delay >= 0 && !ended(step.instance.status));
  BATON_ASSERT(id == 0 ? task == flow::kNoTask : frame_of(step, id).task == task);
  const Instant due = step.now + delay;
  std::string name = name_of(step, id, purpose);
  step.effects.emplace_back(Arm{.task = task, .timer = name, .due = due});
  step.instance.timers.emplace_back(std::move(name),
                                    ArmedTimer{.task = task, .due = due, .frame = id, .purpose = purpose});
}

void disarm(Step& step, FrameId id) {
  disarm_where(step, [&](const ArmedTimer& t) { return t.frame == id; });
}

void disarm(Step& step, FrameId id, ArmedTimer::Purpose purpose) {
  disarm_where(step, [&](const ArmedTimer& t) { return t.frame == id && t.purpose == purpose; });
}

std::optional<Millis> milliseconds(Step& step, FrameId id, const flow::Duration& duration) {
  return milliseconds(step, id, duration, {});
}

std::optional<Millis> milliseconds(Step& step, FrameId id, const flow::Duration& duration, const Locals& locals) {
  if (!duration.expression) return duration.ms;
  const json::Data input = frame_of(step, id).input;
  const auto value = evaluate_in_task(step, id, *duration.expression, input, locals);
  if (!value) return std::nullopt;
  const auto parsed = duration_of(*value);
  if (parsed) return *parsed;
  raise(step, id, "expression", parsed.error().text);
  return std::nullopt;
}

Taken on_timer(Step& step) {
  const json::Value* key = json::find(step.event.data.value(), "/timer");
  const auto* name = key == nullptr ? nullptr : key->if_string();
  auto& timers = step.instance.timers;
  const auto found = std::find_if(timers.begin(), timers.end(),
                                  [&](const auto& t) { return name != nullptr && t.first == std::string_view(*name); });
  if (found == timers.end()) return Taken::orphan;
  const ArmedTimer timer = found->second;
  timers.erase(found);
  fire(step, timer);
  run(step);
  return Taken::used;
}

}  // namespace baton::engine
