// Where checkpoints go: an ordered store of bytes with atomic batches. RocksDB, or a simulated one that can crash.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace baton::log::local {

/// Changes in order; nothing: erased.
using StoreBatch = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// Walks upwards. The views are good until next().
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual bool valid() const = 0;
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  virtual void next() = 0;
  /// Why it ended, if not at its bound.
  virtual Result<void> status() const = 0;
};

/// A crash keeps some prefix of the batches written, each whole, and all those before the last flush. Any thread may
/// read; one writes.
class StateStore {
 public:
  virtual ~StateStore() = default;
  virtual Result<std::optional<std::string>> get(std::string_view key) const = 0;
  /// False: certainly not there. Cheap.
  virtual bool may_contain(std::string_view key) const = 0;
  /// From `from` up to but without `to`.
  virtual std::unique_ptr<Cursor> scan(std::string_view from, std::string_view to) const = 0;
  /// All or nothing. Errors: out_of_space, io.
  virtual Result<void> write(const StoreBatch& batch) = 0;
  /// What was written is durable when it returns.
  virtual Result<void> flush() = 0;
};

Result<std::unique_ptr<StateStore>> open_rocks(const std::filesystem::path& folder);
/// For reading only, after every block's checksum was checked; changes nothing in the folder. Errors: corrupt, io.
Result<std::unique_ptr<StateStore>> look_into_rocks(const std::filesystem::path& folder);

}  // namespace baton::log::local
