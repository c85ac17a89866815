// A value during evaluation: borrowed wherever possible, owned where it was made.
#pragma once

#include <utility>

#include "json/data.h"

namespace baton::json::jq {

/// One of
///   none      no output (empty, select, .a? on a number)
///   stable    borrowed from the input, an argument or a literal: good for the whole evaluation. `owner` is the Data it
///   came
///             from, or nullptr
///   passing   borrowed from a value that only the caller of one() holds: copied before that value goes
///   owned     made here
class Operand {
 public:
  static Operand none() { return Operand(nullptr, nullptr, false); }
  static Operand stable(const Value& value, const Data* owner) { return Operand(&value, owner, true); }
  static Operand passing(const Value& value) { return Operand(&value, nullptr, false); }
  Operand(Value value) : owned_(std::move(value)), is_owned_(true) {}  // NOLINT: results are returned as values

  bool is_none() const { return borrowed_ == nullptr && !is_owned_; }
  bool is_owned() const { return is_owned_; }
  bool is_passing() const { return borrowed_ != nullptr && !stable_; }
  const Data* owner() const { return owner_; }
  const Value& get() const { return is_owned_ ? owned_ : *borrowed_; }

  /// A value inside of this one, borrowed as this one is (or from this one, which then must stay where it is).
  Operand inside(const Value& value) const { return stable_ ? stable(value, owner_) : passing(value); }
  /// The same value, borrowed.
  Operand borrow() const { return inside(get()); }
  /// The value, moved out or copied.
  Value take() && { return is_owned_ ? std::move(owned_) : Value(*borrowed_); }

 private:
  Operand(const Value* value, const Data* owner, bool stable) : borrowed_(value), owner_(owner), stable_(stable) {}

  const Value* borrowed_ = nullptr;
  const Data* owner_ = nullptr;
  Value owned_;
  bool is_owned_ = false;
  bool stable_ = false;
};

}  // namespace baton::json::jq
