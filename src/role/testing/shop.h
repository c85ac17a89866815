// The shop: a flow of three calls, in either strategy.
#pragma once

#include <string>

#include "base/assert.h"
#include "flow/testing/fixture.h"
#include "role/testing/world.h"

namespace baton::role::testing {

inline const std::string kCart = "com.example.cart.filled.v1";
inline const std::string kStartsOnCart =
    "schedule:\n  on:\n    one:\n      with: { type: com.example.cart.filled.v1 }\ninput:\n  from: .[0].data\n";
inline const std::string kThreeCalls = R"(  - place: { call: 'order.place:1.0.0@default' }
  - charge: { call: 'payment.charge:1.0.0@default' }
  - tell: { call: 'email.send:1.0.0@default' }
)";

inline std::shared_ptr<const flow::Program> shop(flow::Strategy strategy, const std::string& tasks = kThreeCalls,
                                                 const std::string& more = "", const std::string& version = "1.0.0") {
  std::string text = flow::testing::flow_text(tasks, kStartsOnCart + more, "participant: order");
  text.replace(text.find("'1.0.0'"), 7, "'" + version + "'");
  auto compiled = flow::testing::compile_text(text, flow::testing::shop_contracts(), {strategy});
  if (compiled.program == nullptr) fatal("the test's flow", compiled.text().c_str());
  return compiled.program;
}

inline event::Event cart(const std::string& id, const std::string& data = R"({"items":1})") {
  return World::outside(kCart, id, data);
}

/// Types of the events, in order, without what all have in common: "cart.filled order.placed". Kinds in brackets;
/// "deploy" left out.
inline std::string trace(const std::vector<event::Event>& events) {
  std::string out;
  for (const event::Event& event : events) {
    if (event.kind == "deploy" || engine::is_flow_fault(event)) continue;  // told among those who choreograph
    std::string name = event.type;
    if (name.starts_with("com.example.")) name = name.substr(12, name.size() - 15);
    if (!event.kind.empty()) name = "[" + event.kind + "]";
    out += (out.empty() ? "" : " ") + name;
  }
  return out;
}

}  // namespace baton::role::testing
