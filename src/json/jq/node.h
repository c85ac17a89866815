// The syntax tree of an expression that runs natively.
#pragma once

#include <string>
#include <vector>

#include "json/data.h"

namespace baton::json::jq {

enum class Op {
  identity,     // .
  literal,      // `literal`
  variable,     // $`name`
  field,        // [0].`name`
  index,        // [0][ [1] ]
  iterate,      // [0][]
  pipe,         // [0] | [1]
  comma,        // [0] , [1]
  alternative,  // [0] // [1]
  and_,
  or_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  negate,       // - [0]
  conditional,  // if [0] then [1] else [2] end
  array,        // [ [0]? ]
  object,       // { ([0]): [1], ([2]): [3] … }
  interpolate,  // "[0][1]…", each turned into text
  call,         // `builtin`([0]; …)
};

enum class Builtin {
  // of the input alone
  add,
  all,
  any,
  ascii_downcase,
  ascii_upcase,
  empty,
  first,
  floor,
  keys,
  last,
  length,
  not_,
  tojson,
  tonumber,
  tostring,
  type,
  // with a filter as argument
  all_of,
  any_of,
  first_of,
  map,
  select,
  // with a value as argument
  endswith,
  has,
  join,
  startswith,
};

/// How many outputs a node may have. Only `many` needs each(); the rest is evaluated by one().
enum class Outputs { one, at_most_one, many };

struct Node {
  Op op = Op::identity;
  Outputs outputs = Outputs::one;
  bool optional = false;  // field, index, iterate: followed by '?'
  Builtin builtin = Builtin::empty;
  std::string name;
  Value literal;
  std::vector<Node> children;
};

}  // namespace baton::json::jq
