// Calls of which the flow wants nothing any more.
#pragma once

#include "engine/engine.h"

namespace baton::role {

/// The call that this step has settled otherwise than by its own service: cancelled with what stood around it, timed
/// out, answered by somebody else. nullptr: `moved` is no such move. An operation without a reply is never settled: it
/// is to be done, whatever becomes of the flow.
const flow::Call* settled_call(const flow::Program& program, const engine::Moved& moved, const event::Event& event);

/// The id under which the call of this occurrence is performed: its command's, where it is commanded.
std::string call_id(const engine::InstanceId& instance, const engine::Occurrence& occurrence);

}  // namespace baton::role
