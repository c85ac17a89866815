// The syntax tree of an expression: names are resolved, so that evaluation looks nothing up.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "json/data.h"

namespace baton::json::jq {

struct Native;

enum class Op : std::uint8_t {
  identity,     // .
  literal,      // `literal`
  argument,     // $name of outside: `slot`
  variable,     // $name of inside: `level`, `slot`
  field,        // a.`literal`
  index,        // a[b]
  slice,        // a[b:c], either may be missing
  iterate,      // a[]
  pipe,         // a | b
  comma,        // a , b
  alternative,  // a // b
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
  negate,          // - a
  conditional,     // if a then b else c
  array,           // [ a ]; without a: []
  object,          // { key: value … }: `more`
  interpolate,     // "…": `more`, each turned into text by `format`
  format,          // @name: `format`
  bind,            // a as `patterns` | b
  reduce,          // reduce a as `patterns` (b; c)
  foreach,         // foreach a as `patterns` (b; c; d)
  try_,            // try a catch b; without b: nothing
  label,           // label | a: `slot`
  break_,          // `level`, `slot`
  assign,          // a = b
  modify,          // a |= b
  update,          // a op= b: `arithmetic`
  update_default,  // a //= b
  native,          // `native`(`more`)
  function,        // `function`(`more`)
  parameter,       // a function's argument: `level`, `slot`
  // Functions that take filters or go on with paths
  empty,
  error,       // error, error(a)
  select,      // select(a)
  map,         // map(a)
  first,       // first(a)
  last,        // last(a)
  limit,       // limit(a; b)
  skip,        // skip(a; b)
  isempty,     // isempty(a)
  any,         // any(a; b)
  all,         // all(a; b)
  range,       // range(a; b; c); without c: numbers, by one
  path,        // path(a)
  getpath,     // getpath(a)
  substitute,  // sub(a; b; c): regular expression, replacement, flags
};

/// How many outputs a node may have. Only `many` needs each(); the rest is evaluated by one().
enum class Outputs : std::uint8_t { one, at_most_one, many };

enum class Format : std::uint8_t { text, json, html, uri, csv, tsv, sh, base64, base64d, base32, base32d };

struct Function;
struct Pattern;

struct Node {
  Op op = Op::identity;
  Outputs outputs = Outputs::one;
  bool by_parameters = false;  // `outputs` holds when every argument of the functions around has one output at most
  bool optional = false;       // field, index, slice, iterate: followed by '?'
  Format format = Format::text;
  Op arithmetic = Op::add;
  std::uint16_t level = 0;
  std::uint16_t slot = 0;
  std::uint16_t height = 1;  // of the tree below
  const Node* a = nullptr;
  const Node* b = nullptr;
  const Node* c = nullptr;
  const Node* d = nullptr;
  std::vector<const Node*> more;
  std::vector<const Pattern*> patterns;  // more than one: tried in turn (?//)
  std::vector<std::uint16_t> slots;      // with several patterns: all of their variables
  const Native* native = nullptr;
  const Function* function = nullptr;  // of a call; of an argument: its body as a function without parameters
  Value literal;
};

/// What `as` takes a value apart by.
struct Pattern {
  enum class Kind : std::uint8_t { variable, array, object };
  struct Entry {
    const Node* key = nullptr;  // of an object
    bool binds = false;         // {$name: …}, {$name}: the member itself goes to `slot`
    std::uint16_t slot = 0;
    const Pattern* inner = nullptr;
  };
  Kind kind = Kind::variable;
  std::uint16_t slot = 0;
  std::vector<Entry> entries;
};

/// A function, or an argument that is handed to one (then without parameters).
struct Function {
  std::string name;
  std::vector<std::string> parameters;
  const Node* body = nullptr;
  std::uint16_t level = 0;  // of its frame; what it sees stands in frames of lower levels
  std::uint16_t slots = 0;
  bool complete = false;  // false while it is read: it calls itself
  bool needs_frame() const { return slots != 0 || !parameters.empty(); }
};

/// Owns what the nodes point to. The root's frame has level 0.
struct Tree {
  std::deque<Node> nodes;
  std::deque<Pattern> patterns;
  std::deque<Function> functions;
  const Node* root = nullptr;
  std::uint16_t slots = 0;
};

}  // namespace baton::json::jq
