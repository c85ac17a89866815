// The help that is written by hand: the overview, and the examples below each command's options.
#pragma once

#include <string>
#include <string_view>

namespace baton::cli {

std::string help_overview();
/// "" for a command that needs none.
std::string help_footer(std::string_view command);

}  // namespace baton::cli
