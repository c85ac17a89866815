// call of an operation: "ready" goes out, and the reply (or, if the operation has none, nothing more) completes it. A
// retried call that has no answer yet is under way already: only its answer is waited for.
#include "engine/scope.h"
#include "engine/tasks/tasks.h"
#include "engine/unanswered.h"

namespace baton::engine {
namespace {

/// In a slice what others do is only watched.
bool only_watched(const Step& step, const flow::Task& task) {
  return step.program.slice &&
         !(task.actor.kind == flow::Actor::Kind::service && task.actor.service == step.program.slice->service);
}

/// Whoever has the data makes the request, for all must see alike that it can't be made. (A slice that lacks the data
/// has let the request go.) False: raised.
bool perform(Step& step, FrameId id, const flow::Task& task, const flow::Call& body) {
  const json::Data input = frame_of(step, id).input;
  auto request = evaluate_in_task(step, id, body.with, input);
  if (!request) return false;
  if (body.request_schema) {
    if (const auto valid = body.request_schema->validate(request->value()); !valid) {
      raise(step, id, "validation", "request of " + body.service + "." + body.operation + ": " + valid.error().text);
      return false;
    }
  }
  if (const auto fits = check_published(step, *request); !fits) {
    raise(step, id, "runtime", "request of " + body.service + "." + body.operation + ": " + fits.error().text);
    return false;
  }
  if (only_watched(step, task)) return true;
  step.effects.emplace_back(
      Perform{.task = task.id, .occurrence = occurrence_of(step, frame_of(step, id)), .request = *std::move(request)});
  return true;
}

}  // namespace

void start(Step& step, FrameId id, const flow::Task& task, const flow::Call& body) {
  const std::optional<Unanswered> again = take_up(step, id);
  if (!again && !perform(step, id, task, body)) return;
  if (body.reply_types.empty()) return complete(step, id, frame_of(step, id).input);
  wait_for(step, id, Frame::Phase::waiting_reply);
  if (again && again->answer) return settle(step, id, *again->answer);
  take_early_answer(step, id);
}

}  // namespace baton::engine
