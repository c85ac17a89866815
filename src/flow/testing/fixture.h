// Verbs for tests that need contracts and flows. For other folders' tests too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "flow/compile.h"

namespace baton::flow::testing {

/// The text of a contract: `service` 1.0.0 with one operation. Its request is com.example.SERVICE.OPERATION.v1 on
/// SERVICE.commands, its reply com.example.SERVICE.RESULT.v1 on `reply_topic`; "" as result: no reply.
std::string contract_text(const std::string& service, const std::string& operation, const std::string& result,
                          const std::string& reply_topic = "shop");
/// … that publishes `type` on its own, on `topic`.
std::string publisher_text(const std::string& service, const std::string& type, const std::string& topic = "shop");

/// Reads and adds all, which must be correct.
Contracts contracts_of(const std::vector<std::string>& texts);

/// order.place (placed), payment.charge (charged), email.send (sent), log.write (no reply); shop publishes
/// com.example.cart.filled.v1. All on the topic "shop".
Contracts shop_contracts();

/// A flow of namespace shop from its tasks (indented by two blanks, as below `do:`) and further top-level text.
std::string flow_text(const std::string& tasks, const std::string& more = "",
                      const std::string& metadata = "strategy: choreography");

struct Compiled {
  std::shared_ptr<const Program> program;
  Diagnostics diagnostics;
  /// The diagnostics as people read them, one after another.
  std::string text() const;
  /// "BTN-F002 BTN-F004": the codes in order.
  std::string codes() const;
  /// The task with this pointer, which must exist.
  const Task& at(const std::string& pointer) const;
};
Compiled compile_text(const std::string& text, const Contracts& contracts = shop_contracts(),
                      const CompileOptions& options = {});

/// The text with one to three small edits (cut, repeated, replaced pieces), which follow from the seed.
std::string mutate(std::string text, std::uint64_t seed);

/// A file's text; "" when it can't be read.
std::string read_file(const std::string& path);
/// Loads beside `path`.
Load load_beside(const std::string& path);

}  // namespace baton::flow::testing
