// What the task types do: start() once its input is there, child_done() when a task directly below has ended. One file
// each. Inside of the engine only.
#pragma once

#include "base/assert.h"
#include "engine/step.h"

namespace baton::engine {

void start(Step& step, FrameId id, const flow::Task& task, const flow::Do& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Call& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Function& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Fork& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Switch& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Set& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Emit& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Listen& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Wait& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Raise& body);
void start(Step& step, FrameId id, const flow::Task& task, const flow::Try& body);

/// `child` has ended with `output`, and says what comes next (never `end`: that is not for its parent to decide).
void child_done(Step& step, FrameId id, const flow::Do& body, const flow::Task& child, json::Data output,
                const flow::Directive& then);
void child_done(Step& step, FrameId id, const flow::Function& body, const flow::Task& child, json::Data output,
                const flow::Directive& then);
void child_done(Step& step, FrameId id, const flow::Fork& body, const flow::Task& child, json::Data output,
                const flow::Directive& then);
void child_done(Step& step, FrameId id, const flow::Try& body, const flow::Task& child, json::Data output,
                const flow::Directive& then);
/// The others have no tasks below them.
template <class Body>
void child_done(Step&, FrameId, const Body&, const flow::Task&, json::Data, const flow::Directive&) {
  assert_failed("a task stands below one that has none", __FILE__, __LINE__);
}

/// try: (re-)begins its list from the original input.
void begin_attempt(Step& step, FrameId id);
/// listen: whether it takes the event, which is in the instance's own log; it may then be complete, and its frame gone.
bool offer(Step& step, FrameId id, const event::Event& event);
/// listen: an event from elsewhere, brought for this filter. False: it does not fit what is fixed by now.
bool deliver(Step& step, FrameId id, std::uint32_t filter, const event::Event& event);
/// listen: takes its subscriptions back, before the frame goes.
void unsubscribe(Step& step, Frame& frame);

/// "[a,b,c]"; nothing is parsed.
json::Data array_of(const std::vector<json::Data>& items);

}  // namespace baton::engine
