// Reads the roles' stores from outside of their processors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/log.h"

namespace baton::role {

/// One store, as of the last accepted commit. Any thread.
class StoreReader {
 public:
  /// Nothing if no such store was ever taken over.
  static std::optional<StoreReader> open(const log::Log& log, const std::string& owner, log::PartitionId partition);

  std::optional<std::string> get(std::string_view key) const;
  /// In key order, from `from` (inclusive; "": the first) on.
  std::vector<log::Pair> scan(std::string_view prefix, std::string_view from, std::size_t limit) const;

 private:
  StoreReader(const log::Log& log, log::Owner owner) : log_(&log), owner_(owner) {}
  const log::Log* log_;
  log::Owner owner_;
};

/// The stores of this owner, by partition.
std::vector<std::pair<log::PartitionId, StoreReader>> stores_of(const log::Log& log, const std::string& owner);

}  // namespace baton::role
