#include "role/settled.h"

namespace baton::role {

std::string call_id(std::string_view correlationid, const engine::Occurrence& occurrence) {
  return engine::derived_id(correlationid, occurrence.pointer, occurrence.iteration, "command");
}

}  // namespace baton::role
