// Why is it here: what an instance waits for.
#include <algorithm>

#include "engine/scope.h"

namespace baton::engine {
namespace {

void add_event_types(const flow::Listen& listen, const Frame& frame, std::vector<std::string>& types) {
  const auto& filters = listen.to.filters;
  for (std::uint32_t i = 0; i < filters.size(); ++i) {
    if (std::find(frame.order.begin(), frame.order.end(), i) == frame.order.end()) types.push_back(filters[i].type);
  }
}

/// When something happens by itself: the phase's timer before the task's timeout.
std::optional<Instant> due_of(const Instance& instance, FrameId id) {
  std::optional<Instant> due;
  for (const auto& [name, timer] : instance.timers) {
    if (timer.frame != id) continue;
    if (timer.purpose == ArmedTimer::Purpose::phase) return timer.due;
    if (!due || timer.due < *due) due = timer.due;
  }
  return due;
}

std::optional<Waiting::For> kind_of(Frame::Phase phase) {
  switch (phase) {
    case Frame::Phase::running:
      return std::nullopt;
    case Frame::Phase::waiting_reply:
      return Waiting::For::reply;
    case Frame::Phase::waiting_event:
      return Waiting::For::event;
    case Frame::Phase::waiting_timer:
      return Waiting::For::timer;
    case Frame::Phase::waiting_retry:
      return Waiting::For::retry;
    case Frame::Phase::waiting_branches:
      return Waiting::For::branches;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::pending:
      return "pending";
    case Status::running:
      return "running";
    case Status::waiting:
      return "waiting";
    case Status::suspended:
      return "suspended";
    case Status::cancelled:
      return "cancelled";
    case Status::faulted:
      return "faulted";
    case Status::completed:
      return "completed";
  }
  return "unknown";
}

std::vector<Waiting> waiting(const flow::Program& program, const Instance& instance) {
  std::vector<Waiting> all;
  for (const Frame& frame : instance.frames) {
    const auto kind = kind_of(frame.phase);
    if (!kind) continue;
    const flow::Task& task = program.task(frame.task);
    Waiting one{.task = frame.task,
                .occurrence = {.pointer = task.pointer, .iteration = frame.iteration, .attempt = frame.attempt},
                .since = frame.since,
                .what = *kind,
                .types = {},
                .due = due_of(instance, frame.id),
                .last_fault = *kind == Waiting::For::retry ? frame.error : json::Data()};
    if (const auto* call = std::get_if<flow::Call>(&task.body)) one.types = call->reply_types;
    if (const auto* listen = std::get_if<flow::Listen>(&task.body)) add_event_types(*listen, frame, one.types);
    all.push_back(std::move(one));
  }
  std::stable_sort(all.begin(), all.end(), [](const Waiting& a, const Waiting& b) { return a.task < b.task; });
  return all;
}

std::vector<std::pair<std::string, std::string>> awaited_keys(const flow::Program& program, const Instance& instance,
                                                              const Waiting& waiting) {
  std::vector<std::pair<std::string, std::string>> keys;
  const auto frame = std::ranges::find_if(instance.frames, [&](const Frame& f) {
    return f.task == waiting.task && f.iteration == waiting.occurrence.iteration;
  });
  const auto* listen = std::get_if<flow::Listen>(&program.task(waiting.task).body);
  if (listen == nullptr || frame == instance.frames.end()) return keys;
  for (const auto& [key, value] : frame->correlations) keys.emplace_back(key, value.text());
  Instance copy = instance;  // evaluating changes nothing of it, but a step is made for one that may change
  Effects effects;
  const event::Event nothing;
  const Step step = make_step(program, copy, nothing, effects);
  for (const flow::Filter& filter : listen->to.filters) {
    for (const flow::Correlate& one : filter.correlate) {
      const auto value =
          one.expect ? evaluate(step, &*frame, *one.expect, frame->input) : Result<json::Data>(invalid(""));
      const bool known = std::ranges::any_of(keys, [&](const auto& key) { return key.first == one.key; });
      if (value && !known) keys.emplace_back(one.key, value->text());
    }
  }
  return keys;
}

}  // namespace baton::engine
