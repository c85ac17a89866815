// jq's operators and functions on values, with the semantics of jq 1.6 where both operands are what flows use.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "json/data.h"
#include "json/jq/node.h"
#include "json/jq/operand.h"

namespace baton::json::jq {

/// Not an error of the expression: this combination of types is left to libjq, which evaluates the whole expression
/// again.
Error punt();
bool is_punt(const Error& error);

/// null < false < true < numbers < strings (by bytes) < arrays < objects.
int compare(const Value& a, const Value& b);
/// The items that differ, in an order of their own: what equals none before it. Borrows from `array`.
std::vector<const Value*> sorted_set(const Array& array);
bool truth(const Value& value);

/// + - * / % on values.
Result<Value> arithmetic(Op op, const Value& a, const Value& b);
Result<Value> negate(const Value& value);
/// `sum` + `value`, in place: adding up many things copies each of them once. After an error `sum` is as it was.
Result<void> add_to(Value& sum, const Value& value);

/// `of`[`key`]. The result is borrowed from `of`, or null.
Result<Operand> index(const Operand& of, const Value& key);
Result<Operand> field(const Operand& of, std::string_view name);

/// Builtins of the input alone, but for those that iterate (add, all, any, first, last).
Result<Value> apply(Builtin builtin, const Value& input);
/// Builtins with a value as argument.
Result<Value> apply(Builtin builtin, const Value& input, const Value& argument);

std::string to_text(const Value& value);
/// As jq's messages name a value: "number (1)", shortened.
std::string described(const Value& value);
Error cannot_iterate(const Value& value);
Error not_a_key(const Value& value);

}  // namespace baton::json::jq
