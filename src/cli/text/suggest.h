// "Did you mean …?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::cli {

/// Edits (insert, delete, replace, swap of neighbours) from a to b.
std::size_t distance(std::string_view a, std::string_view b);
/// The candidate that was most likely meant; "" when none is near.
std::string nearest(std::string_view typed, const std::vector<std::string>& candidates);
/// " Did you mean 'deploy'?"; "" when none is near.
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace baton::cli
