// What a compiled expression holds. Shared by expression.cc and template.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/expression.h"
#include "json/jq/libjq.h"
#include "json/jq/node.h"
#include "json/jq/operand.h"

namespace baton::json {

struct Expression::Program {
  std::string text;
  std::optional<jq::Node> tree;  // what runs natively
  jq::LibjqProgram libjq;        // the rest, and what the tree leaves to it for the types it meets
  std::vector<Read> reads;
  std::optional<Data> constant;  // the expression is a literal

  /// The first output, or none; borrows from the arguments.
  Result<jq::Operand> run(const Data& input, const Arguments& arguments) const;
};

/// Both text and tree are there from the start, so that threads may share it: nothing is left to be cached.
Data shareable(const Value& value);

}  // namespace baton::json
