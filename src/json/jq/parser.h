#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/jq/node.h"

namespace baton::json::jq {

/// The tree of an expression in jq 1.7's language. `variables`: the names that are bound outside. Errors: invalid, with
/// the column where the text stops making sense; a name that is not there, with those that are; a function that sees
/// more than the input, with what to do instead.
Result<std::unique_ptr<const Tree>> parse(std::string_view text, const std::vector<std::string>& variables);

/// The one function that `text` defines ("def name(…): …;"), for those of jq's own library that are written in jq.
std::unique_ptr<const Tree> parse_definition(std::string_view text);

}  // namespace baton::json::jq
