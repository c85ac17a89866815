// All that a log in memory knows, as a value that can be copied: MemoryLog keeps an accepted and a durable one.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "log/log.h"

namespace baton::log::memory {

struct Kept {
  Record record;
  Position position;
  Instant taken_at;
};

struct Partition {
  Offset first;
  std::deque<std::shared_ptr<const Kept>> records;  ///< shared by both worlds and by the batches read
  std::optional<Gap> gap;
  Offset end() const { return first.plus(static_cast<std::int64_t>(records.size())); }
};

struct TopicState {
  TopicSpec spec;
  std::vector<Partition> partitions;
};

struct Store {
  StoreName name;
  Durability durability = Durability::journaled;
  Epoch epoch;
  std::map<std::string, std::string, std::less<>> state;
  std::map<TopicPartition, Offset> consumed;
};

struct World {
  std::vector<TopicState> topics;  ///< TopicId counts from 0
  std::vector<Store> stores;       ///< Owner::store counts from 0
  Position last;

  const Partition* find(TopicPartition at) const;
  Partition* find(TopicPartition at);
};

/// `kept` are the commit's records, in order; their partitions exist.
void append(World& world, const std::vector<TopicPartition>& to, const std::vector<std::shared_ptr<const Kept>>& kept);
/// The last change of a key stands; consumed offsets never go back.
void change(Store& store, const std::vector<Change>& changes, const std::vector<Consumed>& consumed);
/// Drops records from the front that are older than `now` allows (now < 0: none), or over the topic's bytes.
void trim(TopicState& topic, Instant now);
Batch read(const Partition& partition, Offset from, std::size_t bytes_max);

}  // namespace baton::log::memory
