#include "log/local/recovery.h"

#include <algorithm>

#include "base/assert.h"
#include "log/local/segment_reader.h"

namespace baton::log::local {
namespace {

Error corrupt(std::uint64_t segment, std::uint64_t at, const std::string& what) {
  return {Code::corrupt, "journal/" + segment_name(segment) + " at byte " + std::to_string(at) + ": " + what};
}

constexpr const char* kSetAside = "damaged, and set aside by a repair";

using Segments = std::map<std::uint64_t, std::shared_ptr<Segment>>;

/// So much of a segment is looked at where it is either used from its beginning on or not at all.
constexpr std::uint64_t kGlance = 1U << 20U;

std::uint64_t bytes_of(const Segments& segments) {
  std::uint64_t bytes = 0;
  for (const auto& [number, segment] : segments) bytes += segment->bytes;
  return bytes;
}

/// A crash while a segment is made ready leaves no header, but no frame either.
Result<void> check_headless(Disk& disk, std::uint64_t number, const Tail& tail) {
  BATON_TRY(std::unique_ptr<File> file, disk.open(segment_name(number)));
  BATON_TRY(const std::uint64_t bytes, file->size());
  const Segment segment{number, bytes, std::move(file)};
  const auto follows = [&](const FrameHead& head) { return tail.follows(head); };
  BATON_TRY(const auto found, find_frame(segment, kSegmentHeaderBytes, kSegmentHeaderBytes + kGlance, follows));
  if (!found) return {};
  return corrupt(number, 0, "the segment's header is damaged; a frame at byte " + std::to_string(*found) + " is whole");
}

struct Found {
  Segments segments;
  std::vector<std::uint64_t> headless;  ///< their header is not good
};

Result<Found> open_segments(Disk& disk, const Restored& restored) {
  Found found;
  BATON_TRY(const std::vector<std::string> names, disk.list());
  for (const std::string& name : names) {
    const auto number = segment_number(name);
    if (!number) continue;
    BATON_TRY(std::shared_ptr<Segment> segment, open_segment(disk, *number));
    if (segment) {
      found.segments.emplace(*number, std::move(segment));
      continue;
    }
    const bool needed = *number == restored.end.segment || std::ranges::count(restored.segments, *number) > 0;
    if (needed) return corrupt(*number, 0, "the segment's header is damaged");
    found.headless.push_back(*number);
  }
  for (const std::uint64_t number : found.headless) {
    const Tail before{restored.end, restored.last, restored.incarnation, UINT64_MAX, false};
    BATON_CHECK(check_headless(disk, number, before));
  }
  return found;
}

Result<void> check_index(const Restored& restored, const Segments& segments) {
  for (const TopicIndex& topic : restored.topics.all()) {
    for (const PartitionIndex& partition : topic.partitions) {
      for (const Slice& slice : partition.slices()) {
        if (segments.contains(slice.segment)) continue;
        return corrupt(slice.segment, 0, "the file is missing; it holds records of topic " + topic.spec.name);
      }
    }
  }
  return {};
}

/// The open segments' entries are still added to.
Result<void> load_open_entries(const StateStore& state, Restored& restored) {
  for (std::uint32_t t = 0; t < restored.topics.all().size(); ++t) {
    auto& partitions = restored.topics.all()[t].partitions;
    for (std::size_t p = 0; p < partitions.size(); ++p) {
      for (Slice& slice : partitions[p].slices()) {
        if (slice.segment < restored.end.segment) continue;
        const TopicPartition at{TopicId(t), PartitionId(static_cast<std::int32_t>(p))};
        BATON_TRY(slice.entries, load_entries(state, slice.segment, at));
        slice.loaded = true;
      }
    }
  }
  return {};
}

/// Does again what the frames behind the checkpoint say.
class Replay {
 public:
  Replay(const Segments& segments, Instant now, const LocalOptions& options, Restored& restored, Stores& stores,
         OpenReport& report)
      : segments_(segments),
        now_(now),
        progress_(options.on_progress),
        topics_(restored.topics),
        stores_(stores),
        report_(report),
        last_(restored.last),
        incarnation_(restored.incarnation) {}

  Result<void> run(Location from) {
    end_ = from;
    for (auto at = segments_.lower_bound(from.segment); at != segments_.end(); ++at) bytes_total_ += at->second->bytes;
    bytes_total_ -= std::min<std::uint64_t>(bytes_total_, from.at);
    while (true) {
      const auto found = segments_.find(end_.segment);
      if (found == segments_.end())
        return corrupt(end_.segment, end_.at, "the file is missing, or has no header; the journal goes on there");
      BATON_TRY(const std::optional<std::uint64_t> next, segment(*found->second));
      if (!next) return {};
      end_ = {*next, kSegmentHeaderBytes};
    }
  }

  Location end() const { return end_; }
  Position last() const { return last_; }
  std::uint32_t incarnation() const { return incarnation_; }

 private:
  /// The number of the segment that goes on; nothing: the journal ends here.
  Result<std::optional<std::uint64_t>> segment(const Segment& segment) {
    SegmentReader reader(segment, end_.at);
    while (true) {
      end_.at = reader.at();
      BATON_TRY(const std::optional<Frame> frame, reader.next());
      if (!frame || !follows(frame->head)) return std::optional<std::uint64_t>();
      incarnation_ = frame->head.incarnation;
      last_ = frame->head.position;
      done(frame->head.bytes());
      if (frame->head.kind == FrameKind::end) {
        const auto next = read_end(*frame);
        if (!next) return malformed();
        return next;
      }
      if (!apply(*frame)) return malformed();
      ++report_.frames_replayed;
    }
  }

  Error malformed() const { return corrupt(end_.segment, end_.at, "a frame with a good checksum is malformed"); }

  /// A frame that is left over from before an earlier crash's torn tail was cut has an older incarnation.
  bool follows(const FrameHead& head) const {
    if (head.incarnation < incarnation_) return false;
    if (head.kind == FrameKind::lost) return head.position >= last_;
    return head.position == (takes_position(head.kind) ? last_.next() : last_);
  }

  bool apply(const Frame& frame) {
    switch (frame.head.kind) {
      case FrameKind::commit:
        return apply_commit(frame);
      case FrameKind::topic:
        return apply_topic(frame);
      case FrameKind::owner:
        return apply_owner(frame);
      case FrameKind::lost:
        ++report_.frames_lost;
        return true;
      case FrameKind::opened:
      case FrameKind::end:
        return true;
    }
    return false;
  }

  /// Tells how far it is, now and then.
  void done(std::size_t bytes) {
    bytes_done_ += bytes;
    if (!progress_ || bytes_done_ < told_at_ + kTellBytes) return;
    told_at_ = bytes_done_;
    progress_({"the journal is read", bytes_done_, std::max(bytes_done_, bytes_total_)});
  }

  bool apply_commit(const Frame& frame) {
    const auto commit = read_commit(frame);
    if (!commit) return false;
    for (const GroupView& group : commit->groups) {
      if (!apply_group(group)) return false;
    }
    std::vector<Consumed> consumed;
    std::vector<Change> changes;
    if (!read_effects(commit->rest, consumed, changes)) return false;
    if (!commit->owner) return true;
    Store* store = stores_.at(commit->owner->store);
    if (store == nullptr) return false;
    (void)local::apply(*store, std::move(changes), consumed);
    return true;
  }

  bool apply_group(const GroupView& group) {
    PartitionIndex* partition = topics_.partition(group.to);
    if (partition == nullptr || group.count == 0 || group.base < partition->end()) return false;
    if (group.base > partition->end()) {
      if (report_.frames_lost == 0) return false;
      partition->skip_to(group.base, end_.segment, kSetAside);
    }
    const Stretch stretch{end_, group.base, group.count, static_cast<std::uint32_t>(group.records.size()), now_};
    std::string_view records = group.records;
    for (std::uint32_t i = 0; i < group.count; ++i) {
      if (!take_record(records, group.base.plus(i))) return false;
    }
    partition->add(stretch);
    return true;
  }

  bool apply_topic(const Frame& frame) {
    const auto topic = read_topic(frame);
    if (!topic || topic->id.value != topics_.all().size()) return false;
    topics_.add(topic->spec);
    return true;
  }

  bool apply_owner(const Frame& frame) {
    const auto owner = read_owner(frame);
    if (!owner || owner->store > stores_.size()) return false;
    if (owner->store == stores_.size()) {
      // A checkpoint cut off by a crash may have left keys of a store that it did not come to name.
      stores_.add(owner->name, owner->durability).any_stored = true;
    }
    Store& store = *stores_.at(owner->store);
    store.epoch = owner->epoch;
    store.meta_changed = true;
    return store.name == owner->name;
  }

  static constexpr std::uint64_t kTellBytes = 4U << 20U;

  const Segments& segments_;
  const Instant now_;
  const std::function<void(const Progress&)>& progress_;
  std::uint64_t bytes_total_ = 0;
  std::uint64_t bytes_done_ = 0;
  std::uint64_t told_at_ = 0;
  Topics& topics_;
  Stores& stores_;
  OpenReport& report_;
  Position last_;
  Location end_;
  std::uint32_t incarnation_;
};

/// Without a checkpoint everything is computed from the journal, which then must have everything.
Result<void> check_reaches_back(const Segment& first) {
  SegmentReader reader(first, kSegmentHeaderBytes);
  BATON_TRY(const std::optional<Frame> frame, reader.next());
  if (!frame || frame->head.position.value <= 1) return {};
  return corrupt(first.number, kSegmentHeaderBytes,
                 "there is no checkpoint in the folder 'state', and the journal reaches back to commit " +
                     std::to_string(frame->head.position.value) +
                     " only: what stood before it can't be computed again; restore the folder from a copy");
}

/// Refuses if what is missing at the end was durable once.
Result<void> check_tail(const Segments& segments, const Tail& tail) {
  for (auto at = segments.lower_bound(tail.end.segment); at != segments.end(); ++at) {
    const Segment& segment = *at->second;
    const bool here = at->first == tail.end.segment;
    const std::uint32_t from = here ? tail.end.at : kSegmentHeaderBytes;
    const std::uint64_t to = here && !tail.closed ? segment.bytes : from + kGlance;
    // A segment gets its first frame after the one before it was synced to its end: there, any frame is a proof.
    const auto proves = [&](const FrameHead& head) { return here ? tail.proves_loss(head) : tail.follows(head); };
    BATON_TRY(const std::optional<std::uint32_t> proof, find_frame(segment, from, to, proves));
    if (!proof) continue;
    return corrupt(tail.end.segment, tail.end.at,
                   "a frame is damaged, and frames after it are whole (" + segment_name(at->first) + " at byte " +
                       std::to_string(*proof) +
                       "), so this is no crash's torn end; `baton repair` sets it aside and tells what was in it");
  }
  return {};
}

/// For the report: how much of a frame that follows in the order a crash left behind.
Result<void> note_torn(const Segment& segment, const Tail& tail, OpenReport& report) {
  std::string bytes(kHeadBytes, '\0');
  BATON_TRY(const std::size_t n, segment.file->read(tail.end.at, bytes));
  const auto head = read_head(std::string_view(bytes).substr(0, n));
  if (!head || head->position != tail.last.next() || head->incarnation < tail.incarnation) return {};
  report.torn_bytes = std::min<std::uint64_t>(head->bytes(), segment.bytes - tail.end.at);
  report.torn_file = segment_name(tail.end.segment);
  report.torn_at = tail.end.at;
  return {};
}

/// Sorts the files into those that are needed and those that are free.
void sort_segments(const Segments& segments, const Restored& restored, Location end, JournalState& journal) {
  for (const auto& [number, segment] : segments) {
    const bool replayed = number >= restored.end.segment && number <= end.segment;
    if (replayed || std::ranges::count(restored.segments, number) > 0) {
      journal.segments.emplace(number, segment);
    } else {
      journal.free.push_back(number);
    }
  }
}

Result<void> drop_free(Disk& disk, const Segments& segments, const LocalOptions& options,
                       std::vector<std::uint64_t>& free) {
  const auto unusable = [&](std::uint64_t n) { return segments.at(n)->bytes != options.segment_bytes; };
  std::ranges::stable_partition(free, unusable);
  while (!free.empty() && (free.size() > options.free_segments_max || unusable(free.front()))) {
    BATON_CHECK(disk.unlink(segment_name(free.front())));
    free.erase(free.begin());
  }
  return {};
}

}  // namespace

Result<JournalState> recover(Disk& disk, const StateStore& state, const LocalOptions& options, Instant now,
                             Stores& stores, OpenReport& report) {
  BATON_TRY(Restored restored, load_snapshot(state, stores));
  BATON_TRY(const Found found, open_segments(disk, restored));
  const Segments& segments = found.segments;
  BATON_CHECK(check_index(restored, segments));
  BATON_CHECK(load_open_entries(state, restored));
  JournalState journal;
  report.created = !restored.found && segments.empty();
  report.rebuilt = !restored.found && !segments.empty();
  if (report.rebuilt) BATON_CHECK(check_reaches_back(*segments.begin()->second));
  if (!report.created) {
    const Location from = restored.found ? restored.end : Location{segments.begin()->first, kSegmentHeaderBytes};
    Replay replay(segments, now, options, restored, stores, report);
    BATON_CHECK(replay.run(from));
    journal.end = replay.end();
    journal.last = replay.last();
    journal.incarnation = replay.incarnation();
    const bool closed = restored.closed && journal.end == from;
    const Tail tail{journal.end, journal.last, journal.incarnation, bytes_of(segments) / kHeadBytes, closed};
    BATON_CHECK(check_tail(segments, tail));
    BATON_CHECK(note_torn(*segments.at(journal.end.segment), tail, report));
    // A killed process leaves frames and names that were read here, and never
    // synced.
    BATON_CHECK(disk.sync_folder());
    for (auto at = segments.lower_bound(from.segment); at != segments.end() && at->first <= journal.end.segment; ++at) {
      BATON_CHECK(at->second->file->sync());
    }
  }
  for (const std::uint64_t number : found.headless) BATON_CHECK(disk.unlink(segment_name(number)));
  BATON_ASSERT(journal.last >= restored.last);
  BATON_ASSERT(journal.incarnation >= restored.incarnation);
  ++journal.incarnation;
  journal.checkpoint_end = restored.end;
  sort_segments(segments, restored, journal.end, journal);
  BATON_CHECK(drop_free(disk, segments, options, journal.free));
  journal.topics = std::move(restored.topics);
  return journal;
}

}  // namespace baton::log::local
