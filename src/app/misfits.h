// What a service has and its contracts do not, or the other way round: mistakes that else show in the first call at the
// earliest.
#pragma once

#include <string>
#include <vector>

#include "baton/service.h"
#include "flow/contract.h"

namespace baton::app {

/// Each as a sentence: handlers for operations that no version of the service's contract receives, operations of its
/// own version without a handler. Where there is no such contract: that, if `must_be_known`, else nothing.
std::vector<std::string> misfits(const Service::Parts& service, const flow::Contracts& contracts, bool must_be_known);

}  // namespace baton::app
