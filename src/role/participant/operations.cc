#include "role/participant/operations.h"

#include "engine/occurrence.h"

namespace baton::role {
namespace {

/// The call that the command was sent for; nullptr: none that is known.
const flow::Call* call_of(const event::Event& command, const Registry& registry) {
  const Deployed* deployed = command.flowname.empty() ? nullptr : registry.find(command.flowname, command.flowversion);
  const auto occurrence = engine::parse_occurrence(command.flowtask);
  const flow::Task* task = deployed == nullptr || !occurrence ? nullptr : deployed->program->find(occurrence->pointer);
  return task == nullptr ? nullptr : std::get_if<flow::Call>(&task->body);
}

}  // namespace

void Operations::refresh(const Programs& programs) {
  if (seen_ == programs.snapshot()) return;
  seen_ = programs.snapshot();
  contracts_.clear();
  by_command_.clear();
  for (auto& contract : seen_->contracts.all()) {
    if (contract->service != service_) continue;
    for (const flow::Operation& operation : contract->operations) {
      if (operation.receives) by_command_[operation.request.type].push_back({contract, &operation});
    }
    contracts_.push_back(std::move(contract));
  }
}

Operations::Called Operations::called(const event::Event& command, const Programs& programs) {
  refresh(programs);
  const auto found = by_command_.find(command.type);
  if (found == by_command_.end()) return {};
  if (found->second.size() == 1) return found->second.front();
  const flow::Call* call = call_of(command, *seen_);
  for (const Called& one : found->second) {
    if (call != nullptr && one.contract->version == call->version && one.operation->name == call->operation) return one;
  }
  return found->second.back();
}

std::shared_ptr<const flow::Contract> Operations::contract(std::string_view version, const Programs& programs) {
  refresh(programs);
  for (const auto& one : contracts_) {
    if (one->version == version) return one;
  }
  return nullptr;
}

}  // namespace baton::role
