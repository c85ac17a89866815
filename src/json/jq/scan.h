#pragma once

#include <string_view>

#include "base/result.h"

namespace baton::json::jq {

/// A look at text before libjq compiles it: brackets are balanced (it is put into brackets of ours), and nothing is
/// called that makes the result depend on more than the input (now, env, input …) or that ends the process's work
/// (halt).
Result<void> scan(std::string_view text);

}  // namespace baton::json::jq
