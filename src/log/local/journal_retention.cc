// What of the journal may go: trimming by retention, and the part of it that a checkpoint persists.
#include <algorithm>

#include "base/assert.h"
#include "log/local/journal.h"

namespace baton::log::local {
namespace {

bool too_old(const Slice& slice, Millis keep_ms, Instant now) {
  return keep_ms > 0 && now - slice.taken_at > keep_ms;
}

/// A topic that was created to be kept for ever stays so, whatever the deployment's policy.
Retention retention_of(const TopicSpec& spec, const std::optional<Retention>& policy) {
  const bool for_ever = spec.retention_ms == 0 && spec.retention_bytes == 0;
  Retention its;
  its.records_ms = policy && !for_ever ? policy->records_ms : spec.retention_ms;
  its.records_bytes = policy && !for_ever ? policy->records_bytes : spec.retention_bytes;
  return its;
}

std::uint64_t bytes_of(const TopicIndex& topic) {
  std::uint64_t bytes = 0;
  for (const PartitionIndex& partition : topic.partitions) {
    for (const Slice& slice : partition.slices()) bytes += slice.bytes;
  }
  return bytes;
}

/// The partition whose oldest slice stands first in the journal.
PartitionIndex* oldest(TopicIndex& topic) {
  PartitionIndex* oldest = nullptr;
  for (PartitionIndex& partition : topic.partitions) {
    if (partition.slices().empty()) continue;
    if (oldest == nullptr || partition.slices().front().segment < oldest->slices().front().segment) oldest = &partition;
  }
  return oldest;
}

}  // namespace

bool Journal::trim(Instant now, const std::optional<Retention>& retention) {
  const std::lock_guard lock(mutex_);
  const auto drop = [&](PartitionIndex& partition) {
    changed_.insert(partition.slices().front().segment);
    partition.drop_oldest();
  };
  // A slice that is not durable yet stays: its end might come to nothing in a crash.
  const auto may_go = [&](const Slice& slice) { return slice.segment < synced_end_.segment || synced_end_ == end_; };
  for (TopicIndex& topic : topics_.all()) {
    const Retention its = retention_of(topic.spec, retention);
    for (PartitionIndex& partition : topic.partitions) {
      while (!partition.slices().empty() && may_go(partition.slices().front()) &&
             too_old(partition.slices().front(), its.records_ms, now)) {
        drop(partition);
      }
    }
    if (its.records_bytes == 0) continue;
    const auto keep = static_cast<std::uint64_t>(its.records_bytes);
    for (std::uint64_t bytes = bytes_of(topic); bytes > keep;) {
      PartitionIndex* partition = oldest(topic);
      BATON_ASSERT(partition != nullptr);
      const Slice& slice = partition->slices().front();
      if (slice.segment >= synced_end_.segment || bytes - slice.bytes < keep) break;
      BATON_ASSERT(bytes >= slice.bytes);
      bytes -= slice.bytes;
      drop(*partition);
    }
  }
  std::set<std::uint64_t> needed;
  for (const TopicIndex& topic : topics_.all()) {
    for (const PartitionIndex& partition : topic.partitions) {
      for (const Slice& slice : partition.slices()) needed.insert(slice.segment);
    }
  }
  return std::ranges::any_of(segments_,
                             [&](const auto& s) { return s.first < end_.segment && !needed.contains(s.first); });
}

JournalFreeze Journal::freeze() {
  const std::lock_guard lock(mutex_);
  JournalFreeze freeze;
  BATON_ASSERT(frozen_end_ <= end_);
  freeze.last = last_;
  freeze.end = end_;
  freeze.incarnation = incarnation_;
  for (auto at = segments_.lower_bound(std::min(frozen_end_.segment, end_.segment)); at != segments_.end(); ++at) {
    changed_.insert(at->first);
  }
  std::set<std::uint64_t> needed;
  for (const std::uint64_t number : changed_) freeze.segments.try_emplace(number);
  for (std::uint32_t t = 0; t < topics_.all().size(); ++t) {
    const TopicIndex& topic = topics_.all()[t];
    TopicIndex bare{topic.spec, {}};
    for (std::int32_t p = 0; p < topic.spec.partitions; ++p) {
      const PartitionIndex& partition = topic.partitions[static_cast<std::size_t>(p)];
      bare.partitions.emplace_back(partition.first(), partition.end());
      for (const Gap& gap : partition.gaps()) bare.partitions.back().lose(gap);
      for (const Slice& slice : partition.slices()) {
        needed.insert(slice.segment);
        const auto changed = freeze.segments.find(slice.segment);
        if (changed == freeze.segments.end()) continue;
        changed->second.push_back(
            {{TopicId(t), PartitionId(p)}, slice, slice.loaded && slice.segment >= frozen_end_.segment});
      }
    }
    freeze.topics.push_back(std::move(bare));
  }
  for (const auto& [number, segment] : segments_) {
    if (number < end_.segment && !needed.contains(number)) freeze.gone.push_back(number);
  }
  changed_.clear();
  return freeze;
}

void Journal::thaw(const JournalFreeze& freeze) {
  std::vector<std::uint64_t> unlink;
  {
    const std::lock_guard lock(mutex_);
    BATON_ASSERT(freeze.end <= synced_end_);
    frozen_end_ = freeze.end;
    const std::uint64_t hot = recent_.size() == 0 ? end_.segment : recent_.chunk(0)->segment->number;
    const std::uint64_t keep = std::min({hot, freeze.end.segment, synced_end_.segment});
    for (TopicIndex& topic : topics_.all()) {
      for (PartitionIndex& partition : topic.partitions) {
        for (Slice& slice : partition.slices()) {
          if (slice.segment >= keep) break;
          if (!slice.loaded) continue;
          slice.loaded = false;
          slice.entries = {};
        }
      }
    }
    for (const std::uint64_t number : freeze.gone) {
      const auto found = segments_.find(number);
      if (found == segments_.end()) continue;
      // A reader, or the frames in memory, may still hold it; then its file can't be used anew.
      const bool reusable = found->second.use_count() == 1 && found->second->bytes == options_.segment_bytes;
      segments_.erase(found);
      if (reusable && free_.size() < options_.free_segments_max) {
        free_.push_back(number);
      } else {
        unlink.push_back(number);
      }
    }
  }
  for (const std::uint64_t number : unlink) (void)disk_.unlink(segment_name(number));
}

}  // namespace baton::log::local
