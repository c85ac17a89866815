// How those who follow only a part of a flow learn that it is over.
#pragma once

#include <functional>

#include "role/fold.h"

namespace baton::role {

/// Does this record tell everybody who takes part, whatever his view, that the flow is over? The fault of a call that
/// nothing around it may catch, the flow's own timeout, and what is_to_tell() makes somebody publish.
bool tells_the_end(const flow::Program& program, const event::Event& event);

/// The step has ended the flow by a fault of which no record tells: is it for this role to publish that
/// (engine::flow_fault_event)? It is for who acts on the task that has failed, or keeps the time that was over; where
/// that is nobody, for all who know: their records are one. `mine`: the actor is this role.
bool is_to_tell(const Live& live, const event::Event& event, const engine::Effects& effects,
                const std::function<bool(const flow::Actor&)>& mine);

}  // namespace baton::role
