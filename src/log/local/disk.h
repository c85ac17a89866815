// The one seam through which the journal touches files: the real folder, or a simulated one that can crash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace baton::log::local {

/// A write that ends with a page spares the system to read what the rest of that page was.
inline constexpr std::uint64_t kPageBytes = 4096;

/// An open file. Units: bytes. Any thread; writes and reads of distinct ranges may overlap in time.
class File {
 public:
  virtual ~File() = default;
  /// Reserves room up to `bytes`, reading as zeros. Errors: out_of_space, io.
  virtual Result<void> preallocate(std::uint64_t bytes) = 0;
  /// Writes zeros over the first `bytes`, past the page cache where the system can: they are not read soon. Not durable
  /// before sync().
  virtual Result<void> zero(std::uint64_t bytes) = 0;
  /// All of it, and `padding` zeros after it, fewer than kPageBytes. Not durable before sync().
  virtual Result<void> write(std::uint64_t at, std::string_view bytes, std::size_t padding) = 0;
  /// As many bytes as there are; fewer than asked for only at the end of the file.
  virtual Result<std::size_t> read(std::uint64_t at, std::span<char> out) const = 0;
  virtual Result<std::uint64_t> size() const = 0;
  /// fdatasync.
  virtual Result<void> sync() = 0;
};

/// One folder. Names have no directory part.
class Disk {
 public:
  virtual ~Disk() = default;
  /// Opens for reading and writing; creates the file if it is not there.
  virtual Result<std::unique_ptr<File>> open(const std::string& name) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> unlink(const std::string& name) = 0;
  virtual Result<std::vector<std::string>> list() const = 0;
  /// Makes creations, renames and unlinks durable.
  virtual Result<void> sync_folder() = 0;
};

/// Creates the folder if it is not there; its name is durable then.
Result<std::unique_ptr<Disk>> open_folder(const std::filesystem::path& folder);

}  // namespace baton::log::local
