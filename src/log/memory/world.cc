#include "log/memory/world.h"

#include <algorithm>

#include "base/assert.h"
#include "log/check.h"

namespace baton::log::memory {

const Partition* World::find(TopicPartition at) const {
  if (at.topic.value >= topics.size() || at.partition.value < 0) return nullptr;
  const TopicState& topic = topics[at.topic.value];
  const auto index = static_cast<std::size_t>(at.partition.value);
  return index < topic.partitions.size() ? &topic.partitions[index] : nullptr;
}

Partition* World::find(TopicPartition at) {
  return const_cast<Partition*>(std::as_const(*this).find(at));
}

void append(World& world, const std::vector<TopicPartition>& to, const std::vector<std::shared_ptr<const Kept>>& kept) {
  BATON_ASSERT(to.size() == kept.size());
  for (std::size_t i = 0; i < to.size(); ++i) world.find(to[i])->records.push_back(kept[i]);
}

void change(Store& store, const std::vector<Change>& changes, const std::vector<Consumed>& consumed) {
  for (const Change& c : changes) {
    if (c.value) {
      store.state.insert_or_assign(c.key, *c.value);
    } else {
      store.state.erase(c.key);
    }
  }
  for (const Consumed& c : consumed) {
    Offset& next = store.consumed[c.from];
    next = std::max(next, c.next);
  }
}

namespace {

void drop_front(Partition& partition) {
  BATON_ASSERT(!partition.records.empty());
  partition.records.pop_front();
  partition.first = partition.first.next();
}

void trim_by_age(TopicState& topic, Instant now) {
  for (Partition& partition : topic.partitions) {
    const auto old = [&] { return now - partition.records.front()->taken_at > topic.spec.retention_ms; };
    while (!partition.records.empty() && old()) drop_front(partition);
  }
}

std::int64_t bytes_of_partition(const Partition& partition) {
  std::int64_t bytes = 0;
  for (const auto& kept : partition.records) bytes += static_cast<std::int64_t>(bytes_of(kept->record));
  return bytes;
}

void trim_by_bytes(TopicState& topic) {
  std::int64_t bytes = 0;
  for (const Partition& partition : topic.partitions) bytes += bytes_of_partition(partition);
  while (bytes > topic.spec.retention_bytes) {
    const auto oldest = [](const Partition& p) {
      return p.records.empty() ? Position(UINT64_MAX) : p.records.front()->position;
    };
    Partition& partition = *std::ranges::min_element(topic.partitions, {}, oldest);
    bytes -= static_cast<std::int64_t>(bytes_of(partition.records.front()->record));
    drop_front(partition);
  }
}

}  // namespace

void trim(TopicState& topic, Instant now) {
  if (now.value >= 0 && topic.spec.retention_ms > 0) trim_by_age(topic, now);
  if (topic.spec.retention_bytes > 0) trim_by_bytes(topic);
}

Batch read(const Partition& partition, Offset from, std::size_t bytes_max) {
  Batch batch;
  batch.next = std::max(from, partition.first);
  if (partition.gap && partition.gap->from <= batch.next && batch.next < partition.gap->to) {
    batch.gap = partition.gap;
    batch.next = partition.gap->to;
    return batch;
  }
  const bool before = partition.gap && batch.next < partition.gap->from;
  const Offset end = before ? partition.gap->from : partition.end();
  std::size_t bytes = 0;
  while (batch.next < end && (batch.records.empty() || bytes < bytes_max)) {
    const auto& kept = partition.records[static_cast<std::size_t>(batch.next.value - partition.first.value)];
    const Record& r = kept->record;
    if (!batch.records.empty() && bytes + bytes_of(r) > bytes_max) break;
    batch.records.push_back({batch.next, r.time, r.key, r.headers, r.value, kept->position});
    batch.backing.push_back(kept);
    batch.position = kept->position;
    bytes += bytes_of(r);
    batch.next = batch.next.next();
  }
  return batch;
}

}  // namespace baton::log::memory
