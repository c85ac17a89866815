#include "log/log.h"

#include "base/assert.h"
#include "base/hash.h"

namespace baton::log {

PartitionId partition_of(std::string_view key, std::int32_t partitions) {
  BATON_ASSERT(partitions > 0);
  const auto positive = static_cast<std::int32_t>(murmur2(key) & 0x7fffffffU);
  return PartitionId(positive % partitions);
}

}  // namespace baton::log
