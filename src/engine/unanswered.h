// A retried call is the same call. Inside of the engine only.
//
// A call whose attempt of a `try` has failed before its answer came (its own timeout, a fault beside it) is still under
// way: its service is at work, or will be. Where a `try` around it may repeat its list, the call is remembered there,
// and the next attempt does not make another one: it waits for the answer of this one, which may have come meanwhile.
// Once no `try` can repeat it any more it is abandoned (engine.h, Abandon).
//
// A call that was answered, by a result or by a fault of its service, is over: a repetition makes a new one.
#pragma once

#include "engine/step.h"

namespace baton::engine {

/// The frame is about to go: what it has left unanswered passes to the try around it that may repeat it, or is
/// abandoned.
void leave(Step& step, const Frame& frame);
/// The try will not repeat its list any more.
void give_up(Step& step, FrameId id);
/// The try repeats its list.
void repeat(Step& step, FrameId id);
/// The waiting call has its answer.
void answered(Step& step, FrameId id, const event::Event& answer);

/// The call that an entry of the task below `parent` takes up again; nullptr: none, it is a new one.
const Unanswered* find_again(const Step& step, FrameId parent, flow::TaskId task);
/// Takes up what find_again() found for this frame. Nothing: it is a new call, and stands for the task's earlier ones.
std::optional<Unanswered> take_up(Step& step, FrameId id);
/// Keeps the answer to a call that may be taken up again. False: it is none.
bool keep_answer(Step& step, const event::Event& event);

}  // namespace baton::engine
