#include "cli/folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace baton::cli {
namespace fs = std::filesystem;

Result<void> check_unused(const std::string& option, const fs::path& folder) {
  std::error_code failed;
  if (!fs::exists(folder, failed) || fs::is_empty(folder, failed)) return {};
  return invalid(folder.string() + " is not empty: give " + option + " a folder that is new, or leave it out");
}

Result<fs::path> make_temporary_folder(const std::string& name) {
  std::error_code none;
  const fs::path below = fs::temp_directory_path(none);
  if (none) return Error{Code::io, "there is no folder for temporary files: " + none.message() + ". Check TMPDIR"};
  std::string path = (below / (name + ".XXXXXX")).string();
  if (mkdtemp(path.data()) == nullptr)
    return Error{Code::io, "can't make a folder in " + below.string() + ": " + std::strerror(errno)};
  return fs::path(path);
}

}  // namespace baton::cli
