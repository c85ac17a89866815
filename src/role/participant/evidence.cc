#include "role/evidence.h"

#include "role/participant/pending.h"

namespace baton::role {

PendingEvidence read_pending(std::string_view bytes) {
  Pending pending = decode_pending(bytes);
  return {pending.failures, pending.attempts_max, pending.retry_at, std::move(pending.last_error)};
}

}  // namespace baton::role
