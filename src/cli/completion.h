// Completion scripts, made from the commands' own shapes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/shapes.h"

namespace baton::cli {

/// `shell`: bash, zsh or fish.
std::string completion_script(std::string_view shell, const std::vector<CommandShape>& commands);

}  // namespace baton::cli
