#pragma once

#include <string_view>

#include "base/result.h"

namespace baton::json::jq {

/// A look at text before libjq compiles it: brackets are balanced (it is put into brackets of ours), and nothing is
/// called that makes the result depend on more than the input (now, env, input …) or that ends the process's work
/// (halt).
Result<void> scan(std::string_view text);

/// A character of a name, in jq's text.
bool is_name_char(char c);
/// Where the next token begins, at `at` or behind blanks and comments: the name of "$ # so \n x" is x.
std::size_t skip_blanks(std::string_view text, std::size_t at);

}  // namespace baton::json::jq
