// listen: one event, any of several, or all of them in any order. Its output: what was read of them, in the order of
// consumption.
#include <algorithm>

#include "base/assert.h"
#include "engine/filter.h"
#include "engine/inbox.h"
#include "engine/match.h"
#include "engine/tasks/tasks.h"

namespace baton::engine {
namespace {

using Mode = flow::Events::Mode;

json::Data read_of(const event::Event& event, flow::Listen::Read read) {
  switch (read) {
    case flow::Listen::Read::envelope:
      return json::Data::from_value(event::to_json(event));
    case flow::Listen::Read::raw:
      return json::Data::from_value(json::Value(event.data.text()));
    case flow::Listen::Read::data:
      break;
  }
  return event.data;
}

bool satisfied(const Frame& frame, std::uint32_t filter) {
  return std::find(frame.order.begin(), frame.order.end(), filter) != frame.order.end();
}

/// In a slice only who announces the listen has what its expressions read (flow/actors.cc).
bool announced_here(const Step& step, const flow::Task& task) {
  if (!step.program.slice) return true;
  return task.actor.kind == flow::Actor::Kind::service && task.actor.service == step.program.slice->service;
}

/// The first unsatisfied filter that hears its own instance and takes the event; the number of filters: none does.
/// Errors: invalid.
Result<std::uint32_t> find_filter(const Step& step, const Frame& frame, const flow::Events& to,
                                  const event::Event& event, Correlations& fixed) {
  const auto count = static_cast<std::uint32_t>(to.filters.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!to.filters[i].own || satisfied(frame, i) || !matches(step, frame, to.filters[i], event)) continue;
    fixed.clear();
    BATON_TRY(const bool holds, correlates(step, frame, to.filters[i], event, fixed));
    if (holds) return i;
  }
  return count;
}

bool any_event(const flow::Events& to) {
  return to.mode == Mode::any && to.filters.empty();
}

/// A filter that every event takes stands for a list of none.
const flow::Filter& filter_of(const flow::Events& to, std::uint32_t index) {
  static const flow::Filter kEvery;
  return to.filters.empty() ? kEvery : to.filters[index];
}

void unsubscribe(Step& step, Frame& frame, std::uint32_t filter) {
  const auto found = std::ranges::find(frame.subscribed, filter, [](const auto& one) { return one.first; });
  if (found == frame.subscribed.end()) return;
  const auto& to = std::get<flow::Listen>(task_of(step, frame).body).to;
  step.effects.emplace_back(Unsubscribe{.task = frame.task,
                                        .occurrence = occurrence_of(step, frame),
                                        .filter = filter,
                                        .type = filter_of(to, filter).type,
                                        .key = std::move(found->second)});
  frame.subscribed.erase(found);
}

/// False: raised.
bool subscribe(Step& step, FrameId id, const flow::Task& task, const flow::Events& to, std::uint32_t index) {
  const flow::Filter& filter = filter_of(to, index);
  Frame& frame = frame_of(step, id);
  const auto keys = expected_keys(step, frame, filter);
  if (!keys) {
    raise(step, id, "expression", keys.error().text);
    return false;
  }
  if (!filter.others) return true;
  BATON_ASSERT(std::ranges::find(frame.subscribed, index, [](const auto& one) { return one.first; }) ==
               frame.subscribed.end());
  std::string key = keys->empty() ? std::string() : join_keys(*keys, key_set(filter));
  step.effects.emplace_back(Subscribe{.task = task.id,
                                      .occurrence = occurrence_of(step, frame),
                                      .filter = index,
                                      .type = filter.type,
                                      .key = key,
                                      .terms = terms_of(step, frame, filter)});
  frame.subscribed.emplace_back(index, std::move(key));
  return true;
}

/// Whatever waits for the first value of a key waits for that value once it is fixed.
void narrow(Step& step, FrameId id, const flow::Task& task, const flow::Events& to) {
  const std::vector<std::pair<std::uint32_t, std::string>> open = frame_of(step, id).subscribed;
  for (const auto& [index, key] : open) {
    unsubscribe(step, frame_of(step, id), index);
    if (!subscribe(step, id, task, to, index)) return;
  }
}

/// The event satisfies the filter.
void take(Step& step, FrameId id, std::uint32_t filter, const event::Event& event, Correlations fixed) {
  const flow::Task& task = task_of(step, frame_of(step, id));
  const auto& body = std::get<flow::Listen>(task.body);
  Frame& frame = frame_of(step, id);
  BATON_ASSERT(frame.phase == Frame::Phase::waiting_event && !satisfied(frame, filter));
  frame.outputs.push_back(read_of(event, body.read));
  frame.order.push_back(filter);
  unsubscribe(step, frame, filter);
  const bool narrower = !fixed.empty();
  for (auto& one : fixed) frame.correlations.push_back(std::move(one));
  if (body.to.mode != Mode::all || frame.order.size() == body.to.filters.size())
    return complete(step, id, array_of(frame.outputs));
  if (narrower && announced_here(step, task)) narrow(step, id, task, body.to);
}

}  // namespace

void unsubscribe(Step& step, Frame& frame) {
  while (!frame.subscribed.empty()) unsubscribe(step, frame, frame.subscribed.front().first);
}

bool offer(Step& step, FrameId id, const event::Event& event) {
  const flow::Task& task = task_of(step, frame_of(step, id));
  const auto& to = std::get<flow::Listen>(task.body).to;
  Correlations fixed;
  if (any_event(to)) {
    take(step, id, 0, event, {});
    return true;
  }
  const auto found = find_filter(step, frame_of(step, id), to, event, fixed);
  if (!found) {
    raise(step, id, "expression", found.error().text);
    return true;
  }
  if (*found == to.filters.size()) return false;
  take(step, id, *found, event, std::move(fixed));
  return true;
}

bool deliver(Step& step, FrameId id, std::uint32_t filter, const event::Event& event) {
  const flow::Task& task = task_of(step, frame_of(step, id));
  const auto& to = std::get<flow::Listen>(task.body).to;
  if (filter >= std::max<std::size_t>(to.filters.size(), 1) || satisfied(frame_of(step, id), filter)) return false;
  Correlations fixed;
  if (fixes(frame_of(step, id), filter_of(to, filter), event, fixed)) {
    take(step, id, filter, event, std::move(fixed));
    return true;
  }
  // Its subscription is spent: it waits on with another.
  if (!announced_here(step, task)) return false;
  std::erase_if(frame_of(step, id).subscribed, [&](const auto& one) { return one.first == filter; });
  static_cast<void>(subscribe(step, id, task, to, filter));
  return false;
}

void start(Step& step, FrameId id, const flow::Task& task, const flow::Listen& body) {
  wait_for(step, id, Frame::Phase::waiting_event);
  auto& inbox = step.instance.inbox;
  for (std::size_t i = 0; i < inbox.size() && find_frame(step.instance, id) != nullptr;) {
    // Taken out first: what it completes may end the instance, and empty the inbox.
    if (!inbox[i].for_listen) {
      ++i;
      continue;
    }
    Kept kept = std::move(inbox[i]);
    inbox.erase(inbox.begin() + static_cast<std::ptrdiff_t>(i));
    const bool taken = offer(step, id, kept.event);
    if (ended(step.instance.status)) return;
    if (taken) note_consumed(step, kept.event);
    kept.for_listen = !taken;
    if (!kept.for_listen && !kept.for_call) continue;
    inbox.insert(inbox.begin() + static_cast<std::ptrdiff_t>(i), std::move(kept));
    ++i;
  }
  if (!announced_here(step, task)) return;
  const auto count = static_cast<std::uint32_t>(std::max<std::size_t>(body.to.filters.size(), 1));
  for (std::uint32_t i = 0; i < count && find_frame(step.instance, id) != nullptr; ++i) {
    if (!satisfied(frame_of(step, id), i) && !subscribe(step, id, task, body.to, i)) return;
  }
}

}  // namespace baton::engine
