// A service's contract: its AsyncAPI 3 document, as far as flows need it.
//
// An operation with `action: receive` is what others ask of the service: its channel carries commands, its `reply`
// names the result messages and their channel. An operation with `action: send` tells what the service publishes on its
// own. A message's `name` is its CloudEvents type; its payload schema is checked at every door. Source: AsyncAPI 3.0.0
// / 3.1.0.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "flow/diagnostic.h"
#include "json/schema.h"

namespace baton::flow {

struct Message {
  std::string type;   ///< CloudEvents type: the message's `name`, else its key in the channel
  std::string topic;  ///< made of the address of the channel it goes over (names.h)
  std::optional<json::Schema> payload;
  json::Value payload_schema;       ///< self-contained ($ref resolved); null: anything goes
  std::string correlation_pointer;  ///< JSON pointer into the payload, from `correlationId.location`
                                    ///< "$message.payload#/…"; "": none
};

/// How long the service tries an operation whose handler fails for now, where its contract says so: `x-retry` of the
/// operation. What is absent is the service's own policy (include/baton/handler.h).
struct RetryTerms {
  std::optional<Millis> lasts, first, most;
  std::optional<int> attempts_max;  ///< 1 or more
};

/// An operation with several messages is several of these with one name.
struct Operation {
  std::string name;              ///< "check"
  bool receives = true;          ///< action: receive
  Message request;               ///< what is received (or, for send, published)
  std::vector<Message> replies;  ///< empty: the operation completes once it is published
  RetryTerms retry = {};
};

struct Contract {
  std::string service;  ///< info.x-service, else info.title made a name: "credit"
  std::string version;  ///< info.version: "1.0.0"
  std::string description;
  std::vector<Operation> operations;  ///< in document order
  std::string source_text;            ///< the document as deployed, references resolved: JSON
  const Operation* find(std::string_view operation) const;
};

/// Reads a file that a `$ref: 'common.yaml#/…'` names, relative to the document. Errors go into the diagnostics.
using Load = std::function<Result<std::string>(const std::string& reference)>;

/// nullptr when there is any error among `diagnostics`.
std::shared_ptr<const Contract> read_contract(std::string_view text, const std::string& file, const Load& load,
                                              Diagnostics& diagnostics);

/// All contracts that a runtime knows: the default catalog, and what the doors check against.
class Contracts {
 public:
  /// Errors: conflict (this service and version is there already with other content).
  Result<void> add(std::shared_ptr<const Contract> contract);
  /// `version` exact; nullptr when unknown.
  const Contract* find(std::string_view service, std::string_view version) const;
  std::vector<std::shared_ptr<const Contract>> all() const;
  /// The message with this CloudEvents type, of any contract; nullptr when none describes it. Of several the newest
  /// version's, the publisher's before the receiver's. Hot: every door asks for every event; the answer lives as long
  /// as these Contracts.
  const Message* message(std::string_view type) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  void index();

  std::map<std::pair<std::string, std::string>, std::shared_ptr<const Contract>> contracts_;
  std::unordered_map<std::string, const Message*, Hash, std::equal_to<>> messages_;  ///< looked up, never walked
};

}  // namespace baton::flow
