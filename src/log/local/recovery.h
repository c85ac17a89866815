// From what lies on the disk to a log that can go on: the checkpoint, then the journal from there on.
//
// The journal ends where no valid frame follows. That is a crash's torn tail, and is cut, unless a frame further on
// shows that it is damage: docs/formats/journal.md, "Recovery". Nothing is deleted before that is known.
#pragma once

#include "log/local/checkpoint.h"
#include "log/local/journal.h"
#include "log/local/local.h"

namespace baton::log::local {

/// Where the journal ends, and what may be told from frames behind it.
struct Tail {
  Location end;
  Position last;
  std::uint32_t incarnation = 0;
  std::uint64_t frames_max = 0;  ///< that can follow
  bool closed = false;           ///< the log was closed here: if anything stands behind, it begins at once

  /// Its position can be one behind the end. Others are no frames, or of a former life.
  bool follows(const FrameHead& head) const {
    return head.position >= last && head.position.value - last.value <= frames_max;
  }
  /// Of a frame in the segment of the end: it was accepted when the next position was durable, or by a process whose
  /// `opened`, synced before all else, is missing.
  bool proves_loss(const FrameHead& head) const {
    return follows(head) && (head.position.value - last.value > head.lag || head.incarnation > incarnation);
  }
};

/// Errors: corrupt (file and byte position), io. `stores` is empty before. What the checkpoint does not know of counts
/// as taken `now`, which is later than it was: it may stay longer, and never goes too early.
Result<JournalState> recover(Disk& disk, const StateStore& state, const LocalOptions& options, Instant now,
                             Stores& stores, OpenReport& report);

}  // namespace baton::log::local
