#include "role/settled.h"

namespace baton::role {

std::string call_id(const engine::InstanceId& instance, const engine::Occurrence& occurrence) {
  return engine::derived_id(instance, occurrence.pointer, occurrence.iteration, "command");
}

}  // namespace baton::role
