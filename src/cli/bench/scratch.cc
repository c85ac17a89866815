#include "cli/bench/scratch.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <system_error>

namespace baton::cli {
namespace {

// ext4 looks at every recently deleted inode of a block group before it gives out a new one there, so that a run just
// after another one, whose e-mails were deleted, would be measured far too slow. Folders below one that is marked so
// are spread over the disk instead. Where that is not possible nothing is lost but time.
void spread_folders_below(const std::filesystem::path& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  int flags = 0;
  if (ioctl(folder, FS_IOC_GETFLAGS, &flags) == 0) {
    flags |= FS_TOPDIR_FL;
    (void)ioctl(folder, FS_IOC_SETFLAGS, &flags);
  }
  close(folder);
}

}  // namespace

Scratch::Scratch(const std::optional<std::string>& given) {
  if (given) {
    path_ = *given;
  } else {
    path_ = std::filesystem::current_path() / ("baton-bench." + std::to_string(getpid()));
    own_ = true;
  }
  std::error_code ignored;  // opening the log says what is wrong with the folder
  std::filesystem::create_directories(path_, ignored);
  spread_folders_below(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (own_) std::filesystem::remove_all(path_, ignored);
}

}  // namespace baton::cli
