// What stands still while others replace it: a share of an immutable value, to be named before it is looked into.
#pragma once

#include <memory>
#include <utility>

#include "base/assert.h"

namespace baton {

/// A shared_ptr<const T> that can't be looked into before it has a name, so that nothing points into a share that is
/// let go of at the end of the expression. `for (auto& x : *catalog.snapshot())` and `catalog.snapshot()->flows` do not
/// compile; `const auto registry = catalog.snapshot();` first. Never empty, but after a move. Thread: as shared_ptr.
template <class T>
class Held {
 public:
  explicit Held(std::shared_ptr<const T> value) : value_(std::move(value)) { BATON_ASSERT(value_ != nullptr); }

  const T& operator*() const& { return *value_; }
  const T& operator*() const&& = delete;
  const T* operator->() const& { return value_.get(); }
  const T* operator->() const&& = delete;
  /// For those who keep it for longer.
  operator std::shared_ptr<const T>() const& { return value_; }         // NOLINT(google-explicit-constructor)
  operator std::shared_ptr<const T>() && { return std::move(value_); }  // NOLINT(google-explicit-constructor)
  /// A copy, which needs nobody's share.
  T copy() const { return *value_; }

 private:
  std::shared_ptr<const T> value_;
};

}  // namespace baton
