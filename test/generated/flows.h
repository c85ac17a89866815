// Flows drawn from a seed, as documents.
#pragma once

#include "draw.h"
#include "json/data.h"

namespace baton::generated {

struct Taste {
  bool timed = true;  ///< try, compete, waits, timeouts, raise: what keeps every view whole
  /// Expressions that fail on some data; where views are cut, outside of forks only: what fails in a branch is then
  /// known to nobody but who acts after it.
  bool brittle = false;
};

/// A flow of the shop (flow::testing::shop_contracts) that com.example.cart.filled.v1 starts. Each listen hears types
/// that no other listen hears; what is exported, is exported outside of forks: both would be races.
json::Value flow_of(Draw& draw, const Taste& taste);

/// The same flow with some of its tasks under the other strategy.
json::Value mixed(const json::Value& document, Draw& draw);

}  // namespace baton::generated
