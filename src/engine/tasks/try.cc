// try: catches what bubbles up to it; repeats its list, runs its handler, or goes on.
#include <algorithm>

#include "base/assert.h"
#include "base/hash.h"
#include "engine/scope.h"
#include "engine/tasks/tasks.h"
#include "engine/unanswered.h"

namespace baton::engine {
namespace {

using Purpose = ArmedTimer::Purpose;
constexpr Millis kDelayMax = 24LL * 3600 * 1000;

bool filtered(const flow::Try& body, const Fault& fault) {
  if (body.type && !same_type(*body.type, fault.type)) return false;
  if (body.status && *body.status != fault.status) return false;
  if (body.title && *body.title != fault.title) return false;
  if (body.detail && *body.detail != fault.detail) return false;
  return !body.instance || *body.instance == fault.instance;
}

/// `when` holds and `exceptWhen` does not.
Result<bool> holds(const Step& step, FrameId id, const std::optional<json::Template>& when,
                   const std::optional<json::Template>& except_when, const json::Data& problem, std::string_view as) {
  const Frame* frame = find_frame(step.instance, id);
  const Locals locals{.error_name = as, .error = &problem};
  if (when) {
    BATON_TRY(const bool wanted, test(step, frame, *when, problem, locals));
    if (!wanted) return false;
  }
  if (!except_when) return true;
  BATON_TRY(const bool excepted, test(step, frame, *except_when, problem, locals));
  return !excepted;
}

/// The delay before the `n`th repetition, without jitter.
Millis backed_off(flow::Retry::Backoff backoff, Millis delay, std::uint32_t n) {
  BATON_ASSERT(n >= 1 && delay >= 0);
  using Backoff = flow::Retry::Backoff;
  delay = std::min(delay, kDelayMax);
  if (backoff == Backoff::linear) return std::min<Millis>(delay * std::min<Millis>(n, kDelayMax), kDelayMax);
  if (backoff == Backoff::exponential) return n > 27 && delay > 0 ? kDelayMax : std::min(delay << (n - 1), kDelayMax);
  return delay;
}

/// Everybody draws the same: from the instance, the task and the repetition.
Millis jitter(const Step& step, const Frame& frame, Millis from, Millis to) {
  if (to <= from) return std::max<Millis>(from, 0);
  const std::uint64_t seed =
      fnv1a(task_of(step, frame).pointer, fnv1a(step.instance.id.correlation, fnv1a(step.instance.id.flow))) +
      frame.iteration;
  const std::uint64_t draw = mix(mix(seed) + frame.attempt);
  return from + static_cast<Millis>(draw % static_cast<std::uint64_t>(to - from + 1));
}

json::Data retried_data(std::uint32_t attempt, Instant due) {
  return json::Data::from_value({{"attempt", attempt}, {"due", to_rfc3339(due)}});
}

enum class Retried { yes, no, raised };

/// How long to wait before the next attempt; nothing: the limits are reached. `raised`: a duration failed.
std::optional<Millis> next_delay(Step& step, FrameId id, const flow::Retry& retry, const Locals& locals, bool& raised) {
  const auto read = [&](const flow::Duration& duration) {
    const auto value = raised ? std::nullopt : milliseconds(step, id, duration, locals);
    raised = raised || !value;
    return value.value_or(0);
  };
  const std::uint32_t n = frame_of(step, id).attempt + 1;
  if (retry.attempts_max && static_cast<std::int64_t>(n) > *retry.attempts_max) return std::nullopt;
  const Millis base = read(retry.delay);
  const Millis from = read(retry.jitter_from);
  const Millis to = read(retry.jitter_to);
  const Millis all = retry.duration ? read(*retry.duration) : 0;
  if (raised) return std::nullopt;
  const Frame& frame = frame_of(step, id);
  const Millis delay = std::min(backed_off(retry.backoff, base, n) + jitter(step, frame, from, to), kDelayMax);
  if (retry.duration && step.now + delay >= frame.started + all) return std::nullopt;
  return delay;
}

Retried retry(Step& step, FrameId id, const flow::Try& body, const json::Data& problem) {
  const auto wanted = holds(step, id, body.retry->when, body.retry->except_when, problem, body.as);
  if (!wanted) {
    raise(step, id, "expression", wanted.error().text);
    return Retried::raised;
  }
  bool raised = false;
  const auto delay =
      *wanted ? next_delay(step, id, *body.retry, {.error_name = body.as, .error = &problem}, raised) : std::nullopt;
  if (!delay) return raised ? Retried::raised : Retried::no;
  Frame& frame = frame_of(step, id);
  ++frame.attempt;
  frame.error = problem;
  repeat(step, id);
  moved(step, frame, Moved::Phase::retried, retried_data(frame.attempt, step.now + *delay));
  if (*delay == 0) {
    begin_attempt(step, id);
    return Retried::yes;
  }
  frame.phase = Frame::Phase::waiting_retry;
  frame.since = step.now;
  arm(step, id, frame.task, Purpose::phase, *delay);
  return Retried::yes;
}

}  // namespace

void begin_attempt(Step& step, FrameId id) {
  BATON_ASSERT(!frame_of(step, id).handling);
  const auto& body = std::get<flow::Try>(task_of(step, frame_of(step, id)).body);
  if (body.retry && body.retry->attempt_duration) {
    const auto limit = milliseconds(step, id, *body.retry->attempt_duration);
    if (!limit) return;
    arm(step, id, frame_of(step, id).task, Purpose::attempt, *limit);
  }
  Frame& frame = frame_of(step, id);
  frame.phase = Frame::Phase::running;
  frame.since = step.now;
  frame.error = {};
  step.agenda.push_back({.parent = id, .task = body.body, .raw_input = frame.input});
}

void start(Step& step, FrameId id, const flow::Task& task, const flow::Try& body) {
  if (body.retry && body.retry->duration) {
    const auto limit = milliseconds(step, id, *body.retry->duration);
    if (!limit) return;
    arm(step, id, task.id, Purpose::attempts, *limit);
  }
  begin_attempt(step, id);
}

void child_done(Step& step, FrameId id, const flow::Try& body, const flow::Task&, json::Data output,
                const flow::Directive&) {
  BATON_ASSERT(frame_of(step, id).phase == Frame::Phase::running);
  const bool handled = frame_of(step, id).handling;
  complete(step, id, std::move(output), handled && body.then ? &*body.then : nullptr);
}

bool caught(Step& step, FrameId id, const Fault& fault, const json::Data& problem) {
  const auto* body = std::get_if<flow::Try>(&task_of(step, frame_of(step, id)).body);
  if (body == nullptr || frame_of(step, id).handling) return false;
  disarm(step, id, Purpose::attempt);
  if (!filtered(*body, fault)) return false;
  const auto wanted = holds(step, id, body->when, body->except_when, problem, body->as);
  if (!wanted) {
    raise(step, id, "expression", wanted.error().text);
    return true;
  }
  if (!*wanted) return false;
  if (body->retry) {
    const Retried outcome = retry(step, id, *body, problem);
    if (outcome != Retried::no) return true;
    if (!body->handler) return false;
  }
  Frame& frame = frame_of(step, id);
  if (!body->handler) {
    complete(step, id, frame.input, body->then ? &*body->then : nullptr);
    return true;
  }
  disarm(step, id, Purpose::attempts);
  frame.error = problem;
  frame.handling = true;
  give_up(step, id);
  frame.phase = Frame::Phase::running;
  frame.since = step.now;
  step.agenda.push_back({.parent = id, .task = *body->handler, .raw_input = frame.input});
  return true;
}

}  // namespace baton::engine
