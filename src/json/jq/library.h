// jq's own functions: those made of values (natives), and those that are written in jq.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/jq/node.h"
#include "json/jq/val.h"

namespace baton::json::jq {

class Run;

/// A function of the input and of arguments that are values; with arguments of several outputs it is called for each
/// combination, the last one outermost. Absent: an error, which Run has then.
struct Native {
  std::string_view name;
  std::size_t arity;
  Val (*call)(Run& run, const Val& input, const Val* arguments);
};

const Native* find_native(std::string_view name, std::size_t arity);
/// Parsed on first use, then kept for the life of the process. Any thread. nullptr: there is none.
const Function* find_defined(std::string_view name, std::size_t arity);
/// "name/arity" of all functions, sorted.
std::vector<std::string> function_names();

/// Of a function or variable that an expression must not use: what to do instead; else empty.
std::string_view refusal(std::string_view name);

// The tables, by theme: natives_*.cc.
std::span<const Native> natives_of_values();
std::span<const Native> natives_of_numbers();
std::span<const Native> natives_of_texts();
std::span<const Native> natives_of_lists();
std::span<const Native> natives_of_paths();
std::span<const Native> natives_of_dates();

}  // namespace baton::json::jq
