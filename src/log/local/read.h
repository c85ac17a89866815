// Turns a ReadPlan into records: from the frames in memory, or from the segment's file.
#pragma once

#include "log/local/journal.h"
#include "log/local/state_store.h"

namespace baton::log::local {

/// Takes no lock. Errors: corrupt (file and byte position; records before it are served by the call that ends there),
/// io.
Result<Batch> execute(const ReadPlan& plan, const StateStore& state, std::size_t bytes_max);

}  // namespace baton::log::local
