#include "log/local/journal.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "base/assert.h"
#include "log/check.h"

namespace baton::log::local {
namespace {

constexpr std::size_t kEndBytes = aligned(kHeadBytes + 8);
constexpr std::uint64_t kFirstZeroBytes = 4U << 20U;  // the first segment is made while someone waits for the start

/// Whatever the reason: nothing was accepted, and it may be tried again later.
Error no_segment(const Error& why) {
  return {Code::out_of_space, "submit: the journal can't be given another segment: " + why.text};
}

}  // namespace

Journal::Journal(Disk& disk, const JournalOptions& options, JournalState state)
    : disk_(disk),
      options_(options),
      topics_(std::move(state.topics)),
      segments_(std::move(state.segments)),
      free_(std::move(state.free)),
      incarnation_(state.incarnation),
      last_(state.last),
      end_(state.end),
      taken_end_(state.end),
      synced_end_(state.end),
      synced_(state.last),
      frozen_end_(state.checkpoint_end) {
  BATON_ASSERT(options_.segment_bytes > kSegmentHeaderBytes);
  if (!segments_.empty()) last_number_ = segments_.rbegin()->first;
  for (const std::uint64_t number : free_) last_number_ = std::max(last_number_, number);
  last_number_ = std::max(last_number_, end_.segment);
  if (const auto found = segments_.find(end_.segment); found != segments_.end()) current_ = found->second;
}

Result<void> Journal::check_locked(const Draft& draft) const {
  for (const Group& group : draft.groups) {
    if (topics_.partition(group.to) == nullptr) return unknown_partition(group.to);
  }
  if (draft.bytes.size() > options_.segment_bytes / 2) {
    return Error{Code::too_large, "submit: a frame of " + std::to_string(draft.bytes.size()) + " bytes; the most is " +
                                      std::to_string(options_.segment_bytes / 2)};
  }
  if (appended_bytes_ - synced_bytes_ + draft.bytes.size() > options_.unsynced_bytes_max &&
      appended_bytes_ > synced_bytes_) {
    return Error{Code::busy, "submit: " + std::to_string(appended_bytes_ - synced_bytes_) + " bytes wait for the disk"};
  }
  return {};
}

/// Room in the current segment for a frame of `bytes` and an end after it; or goes on to the next segment.
Result<void> Journal::make_room_locked(std::size_t bytes) {
  if (current_ && end_.at + bytes + kEndBytes <= current_->bytes) return {};
  if (!prepared_.segment && options_.inline_prepare) {
    prepared_.wanted = true;
    if (const auto done = prepare_locked(nullptr); !done) return no_segment(done.error());
  }
  return next_segment_locked();
}

Result<void> Journal::next_segment_locked() {
  if (!prepared_.segment) {
    const std::optional<Error> failed = prepared_.failed;
    want_segment_locked();
    if (failed) return no_segment(*failed);
    return Error{Code::busy, "submit: the next segment is not ready yet"};
  }
  if (current_) {
    Draft end;
    draft_end(end, prepared_.segment->number);
    std::vector<Offset> none;
    (void)place_locked(end, none);
  }
  BATON_ASSERT(prepared_.segment->number > end_.segment);
  current_ = std::exchange(prepared_.segment, nullptr);
  prepared_.wanted = false;
  segments_.emplace(current_->number, current_);
  end_ = {current_->number, kSegmentHeaderBytes};
  return {};
}

void Journal::want_segment_locked() {
  if (prepared_.wanted) return;
  prepared_.wanted = true;
  prepare_.notify_one();
}

/// The frame is certain to fit.
Position Journal::place_locked(const Draft& draft, std::vector<Offset>& bases) {
  BATON_ASSERT(current_ != nullptr);
  BATON_ASSERT(current_->number == end_.segment);
  BATON_ASSERT(end_.at % kAlign == 0);
  BATON_ASSERT(end_.at + aligned(draft.bytes.size()) <= current_->bytes);
  if (takes_position(draft.kind)) last_ = last_.next();
  FrameHead head;
  head.position = last_;
  head.lag = static_cast<std::uint32_t>(std::min<std::uint64_t>(last_.value - synced_.value, UINT32_MAX));
  head.incarnation = incarnation_;
  bases.clear();
  for (const Group& group : draft.groups) {
    PartitionIndex& partition = *topics_.partition(group.to);
    bases.push_back(partition.end());
    partition.add({end_, partition.end(), group.count, group.bytes, draft.taken_at});
  }
  const std::size_t bytes = aligned(draft.bytes.size());
  char* out = recent_.extend(current_, end_.at, bytes);
  // NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes, not text
  std::memcpy(out, draft.bytes.data(), draft.bytes.size());
  std::memset(out + draft.bytes.size(), 0, bytes - draft.bytes.size());
  seal(out, draft, head, bases, end_.segment, end_.at);
  end_.at += static_cast<std::uint32_t>(bytes);
  appended_bytes_ += bytes;
  return last_;
}

Result<Position> Journal::append_locked(const Draft& draft, std::vector<Offset>& bases) {
  BATON_CHECK(check_locked(draft));
  BATON_CHECK(make_room_locked(aligned(draft.bytes.size())));
  const Position position = place_locked(draft, bases);
  ++commits_;
  const bool soon_full = end_.at > current_->bytes / 4;
  if (soon_full && !prepared_.segment && !prepared_.failed && !options_.inline_prepare) want_segment_locked();
  return position;
}

Result<void> Journal::begin() {
  std::unique_lock lock(mutex_);
  if (!current_ && !prepared_.segment) BATON_CHECK(prepare_locked(&lock));
  Draft draft;
  draft_opened(draft);
  std::vector<Offset> none;
  const auto placed = append_locked(draft, none);
  if (placed) return {};
  if (placed.error().code != Code::busy) return placed.error();
  BATON_CHECK(prepare_locked(&lock));
  BATON_CHECK(append_locked(draft, none));
  return {};
}

Result<Position> Journal::append(const Draft& draft, std::vector<Offset>& bases) {
  bool wake = false;
  Result<Position> position;
  {
    const std::lock_guard lock(mutex_);
    position = append_locked(draft, bases);
    wake = std::exchange(writer_sleeps_, false);
  }
  if (wake) work_.notify_one();
  return position;
}

Result<Topic> Journal::open_topic(const TopicSpec& spec, Position& position) {
  bool wake = false;
  Topic topic;
  {
    const std::lock_guard lock(mutex_);
    position = last_;
    if (const auto found = topics_.find(spec.name)) return *found;
    topic = {TopicId(static_cast<std::uint32_t>(topics_.all().size())), spec};
    Draft draft;
    draft_topic(draft, topic);
    std::vector<Offset> bases;
    BATON_TRY(position, append_locked(draft, bases));
    topics_.add(spec);
    wake = std::exchange(writer_sleeps_, false);
  }
  if (wake) work_.notify_one();
  return topic;
}

std::optional<Topic> Journal::find_topic(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  return topics_.find(name);
}

std::vector<Topic> Journal::list_topics() const {
  const std::lock_guard lock(mutex_);
  return topics_.list();
}

std::string Journal::name_of(TopicPartition at) const {
  const std::lock_guard lock(mutex_);
  BATON_ASSERT(topics_.partition(at) != nullptr);
  return topics_.all()[at.topic.value].spec.name + "/" + std::to_string(at.partition.value);
}

Offset Journal::first(TopicPartition at) const {
  const std::lock_guard lock(mutex_);
  const PartitionIndex* partition = topics_.partition(at);
  BATON_ASSERT(partition != nullptr);
  return partition->first();
}

Offset Journal::end(TopicPartition at, Isolation isolation) const {
  const std::lock_guard lock(mutex_);
  const PartitionIndex* partition = topics_.partition(at);
  BATON_ASSERT(partition != nullptr);
  return isolation == Isolation::accepted ? partition->end() : partition->end_before(synced_end_);
}

ReadPlan Journal::plan_read(TopicPartition at, Offset from, std::size_t bytes_max, Isolation isolation) const {
  constexpr std::size_t kEntriesMax = 1024;
  constexpr std::size_t kFrameBytesLeast = 64;
  const std::lock_guard lock(mutex_);
  const PartitionIndex* partition = topics_.partition(at);
  BATON_ASSERT(partition != nullptr);
  ReadPlan plan;
  plan.partition = at;
  plan.limit = isolation == Isolation::accepted ? end_ : synced_end_;
  plan.from = std::max(from, partition->first());
  plan.next = plan.from;
  if (plan.from >= partition->end()) return plan;
  if (const Gap* gap = partition->gap_at(plan.from)) {
    plan.gap = *gap;
    plan.next = gap->to;
    return plan;
  }
  plan.until = partition->gap_after(plan.from);
  BATON_ASSERT(plan.from < plan.until);
  const Slice& slice = partition->slice_of(plan.from);
  if (slice.segment > plan.limit.segment) return plan;
  plan.segment = segments_.at(slice.segment);
  plan.slice_first = slice.first;
  plan.slice_end = slice.end();
  plan.loaded = slice.loaded;
  if (!slice.loaded) return plan;
  const std::size_t begin = entry_of(slice.entries, slice.first, plan.from);
  // One more than are wanted: it tells where the last of them ends.
  const std::size_t wanted = std::min(kEntriesMax, bytes_max / kFrameBytesLeast + 1) + 1;
  const std::size_t count = std::min(slice.entries.size() - begin, wanted);
  plan.entries.assign(slice.entries.begin() + static_cast<std::ptrdiff_t>(begin),
                      slice.entries.begin() + static_cast<std::ptrdiff_t>(begin + count));
  const Location last{slice.segment, plan.entries.back().at};
  for (std::size_t i = recent_.find({slice.segment, plan.entries.front().at}); i < recent_.size(); ++i) {
    const std::shared_ptr<Chunk>& chunk = recent_.chunk(i);
    if (Location{chunk->segment->number, chunk->from} > last) break;
    plan.chunks.push_back(chunk);
  }
  if (plan.chunks.empty()) plan.limit = std::min(plan.limit, synced_end_);  // later ones may not be in the file yet
  return plan;
}

std::optional<WriteGroup> Journal::take() {
  const std::lock_guard lock(mutex_);
  if (taken_end_ == end_) return std::nullopt;
  WriteGroup group;
  group.spans = recent_.since(taken_end_);
  group.position = last_;
  group.end = end_;
  group.bytes = appended_bytes_;
  group.commits = commits_ - taken_commits_;
  BATON_ASSERT(taken_end_ < end_);
  taken_end_ = end_;
  taken_commits_ = commits_;
  return group;
}

Result<void> Journal::write(const WriteGroup& group) {
  for (std::size_t i = 0; i < group.spans.size(); ++i) {
    const Span& span = group.spans[i];
    const Segment& segment = *span.chunk->segment;
    const bool last_of_file = i + 1 == group.spans.size() || group.spans[i + 1].chunk->segment != span.chunk->segment;
    const std::uint64_t end = span.at() + span.bytes().size();
    BATON_ASSERT(end <= segment.bytes);
    const std::uint64_t page_end = std::min((end + kPageBytes - 1) / kPageBytes * kPageBytes, segment.bytes);
    BATON_CHECK(segment.file->write(span.at(), span.bytes(), last_of_file ? page_end - end : 0));
    if (last_of_file) BATON_CHECK(segment.file->sync());
  }
  return {};
}

void Journal::synced(const WriteGroup& group) {
  {
    const std::lock_guard lock(mutex_);
    BATON_ASSERT(group.position >= synced_);
    BATON_ASSERT(group.end <= end_);
    synced_ = group.position;
    synced_end_ = group.end;
    stats_.frame_bytes += group.bytes - synced_bytes_;
    synced_bytes_ = group.bytes;
    ++stats_.syncs;
    recent_.evict(synced_end_, options_.recent_bytes);
  }
  durable_changed_.notify_all();
}

Position Journal::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

Position Journal::durable() const {
  const std::lock_guard lock(mutex_);
  return synced_;
}

bool Journal::wait_for_work(std::optional<std::chrono::steady_clock::time_point> until) {
  std::unique_lock lock(mutex_);
  if (until) {
    work_.wait_until(lock, *until, [&] { return closed_; });
    return !closed_;
  }
  while (!closed_ && taken_end_ == end_) {
    writer_sleeps_ = true;
    work_.wait(lock);
  }
  writer_sleeps_ = false;
  return !closed_;
}

void Journal::wait_durable(Position position) const {
  std::unique_lock lock(mutex_);
  BATON_ASSERT(position <= last_);
  durable_changed_.wait(lock, [&] { return closed_ || synced_ >= position; });
}

void Journal::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  work_.notify_all();
  prepare_.notify_all();
  durable_changed_.notify_all();
}

/// Touches files without the lock, if it may let go of it.
Result<void> Journal::prepare_locked(std::unique_lock<std::mutex>* let_go) {
  SegmentPlan plan;
  BATON_ASSERT(!prepared_.segment);
  plan.number = last_number_ + 1;
  plan.bytes = options_.segment_bytes;
  if (!free_.empty()) {
    plan.recycle = free_.back();
    free_.pop_back();
  } else if (options_.zero_segments) {
    plan.zero_bytes = current_ ? plan.bytes : std::min(plan.bytes, kFirstZeroBytes);
  }
  std::uint64_t written = 0;
  if (let_go != nullptr) let_go->unlock();
  auto segment = prepare_segment(disk_, plan, written);
  if (let_go != nullptr) let_go->lock();
  stats_.bytes_written += written;
  prepared_.wanted = false;
  prepared_.failed.reset();
  if (!segment) {
    prepared_.failed = segment.error();
    return segment.error();
  }
  last_number_ = plan.number;
  prepared_.segment = *segment;
  return {};
}

Result<bool> Journal::prepare_if_wanted() {
  std::unique_lock lock(mutex_);
  if (!prepared_.wanted || prepared_.segment) return false;
  BATON_CHECK(prepare_locked(&lock));
  return true;
}

bool Journal::wait_prepare() {
  std::unique_lock lock(mutex_);
  prepare_.wait(lock, [&] { return closed_ || (prepared_.wanted && !prepared_.segment); });
  return !closed_;
}

std::uint64_t Journal::appended_bytes() const {
  const std::lock_guard lock(mutex_);
  return appended_bytes_;
}

JournalStats Journal::stats() const {
  const std::lock_guard lock(mutex_);
  JournalStats stats = stats_;
  stats.bytes_written += stats.frame_bytes;
  stats.commits = commits_;
  stats.segments = segments_.size() + (prepared_.segment ? 1 : 0) + free_.size();
  return stats;
}

}  // namespace baton::log::local
