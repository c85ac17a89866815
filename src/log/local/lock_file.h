// Keeps a second process out of a data folder.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace baton::log::local {

/// Held while it lives; the kernel lets go of it when the process ends, however it ends.
class LockFile {
 public:
  /// Errors: busy (held; names the holder's pid), io.
  static Result<LockFile> take(const std::filesystem::path& path);
  LockFile() = default;
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace baton::log::local
