// From what lies on the disk to a log that can go on: the checkpoint, then the journal from there on.
//
// The journal ends where no valid frame follows. That is a crash's torn tail, and is cut, unless a frame further on
// shows that it is damage: docs/formats/journal.md, "Recovery". Nothing is deleted before that is known.
#pragma once

#include "log/local/checkpoint.h"
#include "log/local/journal.h"
#include "log/local/local.h"

namespace baton::log::local {

/// Errors: corrupt (file and byte position), io. `stores` is empty before. What the checkpoint does not know of counts
/// as taken `now`, which is later than it was: it may stay longer, and never goes too early.
Result<JournalState> recover(Disk& disk, const StateStore& state, const LocalOptions& options, Instant now,
                             Stores& stores, OpenReport& report);

}  // namespace baton::log::local
