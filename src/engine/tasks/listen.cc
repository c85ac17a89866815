// listen: one event, any of several, or all of them in any order. Its output: what was read of them, in the order of
// consumption.
#include <algorithm>

#include "engine/filter.h"
#include "engine/inbox.h"
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

/// The first unsatisfied filter that takes the event; the number of filters: none does. Errors: invalid.
Result<std::uint32_t> find_filter(const Step& step, const Frame& frame, const flow::Events& to,
                                  const event::Event& event, Correlations& fixed) {
  const auto count = static_cast<std::uint32_t>(to.filters.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    if (satisfied(frame, i) || !matches(&step, &frame, to.filters[i], event)) continue;
    fixed.clear();
    BATON_TRY(const bool holds, correlates(step, frame, to.filters[i], event, fixed));
    if (holds) return i;
  }
  return count;
}

}  // namespace

bool offer(Step& step, FrameId id, const event::Event& event) {
  const flow::Task& task = task_of(step, frame_of(step, id));
  const auto& body = std::get<flow::Listen>(task.body);
  const bool any_event = body.to.mode == Mode::any && body.to.filters.empty();
  std::uint32_t filter = 0;
  Correlations fixed;
  if (!any_event) {
    const auto found = find_filter(step, frame_of(step, id), body.to, event, fixed);
    if (!found) {
      raise(step, id, "expression", found.error().text);
      return true;
    }
    if (*found == body.to.filters.size()) return false;
    filter = *found;
  }
  Frame& frame = frame_of(step, id);
  frame.outputs.push_back(read_of(event, body.read));
  frame.order.push_back(filter);
  for (auto& one : fixed) frame.correlations.push_back(std::move(one));
  if (body.to.mode != Mode::all || frame.order.size() == body.to.filters.size())
    complete(step, id, array_of(frame.outputs));
  return true;
}

void start(Step& step, FrameId id, const flow::Task&, const flow::Listen&) {
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
}

}  // namespace baton::engine
