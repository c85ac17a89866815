#include "app/misfits.h"

#include <algorithm>
#include <set>

#include "flow/report.h"

namespace baton::app {
namespace {

/// The operations that a contract of the service receives: of this version, of any if "".
std::vector<std::string> received(const flow::Contracts& contracts, const std::string& service,
                                  const std::string& version) {
  std::set<std::string> out;
  for (const auto& contract : contracts.all()) {
    if (contract->service != service || (!version.empty() && contract->version != version)) continue;
    for (const flow::Operation& operation : contract->operations) {
      if (operation.receives) out.insert(operation.name);
    }
  }
  return {out.begin(), out.end()};
}

std::string unknown_contract(const Service::Parts& service, const flow::Contracts& contracts) {
  std::vector<std::string> services, versions;
  for (const auto& contract : contracts.all()) {
    services.push_back(contract->service);
    if (contract->service == service.name) versions.push_back(contract->version);
  }
  if (versions.empty()) {
    return "no contract of a service " + flow::quote(service.name) + " is deployed" +
           flow::did_you_mean(service.name, services) + ": nobody can call it";
  }
  return "the service " + flow::quote(service.name) + " has the version " + service.version +
         ", of which no contract is deployed; there is " + flow::either(versions);
}

}  // namespace

std::vector<std::string> misfits(const Service::Parts& service, const flow::Contracts& contracts, bool must_be_known) {
  std::vector<std::string> out;
  const bool known = contracts.find(service.name, service.version) != nullptr;
  if (!known && must_be_known) out.push_back(unknown_contract(service, contracts));
  if (!known) return out;
  const std::vector<std::string> all = received(contracts, service.name, "");
  for (const auto& [name, handler] : service.operations) {
    if (std::ranges::find(all, name) != all.end()) continue;
    out.push_back("the service " + flow::quote(service.name) + " has a handler for " + flow::quote(name) +
                  ", which its contract does not receive" + flow::did_you_mean(name, all) + ": it is never called");
  }
  for (const std::string& name : received(contracts, service.name, service.version)) {
    if (service.operations.contains(name)) continue;
    out.push_back("the service " + flow::quote(service.name) + " has no handler for " + flow::quote(name) +
                  " of its contract " + service.version + ": who calls it gets a fault");
  }
  return out;
}

}  // namespace baton::app
