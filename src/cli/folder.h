// Folders that a run needs for itself.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace baton::cli {

/// The folder is not there, or empty: what an earlier run left behind would be taken for this one's. `option`: what
/// named it, "--data". Errors: invalid.
Result<void> check_unused(const std::string& option, const std::filesystem::path& folder);
/// A new folder below the system's one for temporary files, TMPDIR. Errors: io.
Result<std::filesystem::path> make_temporary_folder(const std::string& name);

}  // namespace baton::cli
