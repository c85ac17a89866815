#pragma once

#include "base/result.h"
#include "json/expression.h"
#include "json/jq/node.h"
#include "json/jq/operand.h"

namespace baton::json::jq {

/// The first output of `node`, or none. Errors: invalid, or is_punt(): ask libjq. The result borrows from `input`,
/// `arguments` and `node`.
Result<Operand> evaluate(const Node& node, const Data& input, const Arguments& arguments);

/// What evaluate() gave, as Data: shares the tree it was borrowed from.
Data to_data(Operand&& operand);

}  // namespace baton::json::jq
