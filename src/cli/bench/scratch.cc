#include "cli/bench/scratch.h"

#include <unistd.h>

#include <system_error>

namespace baton::cli {

Scratch::Scratch(const std::optional<std::string>& given) {
  if (given) {
    path_ = *given;
  } else {
    path_ = std::filesystem::current_path() / ("baton-bench." + std::to_string(getpid()));
    own_ = true;
  }
  std::error_code ignored;  // opening the log says what is wrong with the folder
  std::filesystem::create_directories(path_, ignored);
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (own_) std::filesystem::remove_all(path_, ignored);
}

}  // namespace baton::cli
