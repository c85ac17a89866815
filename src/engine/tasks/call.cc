// call of an operation: "ready" goes out, and the reply (or, if the operation has none, nothing more) completes it. A
// retried call that has no answer yet is under way already: only its answer is waited for.
#include "base/assert.h"
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

std::string name_of(const flow::Call& body) {
  return "request of " + body.service + "." + body.operation;
}

/// The request, or why there is none.
std::expected<json::Data, Fault> make_request(Step& step, FrameId id, const flow::Task& task, const flow::Call& body) {
  const Frame& frame = frame_of(step, id);
  const auto failed = [&](std::string_view kind, std::string detail) {
    return std::unexpected(standard_fault(kind, std::move(detail), task.pointer));
  };
  auto request = evaluate(step, &frame, body.with, frame.input);
  if (!request) return failed("expression", request.error().text);
  if (body.request_schema) {
    if (const auto valid = body.request_schema->validate(request->value()); !valid)
      return failed("validation", name_of(body) + ": " + valid.error().text);
  }
  if (const auto fits = check_published(step, *request); !fits)
    return failed("runtime", name_of(body) + ": " + fits.error().text);
  return *std::move(request);
}

/// False: raised.
bool perform(Step& step, FrameId id, const flow::Task& task, const flow::Call& body) {
  const bool replies = !body.reply_types.empty();
  // Who only watches learns from the log that the request could not be made; where nothing will tell, by making it.
  if (only_watched(step, task) && replies) return true;
  auto request = make_request(step, id, task, body);
  if (!request && !replies) {
    raise(step, id, request.error());
    return false;
  }
  if (only_watched(step, task)) return true;
  const Occurrence occurrence = occurrence_of(step, frame_of(step, id));
  BATON_ASSERT(!occurrence.pointer.empty());
  if (request) {
    step.effects.emplace_back(Perform{.task = task.id, .occurrence = occurrence, .request = *std::move(request)});
  } else {
    step.effects.emplace_back(
        Refuse{.task = task.id, .occurrence = occurrence, .problem = json::Data::from_value(to_json(request.error()))});
  }
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
