#pragma once

#include <string>
#include <vector>

#include "json/expression.h"
#include "json/jq/node.h"

namespace baton::json::jq {

/// What the tree may read. Sorted, without duplicates, and without what a shorter path covers.
std::vector<Read> reads(const Tree& tree, const std::vector<std::string>& variables);
/// Sorts, and drops what a shorter path covers.
std::vector<Read> tidy(std::vector<Read> reads);

}  // namespace baton::json::jq
