// The handler's call, and what came of it as an outcome's payload. The call and the check of its answer are on an
// executor thread.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "flow/contract.h"
#include "role/participant/pending.h"
#include "role/roles.h"
#include "stream/processor.h"

namespace baton::role {

/// Runs the pending operation's handler. An answer that does not fit the contract's reply is a permanent failure, as is
/// an operation without a handler or a contract (nullptr); a handler that throws has failed transiently.
stream::Job make_job(std::shared_ptr<const ServiceHandlers> service, std::shared_ptr<const flow::Contract> contract,
                     const Pending& pending);

/// The inverse of what the job hands to `done`. Answer::type is never empty if the operation has replies.
Reply reply_of(const stream::Outcome& outcome);

}  // namespace baton::role
