#include "log/local/topics.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace baton::log::local {

std::size_t entry_of(const std::vector<Entry>& entries, Offset slice_first, Offset offset) {
  const auto delta = static_cast<std::uint32_t>(offset.value - slice_first.value);
  const auto above = std::ranges::upper_bound(entries, delta, {}, &Entry::delta);
  BATON_ASSERT(above != entries.begin());
  return static_cast<std::size_t>(above - entries.begin()) - 1;
}

Offset PartitionIndex::end_before(Location limit) const {
  Offset end = end_;
  for (auto slice = slices_.rbegin(); slice != slices_.rend() && slice->segment >= limit.segment; ++slice) {
    if (slice->segment > limit.segment) {
      end = slice->first;
      continue;
    }
    const auto found = std::ranges::lower_bound(slice->entries, limit.at, {}, &Entry::at);
    if (found != slice->entries.end()) end = slice->first.plus(found->delta);
    break;
  }
  return std::max(end, first_);
}

void PartitionIndex::add(const Stretch& stretch) {
  BATON_ASSERT(stretch.base == end_);
  BATON_ASSERT(stretch.count > 0);
  BATON_ASSERT(slices_.empty() || slices_.back().segment <= stretch.at.segment);
  if (slices_.empty() || slices_.back().segment != stretch.at.segment) {
    slices_.push_back({stretch.at.segment, end_, 0, 0, stretch.taken_at, true, {}});
  }
  Slice& slice = slices_.back();
  slice.entries.push_back({static_cast<std::uint32_t>(end_.value - slice.first.value), stretch.at.at});
  slice.count += stretch.count;
  slice.bytes += stretch.bytes;
  slice.taken_at = std::max(slice.taken_at, stretch.taken_at);
  end_ = end_.plus(stretch.count);
}

const Gap* PartitionIndex::gap_at(Offset offset) const {
  for (const Gap& gap : gaps_) {
    if (gap.from <= offset && offset < gap.to) return &gap;
  }
  return nullptr;
}

Offset PartitionIndex::gap_after(Offset offset) const {
  for (const Gap& gap : gaps_) {
    if (gap.to > offset) return std::max(gap.from, offset);
  }
  return end_;
}

void PartitionIndex::lose(Gap gap) {
  BATON_ASSERT(gap.from < gap.to);
  BATON_ASSERT(gap.to <= end_);
  const auto touches = [&](const Gap& other) { return other.from <= gap.to && gap.from <= other.to; };
  for (const Gap& other : gaps_) {
    if (!touches(other)) continue;
    gap.from = std::min(gap.from, other.from);
    gap.to = std::max(gap.to, other.to);
  }
  std::erase_if(gaps_, touches);
  gaps_.push_back(std::move(gap));
  std::ranges::sort(gaps_, {}, &Gap::from);
}

void PartitionIndex::skip_to(Offset base, std::uint64_t segment, std::string why) {
  BATON_ASSERT(base > end_);
  const Offset from = std::exchange(end_, base);
  if (!slices_.empty() && slices_.back().segment == segment)
    slices_.back().count += static_cast<std::uint32_t>(base.value - from.value);
  lose({from, base, std::move(why)});
}

void PartitionIndex::restore(Slice slice) {
  BATON_ASSERT(slices_.empty() || slices_.back().segment < slice.segment);
  slices_.push_back(std::move(slice));
}

const Slice& PartitionIndex::slice_of(Offset offset) const {
  const auto above = std::ranges::upper_bound(slices_, offset, {}, &Slice::first);
  BATON_ASSERT(above != slices_.begin());
  return *(above - 1);
}

void PartitionIndex::drop_oldest() {
  BATON_ASSERT(!slices_.empty());
  first_ = std::max(first_, slices_.front().end());
  slices_.pop_front();
  std::erase_if(gaps_, [&](const Gap& gap) { return gap.to <= first_; });
}

void Topics::add(const TopicSpec& spec) {
  by_name_.emplace(spec.name, static_cast<std::uint32_t>(topics_.size()));
  topics_.push_back({spec, std::vector<PartitionIndex>(static_cast<std::size_t>(spec.partitions))});
}

std::optional<Topic> Topics::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return Topic{TopicId(found->second), topics_[found->second].spec};
}

std::vector<Topic> Topics::list() const {
  std::vector<Topic> list;
  for (std::uint32_t i = 0; i < topics_.size(); ++i) list.push_back({TopicId(i), topics_[i].spec});
  return list;
}

const PartitionIndex* Topics::partition(TopicPartition at) const {
  if (at.topic.value >= topics_.size() || at.partition.value < 0) return nullptr;
  const TopicIndex& topic = topics_[at.topic.value];
  const auto index = static_cast<std::size_t>(at.partition.value);
  return index < topic.partitions.size() ? &topic.partitions[index] : nullptr;
}

PartitionIndex* Topics::partition(TopicPartition at) {
  return const_cast<PartitionIndex*>(std::as_const(*this).partition(at));
}

}  // namespace baton::log::local
