#include "role/monitor/stores.h"

#include <algorithm>

#include "stream/keys.h"

namespace baton::role {

std::optional<StoreReader> StoreReader::open(const log::Log& log, const std::string& owner,
                                             log::PartitionId partition) {
  const std::optional<log::Owner> found = log.reader({owner, partition});
  if (!found) return std::nullopt;
  return StoreReader(log, *found);
}

/// What can't be read is not there: the owner itself ends the process over it.
std::optional<std::string> StoreReader::get(std::string_view key) const {
  auto value = log_->get(owner_, stream::state_key(key));
  return value ? *std::move(value) : std::nullopt;
}

std::vector<log::Pair> StoreReader::scan(std::string_view prefix, std::string_view from, std::size_t limit) const {
  const std::string first = stream::state_key(prefix);
  auto pairs = log_->scan(owner_, from.empty() ? first : std::max(first, stream::state_key(from)),
                          stream::past_prefix(first), limit);
  if (!pairs) return {};
  for (log::Pair& pair : *pairs) pair.key.erase(0, 1);
  return *std::move(pairs);
}

std::vector<std::pair<log::PartitionId, StoreReader>> stores_of(const log::Log& log, const std::string& owner) {
  std::int32_t partitions = 0;
  for (const log::Topic& topic : log.topics()) partitions = std::max(partitions, topic.spec.partitions);
  std::vector<std::pair<log::PartitionId, StoreReader>> stores;
  for (std::int32_t p = 0; p < partitions; ++p) {
    if (auto store = StoreReader::open(log, owner, log::PartitionId(p)))
      stores.emplace_back(log::PartitionId(p), *store);
  }
  return stores;
}

}  // namespace baton::role
