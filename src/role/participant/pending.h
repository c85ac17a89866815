// An operation that is to be performed: what must survive a crash between "it is ready" and "here is its result".
#pragma once

#include <string>
#include <string_view>

#include "baton/handler.h"
#include "engine/occurrence.h"
#include "event/event.h"

namespace baton::role {

struct Pending {
  std::string id;  ///< of the occurrence (call_id()): idempotency key, and the command's id where there is one
  std::string operation;
  std::string contract_version;
  std::string request;  ///< JSON text
  std::string flow;     ///< "": commanded from outside of any flow
  std::string flow_version;
  engine::Occurrence occurrence;
  std::string correlationid;
  std::string traceparent;
  std::string causationid;         ///< of the command, or of the event that made the task ready
  bool commanded = false;          ///< its inbox mark is its own: nothing else remembers that the command was seen
  std::uint32_t failures = 0;      ///< executions that failed transiently
  std::uint32_t attempts_max = 0;  ///< of its policy, for those who ask why it waits; 0: any number
  Instant since;                   ///< when it was taken on
  Instant retry_at;                ///< 0: the handler is at work
  bool settled = false;            ///< the flow wants nothing of it any more: no further attempt
  std::string last_error;
};

std::string encode(const Pending& pending);
/// `bytes` were written by encode().
Pending decode_pending(std::string_view bytes);

/// Before execution number `failures` + 1; jitter of up to a tenth comes from the id, so that it is the same in every
/// replay.
Millis delay_of(const RetryPolicy& policy, std::uint32_t failures, std::string_view id);

/// Is there to be another execution after one that has failed at `now`?
bool may_retry(const RetryPolicy& policy, const Pending& pending, Instant now);

}  // namespace baton::role
