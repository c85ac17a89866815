// What is deployed: the programs and views that the roles run. An immutable snapshot; a deployment makes a new one.
//
// Which version of a flow new instances start with is decided by the flow's own log, so that everybody agrees: a
// "deploy" event (event.kind == "deploy", flowname, flowversion) in every partition of its home topic makes that
// version the active one from there on. The snapshot holds every version that any instance may still run on, and has it
// before its deploy event is appended.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/held.h"
#include "engine/instance_id.h"
#include "flow/contract.h"
#include "flow/program.h"

namespace baton::role {

struct Deployed {
  std::shared_ptr<const flow::Program> program;
  /// Service -> its slice (analysis/project.h), for every service that acts on some task without being commanded.
  std::map<std::string, std::shared_ptr<const flow::Program>, std::less<>> views;
};

struct Registry {
  /// (flow "namespace/name", version) -> what runs.
  std::map<std::pair<std::string, std::string>, Deployed> flows;
  flow::Contracts contracts;
  const Deployed* find(std::string_view flow, std::string_view version) const;
};

/// The current snapshot, and who takes part here. Any thread.
class Catalog {
 public:
  /// To be named before it is looked into: the next deployment replaces it.
  [[nodiscard]] Held<Registry> snapshot() const;
  void replace(std::shared_ptr<const Registry> registry);

  /// The services that run in this process: evidence for "why is it here", nothing else.
  void set_running(std::set<std::string, std::less<>> services);
  bool runs(std::string_view service) const;

  /// Who knows whether an instance has ended, seen as a whole (the monitor). It is asked before a view is let go that
  /// nothing has moved for long: a view sees a part only, and age is no evidence. Nobody: no instance is over. The
  /// function is called on any thread.
  void set_over(std::function<bool(const engine::InstanceId&)> over);
  bool over(const engine::InstanceId& instance) const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Registry> registry_ = std::make_shared<const Registry>();
  std::set<std::string, std::less<>> running_;
  std::function<bool(const engine::InstanceId&)> over_;
};

}  // namespace baton::role
