// The one order of commits, and its way to the disk.
//
//   append()           the frame gets its position and place, is copied to memory, and can be read: accepted
//   take() .. synced() whatever was appended since goes out in one write, one fdatasync: durable
//
// Bound to one folder. Any thread, unless said otherwise. A lock is held for short: no file is touched under it, except
// with `inline_prepare`, where append() makes the next segment ready itself.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "log/local/frame.h"
#include "log/local/recent.h"
#include "log/local/segment.h"
#include "log/local/topics.h"

namespace baton::log::local {

struct JournalOptions {
  std::uint64_t segment_bytes = 0;
  std::size_t recent_bytes = 0;
  std::size_t unsynced_bytes_max = 0;
  std::size_t free_segments_max = 0;
  bool zero_segments = true;
  bool inline_prepare = false;
};

/// How the journal stood when it was last closed, however that was: recovery's result.
struct JournalState {
  Topics topics;
  std::map<std::uint64_t, std::shared_ptr<Segment>> segments;
  std::vector<std::uint64_t> free;  ///< segments that nothing needs
  Position last;
  Location end;                   ///< where the next frame goes; segment 0: nowhere yet
  Location checkpoint_end;        ///< the index up to here is in the state store
  std::uint32_t incarnation = 0;  ///< of this open
};

/// What waits for the disk.
struct WriteGroup {
  std::vector<Span> spans;
  Position position;
  Location end;
  std::uint64_t bytes = 0;
  std::uint64_t commits = 0;
};

/// A copy of the index, taken under the lock, to read records without it.
struct ReadPlan {
  std::shared_ptr<Segment> segment;  ///< nothing: there is nothing to read, `next` says where to go on
  TopicPartition partition;
  Offset from;  ///< the first record wanted
  Offset slice_first;
  Offset next;
  Offset slice_end;
  Offset until;                ///< the next gap, or the end: nothing from there on
  std::optional<Gap> gap;      ///< `from` stands in it
  std::vector<Entry> entries;  ///< the frames to read, if `loaded`
  bool loaded = true;
  Location limit;                              ///< frames at or after it are not to be seen
  std::vector<std::shared_ptr<Chunk>> chunks;  ///< that hold them all, in order; none: they must be read from the file
};

/// What a checkpoint needs to know of the journal at one moment.
struct JournalFreeze {
  struct PersistedSlice {
    TopicPartition partition;
    Slice slice;  ///< entries only of slices that changed
    bool changed = false;
  };
  Position last;
  Location end;
  std::uint32_t incarnation = 0;
  std::vector<TopicIndex> topics;                                 ///< without slices
  std::map<std::uint64_t, std::vector<PersistedSlice>> segments;  ///< those whose slices changed
  std::vector<std::uint64_t> gone;                                ///< segments that nothing needs once this is durable
};

struct JournalStats {
  std::uint64_t bytes_written = 0, frame_bytes = 0, syncs = 0, commits = 0, segments = 0;
};

class Journal {
 public:
  Journal(Disk& disk, const JournalOptions& options, JournalState state);

  /// The first frame of this open. Synced before any other is appended: so no incarnation is ever used twice.
  Result<void> begin();
  /// Errors: invalid (unknown partition, too large), busy, out_of_space. Sets `bases`: the first offset of each group.
  Result<Position> append(const Draft& draft, std::vector<Offset>& bases);
  /// append() of a new topic. Errors as there; conflict is the caller's to check.
  Result<Topic> open_topic(const TopicSpec& spec, Position& position);

  std::optional<Topic> find_topic(std::string_view name) const;
  std::vector<Topic> list_topics() const;
  /// "loans/3", for people.
  std::string name_of(TopicPartition at) const;
  Offset first(TopicPartition at) const;
  Offset end(TopicPartition at, Isolation isolation) const;
  ReadPlan plan_read(TopicPartition at, Offset from, std::size_t bytes_max, Isolation isolation) const;

  // --- the way to the disk; one thread

  /// Nothing if nothing waits.
  std::optional<WriteGroup> take();
  Result<void> write(const WriteGroup& group);
  void synced(const WriteGroup& group);
  Position last() const;
  Position durable() const;
  /// Waits for work, at most until `until` if given. False: closed.
  bool wait_for_work(std::optional<std::chrono::steady_clock::time_point> until);
  /// Waits until durable() >= position, or closed.
  void wait_durable(Position position) const;
  void close();

  // --- segments; one thread

  /// Makes the next segment ready if it will soon be needed. True if it did something.
  Result<bool> prepare_if_wanted();
  /// Waits until prepare_if_wanted() has something to do. False: closed.
  bool wait_prepare();

  // --- checkpoints and retention; one thread

  JournalFreeze freeze();
  /// The frozen state is durable in the state store.
  void thaw(const JournalFreeze& freeze);
  /// Moves first() of all partitions as retention allows. True if a segment is needed no more.
  bool trim(Instant now, const std::optional<Retention>& retention);
  std::uint64_t appended_bytes() const;
  JournalStats stats() const;

 private:
  struct Prepared {
    std::shared_ptr<Segment> segment;
    bool wanted = false;          ///< soon needed; stays so while it is made
    std::optional<Error> failed;  ///< the last attempt; another is made when a commit needs it
  };
  Result<void> check_locked(const Draft& draft) const;
  Result<void> make_room_locked(std::size_t bytes);
  Result<void> next_segment_locked();
  void want_segment_locked();
  Position place_locked(const Draft& draft, std::vector<Offset>& bases);
  Result<Position> append_locked(const Draft& draft, std::vector<Offset>& bases);
  Result<void> prepare_locked(std::unique_lock<std::mutex>* let_go);

  Disk& disk_;
  const JournalOptions options_;
  mutable std::mutex mutex_;
  mutable std::condition_variable durable_changed_;
  std::condition_variable work_;
  std::condition_variable prepare_;
  bool closed_ = false;
  bool writer_sleeps_ = false;

  Topics topics_;
  std::map<std::uint64_t, std::shared_ptr<Segment>> segments_;
  std::vector<std::uint64_t> free_;
  std::shared_ptr<Segment> current_;
  Prepared prepared_;
  std::uint64_t last_number_ = 0;  ///< of the segments ever used
  Recent recent_;

  const std::uint32_t incarnation_;
  Position last_;
  Location end_;        ///< where the next frame goes
  Location taken_end_;  ///< where the next group to write begins
  Location synced_end_;
  Position synced_;
  std::uint64_t appended_bytes_ = 0;  ///< since the open
  std::uint64_t synced_bytes_ = 0;
  std::uint64_t commits_ = 0;
  std::uint64_t taken_commits_ = 0;
  JournalStats stats_;
  Location frozen_end_;              ///< of the last checkpoint
  std::set<std::uint64_t> changed_;  ///< segments whose slices changed since
};

}  // namespace baton::log::local
