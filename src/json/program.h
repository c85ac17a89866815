// What a compiled expression holds. Shared by expression.cc and template.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "json/expression.h"
#include "json/jq/node.h"

namespace baton::json {

struct Expression::Program {
  std::string text;
  std::vector<std::string> variables;
  std::unique_ptr<const jq::Tree> tree;
  std::vector<Read> reads;
  std::optional<Data> constant;  // the expression is a literal
};

/// Both text and tree are there from the start, so that threads may share it: nothing is left to be cached.
Data shareable(const Value& value);

}  // namespace baton::json
