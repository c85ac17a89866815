#include "log/log.h"

#include "base/assert.h"
#include "base/hash.h"

namespace baton::log {

PartitionId partition_of(std::string_view key, std::int32_t partitions) {
  BATON_ASSERT(partitions > 0);
  const auto positive = static_cast<std::int32_t>(murmur2(key) & 0x7fffffffU);
  return PartitionId(positive % partitions);
}

std::size_t commit_bytes(const std::vector<Append>& appends, const std::vector<Change>& changes) {
  std::size_t bytes = kBytesPerAppend;  // of the commit itself
  for (const Append& append : appends) {
    bytes += kBytesPerAppend + append.record.key.size() + append.record.headers.size() + append.record.value.size();
  }
  for (const Change& change : changes) {
    bytes += kBytesPerChange + change.key.size() + (change.value ? change.value->size() : 0);
  }
  return bytes;
}

std::size_t commit_bytes(const Commit& commit) {
  return commit_bytes(commit.appends, commit.changes) + kBytesPerConsumed * commit.consumed.size();
}

}  // namespace baton::log
