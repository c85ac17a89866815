// The journal's unit of atomicity. Grammar: docs/formats/journal.md.
//
//   | length | crc | position | lag | incarnation | kind 0 partitions | base offsets | body | pad to 4 |
//     4        4     8          4     4             1    1 2            8 each         length counts these two
//
// The checksum also covers what is not written: the segment's number and the frame's place in it. So a frame left over
// from a segment's former life, or moved, is never taken for one of this life.
//
// The body and its checksum are made by the submitting thread on its own; only the head and the base offsets, which
// depend on the commit's place in the order, are filled in under the journal's lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/log.h"

namespace baton::log::local {

enum class FrameKind : std::uint8_t {
  commit = 1,
  topic = 2,   ///< a topic was created
  owner = 3,   ///< a store was created or taken over
  opened = 4,  ///< a process opened the journal: a new incarnation begins
  end = 5,     ///< the segment's last; the next segment goes on
  lost = 6,    ///< stands where a repair has set damaged frames aside; its position is the last of theirs
};

/// Those kinds that have a position of their own in the commit order.
constexpr bool takes_position(FrameKind kind) {
  return kind <= FrameKind::owner;
}

inline constexpr std::size_t kHeadBytes = 28;
inline constexpr std::size_t kAlign = 4;
constexpr std::size_t aligned(std::size_t bytes) {
  return (bytes + kAlign - 1) / kAlign * kAlign;
}

struct FrameHead {
  std::uint32_t length = 0;  ///< of base offsets and body
  std::uint32_t crc = 0;
  Position position;              ///< its own, or (opened, end, lost) the last one before what follows
  std::uint32_t lag = 0;          ///< position minus what was durable when it was accepted; the most if it does not fit
  std::uint32_t incarnation = 0;  ///< counts the opens of the journal; never falls from frame to frame
  FrameKind kind = FrameKind::end;
  std::uint16_t partitions = 0;  ///< groups of records in the body
  std::size_t bytes() const { return aligned(kHeadBytes + length); }
};

/// Records of one partition in one frame.
struct Group {
  TopicPartition to;
  std::uint32_t count = 0;
  std::uint32_t bytes = 0;  ///< of the encoded records
};

/// A frame before it has its place. Reused from commit to commit, so that its memory is.
struct Draft {
  FrameKind kind = FrameKind::commit;
  std::string bytes;  ///< head and base offsets still zero
  std::vector<Group> groups;
  std::uint32_t body_crc = 0;
  Instant taken_at;                  ///< by the log; not in the frame
  std::vector<std::uint32_t> order;  ///< scratch: group of each append
};

void draft_commit(Draft& draft, const Commit& commit);
void draft_topic(Draft& draft, const Topic& topic);
struct OwnerRecord {
  std::uint32_t store = 0;
  Epoch epoch;
  StoreName name;
  Durability durability = Durability::journaled;
};
void draft_owner(Draft& draft, const OwnerRecord& owner);
void draft_opened(Draft& draft);
/// `bytes`: of the whole frame, aligned.
void draft_lost(Draft& draft, std::size_t bytes);
/// `next`: the number of the segment that goes on.
void draft_end(Draft& draft, std::uint64_t next);

/// The frame at `out` (a copy of the draft's bytes, padded) gets its place: head and base offsets are written.
void seal(char* out, const Draft& draft, FrameHead head, const std::vector<Offset>& bases, std::uint64_t segment,
          std::uint64_t at);

/// A checked frame; views into the bytes it was read from.
struct Frame {
  FrameHead head;
  std::string_view bases;
  std::string_view body;
};

/// Nothing if `bytes` do not begin with a frame that was written at this place.
std::optional<Frame> read_frame(std::string_view bytes, std::uint64_t segment, std::uint64_t at);
/// The head alone, unchecked. Nothing if there are too few bytes or it can't be a head.
std::optional<FrameHead> read_head(std::string_view bytes);

struct GroupView {
  TopicPartition to;
  Offset base;
  std::uint32_t count = 0;
  std::string_view records;
};

/// A frame that was checked when it was accepted, as it lies in memory.
Frame trusted_frame(std::string_view bytes);
/// The frame's records of one partition. Nothing: there are none, or it is malformed.
std::optional<GroupView> find_group(const Frame& frame, TopicPartition partition);

/// What a commit frame says. Nothing: malformed.
struct CommitView {
  std::optional<Owner> owner;
  std::vector<GroupView> groups;
  std::string_view rest;  ///< of the body: consumed offsets and changes
};
std::optional<CommitView> read_commit(const Frame& frame);
/// Consumed offsets and changes, from CommitView::rest. False: malformed.
bool read_effects(std::string_view rest, std::vector<Consumed>& consumed, std::vector<Change>& changes);

/// The next record of a group; takes it off `records`. Nothing: malformed.
std::optional<RecordView> take_record(std::string_view& records, Offset offset);

std::optional<Topic> read_topic(const Frame& frame);
std::optional<OwnerRecord> read_owner(const Frame& frame);
std::optional<std::uint64_t> read_end(const Frame& frame);

}  // namespace baton::log::local
