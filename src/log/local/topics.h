// Topics, and where in the journal the records of each of their partitions stand.
//
//   partition:  slices, one per segment that holds records of it:   segment 7: offsets 0..41 | segment 8: 42..99 | ...
//   slice:      entries, one per frame:                             (first offset, place of the frame)
//
// Slices are kept in memory; the entries of older segments are in the state store and are looked up when someone reads
// there.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/local/segment.h"
#include "log/log.h"

namespace baton::log::local {

struct Entry {
  std::uint32_t delta = 0;  ///< the frame's first offset minus the slice's
  std::uint32_t at = 0;     ///< place of the frame in the segment
};

struct Slice {
  std::uint64_t segment = 0;
  Offset first;
  std::uint32_t count = 0;
  std::uint64_t bytes = 0;  ///< of the encoded records
  Instant taken_at;         ///< when the log took the last of them
  bool loaded = true;       ///< entries are here
  std::vector<Entry> entries;
  Offset end() const { return first.plus(count); }
};

/// Index of the entry whose frame holds `offset`. `entries` is not empty and begins at or before it.
std::size_t entry_of(const std::vector<Entry>& entries, Offset slice_first, Offset offset);

/// What one frame holds of a partition.
struct Stretch {
  Location at;
  Offset base;
  std::uint32_t count = 0;
  std::uint32_t bytes = 0;
  Instant taken_at;
};

class PartitionIndex {
 public:
  /// The gap that `offset` stands in, or nullptr.
  const Gap* gap_at(Offset offset) const;
  /// The first offset from `offset` on that stands in a gap; end() if none does.
  Offset gap_after(Offset offset) const;
  /// [from, to) are lost; what is known to be lost already stays so.
  void lose(Gap gap);
  /// What comes next begins at `base` and not at end(): what is between is lost.
  void skip_to(Offset base, std::uint64_t segment, std::string why);
  const std::vector<Gap>& gaps() const { return gaps_; }
  PartitionIndex() = default;
  PartitionIndex(Offset first, Offset end) : first_(first), end_(end) {}
  Offset first() const { return first_; }
  Offset end() const { return end_; }
  /// The first offset whose frame stands at or after `limit`; end() if none does.
  Offset end_before(Location limit) const;
  void add(const Stretch& stretch);
  /// A slice as it was persisted, in order; without entries.
  void restore(Slice slice);
  /// The slice that holds `offset`; first() <= offset < end().
  const Slice& slice_of(Offset offset) const;
  std::deque<Slice>& slices() { return slices_; }
  const std::deque<Slice>& slices() const { return slices_; }
  /// Lets go of the oldest slice: first() moves to its end.
  void drop_oldest();
  /// After a restart: forgets what is below `first`.
  void set_first(Offset first) { first_ = first; }
  void set_end(Offset end) { end_ = end; }

 private:
  Offset first_;
  Offset end_;
  std::deque<Slice> slices_;
  std::vector<Gap> gaps_;  ///< in order, apart from each other
};

struct TopicIndex {
  TopicSpec spec;
  std::vector<PartitionIndex> partitions;
};

/// Not thread-safe: the journal's lock guards it. TopicId counts from 0.
class Topics {
 public:
  void add(const TopicSpec& spec);
  std::optional<Topic> find(std::string_view name) const;
  std::vector<Topic> list() const;
  PartitionIndex* partition(TopicPartition at);
  const PartitionIndex* partition(TopicPartition at) const;
  std::vector<TopicIndex>& all() { return topics_; }
  const std::vector<TopicIndex>& all() const { return topics_; }

 private:
  std::vector<TopicIndex> topics_;
  std::map<std::string, std::uint32_t, std::less<>> by_name_;
};

}  // namespace baton::log::local
