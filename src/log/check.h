// What every provider refuses, in the same words.
#pragma once

#include <cstddef>

#include "log/log.h"

namespace baton::log {

inline constexpr std::int32_t kPartitionsMax = 1024;

/// invalid: no name, one over kNameBytesMax, or a number of partitions outside 1..1,024.
Result<void> check_spec(const TopicSpec& spec);
/// conflict: `spec` asks for another number of partitions than the topic has.
Result<void> check_same(const Topic& topic, const TopicSpec& spec);
/// invalid: an owner's name over kNameBytesMax.
Result<void> check_owner_name(const StoreName& name);
/// too_large: the commit, one of its records or pairs; says which.
Result<void> check_bytes(const Commit& commit, std::size_t commit_bytes_max);

/// What a record counts for against a byte budget and against kRecordBytesMax.
inline std::size_t bytes_of(const Record& record) {
  return record.key.size() + record.headers.size() + record.value.size();
}
inline std::size_t bytes_of(const RecordView& record) {
  return record.key.size() + record.headers.size() + record.value.size();
}

Error unknown_partition(TopicPartition at);
Error unknown_store(std::uint32_t store);
Error fenced(const StoreName& name, Epoch asked, Epoch current);
/// A checkpointed store's commit must append nothing: its state may fall back, a record may not.
Error appends_in_checkpointed(const StoreName& name);

}  // namespace baton::log
