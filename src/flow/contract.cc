#include "flow/contract.h"

#include <algorithm>
#include <charconv>

namespace baton::flow {
namespace {

/// Numbers by value, so that 1.10.0 comes after 1.9.0; else as text.
bool version_less(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    unsigned long x = 0, y = 0;
    const auto [enda, errora] = std::from_chars(a.data(), a.data() + a.size(), x);
    const auto [endb, errorb] = std::from_chars(b.data(), b.data() + b.size(), y);
    const bool numbers = errora == std::errc() && errorb == std::errc();
    if (numbers && x != y) return x < y;
    if (!numbers && a[0] != b[0]) return a[0] < b[0];
    a.remove_prefix(numbers ? static_cast<std::size_t>(enda - a.data()) : 1);
    b.remove_prefix(numbers ? static_cast<std::size_t>(endb - b.data()) : 1);
  }
  return a.size() < b.size();
}

}  // namespace

const Operation* Contract::find(std::string_view operation) const {
  const auto found = std::ranges::find(operations, operation, &Operation::name);
  return found == operations.end() ? nullptr : &*found;
}

Result<void> Contracts::add(std::shared_ptr<const Contract> contract) {
  const auto [known, fresh] = contracts_.try_emplace({contract->service, contract->version}, contract);
  if (fresh) {
    index();
    return {};
  }
  if (known->second->source_text == contract->source_text) return {};
  return Error{Code::conflict, "the contract " + contract->service + ":" + contract->version +
                                   " is there already with other content; give the changed one a new info.version"};
}

const Contract* Contracts::find(std::string_view service, std::string_view version) const {
  const auto found = contracts_.find({std::string(service), std::string(version)});
  return found == contracts_.end() ? nullptr : found->second.get();
}

std::vector<std::shared_ptr<const Contract>> Contracts::all() const {
  std::vector<std::shared_ptr<const Contract>> out;
  for (const auto& [key, contract] : contracts_) out.push_back(contract);
  return out;
}

const Message* Contracts::message(std::string_view type) const {
  const auto found = messages_.find(type);
  return found == messages_.end() ? nullptr : found->second;
}

/// Independent of the order of add(): of a service the newest version, and of services that describe the same type the
/// first by name, those that publish it before those that receive it.
void Contracts::index() {
  std::map<std::string, const Contract*> newest;
  for (const auto& [key, contract] : contracts_) {
    const Contract*& best = newest[contract->service];
    if (best == nullptr || version_less(best->version, contract->version)) best = contract.get();
  }
  std::vector<const Contract*> order;
  for (const auto& [service, contract] : newest) order.push_back(contract);
  for (const auto& [key, contract] : contracts_)
    order.push_back(contract.get());  // types that only older versions have
  messages_.clear();
  const auto enter = [this](const Message& message) { messages_.try_emplace(message.type, &message); };
  for (const Contract* contract : order) {
    for (const Operation& operation : contract->operations) {
      for (const Message& reply : operation.replies) enter(reply);
      if (!operation.receives) enter(operation.request);
    }
  }
  for (const Contract* contract : order) {
    for (const Operation& operation : contract->operations) enter(operation.request);
  }
}

}  // namespace baton::flow
