// A data folder for one run: the user's, or one that goes away with the run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace baton::cli {

class Scratch {
 public:
  /// Beside the working directory, so that it lies on the disk that is meant to be measured (and not in a memory file
  /// system).
  explicit Scratch(const std::optional<std::string>& given);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool own_ = false;
};

}  // namespace baton::cli
