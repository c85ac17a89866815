#pragma once

#include "base/result.h"
#include "json/expression.h"
#include "json/jq/node.h"
#include "json/jq/operand.h"

namespace baton::json::jq {

/// The first output of `node`, or none. Errors: invalid, or is_punt(): ask libjq. The result borrows from `input`,
/// `arguments` and `node`.
Result<Operand> evaluate(const Node& node, const Data& input, const Arguments& arguments);

/// What an expression makes is nested no deeper than this: a loop that wraps its result each time must not end in a
/// tree that nobody can walk.
inline constexpr int kDepthMax = 512;

/// What evaluate() gave, as Data: shares the tree it was borrowed from. Errors: invalid (nested too deeply).
Result<Data> to_data(Operand&& operand);
Result<Data> to_data(Value&& value);

}  // namespace baton::json::jq
