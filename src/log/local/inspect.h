// What a journal's files hold against what they should: the walk that verify and repair share.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "log/local/care.h"
#include "log/local/checkpoint.h"
#include "log/local/recovery.h"

namespace baton::log::local {

/// Bytes of one segment that are not what was written.
struct Damage {
  std::uint64_t segment = 0;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  enum class Kind {
    header,   ///< of the segment
    missing,  ///< the whole file; `to` > 0: it must be there again, up to `to`
    frames,   ///< from the first damaged one to where a whole one stands again
    rest,     ///< from the first damaged one to the segment's end, which should have said which one goes on
  };
  Kind kind = Kind::frames;
  Position last;                  ///< of what was lost; as it was before, if it had none
  std::uint32_t incarnation = 0;  ///< of the frames around it
  std::uint64_t next = 0;         ///< rest: the segment that goes on
  struct Records {
    TopicPartition partition;
    Offset from;
    Offset to;
    Instant taken_at;
  };
  std::vector<Records> records;  ///< that the index has there
  bool replayed = false;         ///< behind the checkpoint
};

struct Inspection {
  std::vector<Damage> damages;
  std::vector<Topic> topics;
  std::uint64_t segments = 0, frames = 0, records = 0, torn_bytes = 0;
};

/// `restored`: the checkpoint with the index, or what an empty store gives. Errors: unsupported, io.
Result<Inspection> inspect(Disk& disk, const StateStore* state, const Restored& restored,
                           const std::function<void(const Progress&)>& tell);

}  // namespace baton::log::local
