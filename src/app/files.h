// Documents from files, for deploying: with everything that they refer to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/deployments.h"

namespace baton::app {

/// Reads the files and, recursively, the YAML and JSON files that their `$ref`s name (relative to the referring file).
/// A directory stands for the .yaml, .yml and .json files in it. Errors: not_found,
/// invalid (not UTF-8); the text names the file.
Result<std::vector<SourceDocument>> read_documents(const std::vector<std::filesystem::path>& files);

}  // namespace baton::app
