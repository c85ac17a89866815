// What an instance remembers of events: early ones, and which it has consumed. Inside of the engine only.
#pragma once

#include "engine/step.h"

namespace baton::engine {

/// Seen before, where a second time could do harm: consumed by a listen or as the answer to a call that it does not
/// name, or in the inbox.
bool is_duplicate(const Step& step, const event::Event& event);
void note_consumed(Step& step, const event::Event& event);
/// False: the inbox is full.
bool keep(Step& step, const event::Event& event, bool for_listen, bool for_call);

/// Whether a listen (a call) that does not wait yet may still want the event.
bool may_be_listened_to(const Step& step, const event::Event& event);
bool may_be_answer(const Step& step, const event::Event& event);
/// The event is the answer to this occurrence of the call.
bool answers(const flow::Task& task, std::uint32_t iteration, const event::Event& event);

}  // namespace baton::engine
