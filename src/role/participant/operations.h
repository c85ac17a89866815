// Which operation of the service a command asks for, and by which version of its contract.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "role/programs.h"

namespace baton::role {

/// As of one snapshot of the catalog. Thread: the processor's.
class Operations {
 public:
  explicit Operations(std::string service) : service_(std::move(service)) {}

  struct Called {
    std::shared_ptr<const flow::Contract> contract;  ///< nullptr: none of the service's operations
    const flow::Operation* operation = nullptr;
  };
  /// The flow's version tells the contract's; from outside of any flow, the newest that has such a command.
  Called called(const event::Event& command, const Programs& programs);
  /// nullptr: there is no such version.
  std::shared_ptr<const flow::Contract> contract(std::string_view version, const Programs& programs);

 private:
  void refresh(const Programs& programs);

  std::string service_;
  std::shared_ptr<const Registry> seen_;
  std::vector<std::shared_ptr<const flow::Contract>> contracts_;
  TextMap<std::vector<Called>> by_command_;  ///< command type -> by version, the oldest first
};

}  // namespace baton::role
