// A FILE whose text a test can look at.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace baton::cli::testing {

class MemoryFile {
 public:
  MemoryFile() : file_(open_memstream(&bytes_, &size_)) {}
  ~MemoryFile() {
    (void)std::fclose(file_);
    std::free(bytes_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::FILE* file() { return file_; }
  /// What was written since the last call.
  std::string take() {
    (void)std::fflush(file_);
    std::string text(bytes_ + taken_, size_ - taken_);
    taken_ = size_;
    return text;
  }

 private:
  char* bytes_ = nullptr;
  std::size_t size_ = 0, taken_ = 0;
  std::FILE* file_;
};

}  // namespace baton::cli::testing
