// Expressions in libjq. A jq_state is not thread-safe and takes 40 ms to compile (it binds jq's own library each time),
// so every thread compiles what it evaluates, on first use, and keeps a bounded number of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/expression.h"

namespace baton::json::jq {

struct LibjqProgram {
  std::uint64_t id = 0;  // unique in the process
  std::string text;
  std::vector<std::string> variables;
};

/// Checks the syntax, the functions and the variables. Errors: invalid, in libjq's words.
Result<LibjqProgram> check(std::string_view text, const std::vector<std::string>& variables);
/// A program that is known to be valid.
LibjqProgram trust(std::string_view text, const std::vector<std::string>& variables);
/// The first output, or null.
Result<Data> evaluate(const LibjqProgram& program, const Data& input, const Arguments& arguments);

}  // namespace baton::json::jq
