#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/jq/node.h"

namespace baton::json::jq {

/// The tree of an expression in the native subset of jq 1.6. Nothing when any part of it is not in the subset (valid or
/// not: libjq decides), or uses a variable that is not in `variables`.
std::optional<Node> parse(std::string_view text, const std::vector<std::string>& variables);

}  // namespace baton::json::jq
