#pragma once

#include <string_view>
#include <vector>

#include "json/expression.h"
#include "json/jq/node.h"

namespace baton::json::jq {

/// What `node` may read. Sorted, without duplicates, and without what a shorter path covers.
std::vector<Read> reads(const Node& node);
/// For text that only libjq understands: all of the input, and all of every variable that it mentions.
std::vector<Read> reads_of_text(std::string_view text, const std::vector<std::string>& variables);
/// Sorts, and drops what a shorter path covers.
std::vector<Read> tidy(std::vector<Read> reads);

}  // namespace baton::json::jq
