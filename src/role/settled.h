// The name of a call.
#pragma once

#include "engine/engine.h"

namespace baton::role {

/// The id under which the call of this occurrence is performed: its command's, where it is commanded.
std::string call_id(const engine::InstanceId& instance, const engine::Occurrence& occurrence);

}  // namespace baton::role
