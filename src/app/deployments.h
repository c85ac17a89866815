// What is deployed, kept in the log itself.
//
// Topic "baton.deployments", one partition, kept for ever, has a JSON record for every deployment, in order:
//   {"deployment": {"strategy": "choreography" | null, "documents": [{"name": …, "text": …}, …]}}
//   {"activated": N}     the deployment at offset N has its deploy events in the home topics (same commit as those)
// A deployment is durable before anything runs on it; one that a crash cut off before its activation is activated at
// the next start.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "flow/compile.h"
#include "log/log.h"
#include "role/registry.h"

namespace baton::app {

struct SourceDocument {
  std::string name;  ///< for diagnostics, and what a `$ref` of another document calls it
  std::string text;
};

struct DeployResult {
  std::vector<std::shared_ptr<const flow::Program>> flows;
  std::vector<std::shared_ptr<const flow::Contract>> contracts;
  flow::Diagnostics diagnostics;
  bool accepted() const { return !flow::has_errors(diagnostics); }
};

/// What becomes of versions that are deployed already when they are deployed again.
enum class Known {
  become_active,
  stay,  ///< active or not, as they are
};

/// deploy() from any thread (one at a time; the others wait); the rest reads the catalog's snapshot, any thread.
class Deployments {
 public:
  /// `partitions`: of every topic, where the log has none yet. Topics are co-partitioned, so a log keeps the number
  /// that it began with.
  Deployments(log::Log& log, role::Catalog& catalog, const Clock& clock, std::int32_t partitions,
              const Retention& retention = {});

  /// Reads what was deployed before, compiles it, finishes what a crash cut off; where retention may have removed the
  /// deploy event of a flow's active version, it appends it again, so that a service that is new here learns it. Once,
  /// at the start. Errors: corrupt, io, invalid (a stored document no longer compiles: an older Baton accepted what
  /// this one does not).
  Result<void> load();

  /// A flow whose version is deployed with the other strategy gets a version of its own, "4.0.0+orchestration"
  /// (docs/decisions/0005). Durable and active when it returns accepted(); of several versions of a flow the last is.
  /// Where all of it is deployed and active already, nothing is written. Errors other than diagnostics: out_of_space,
  /// busy, io.
  Result<DeployResult> deploy(const std::vector<SourceDocument>& documents, std::optional<flow::Strategy> strategy,
                              Known known = Known::become_active);

  /// The version of the flow that new instances start with; "" for an unknown flow.
  std::string active_version(std::string_view flow) const;
  std::set<std::string> home_topics() const;
  /// All on which events are published: home topics, and those of what contracts reply and send.
  std::set<std::string> event_topics() const;
  /// Home topics of flows with timers or listens that no service and no orchestrator owns.
  std::set<std::string> unowned_timer_topics() const;
  /// Home topics of flows with orchestrated tasks.
  std::set<std::string> orchestrated_topics() const;
  /// Home topics of flows in which the service acts by its own view.
  std::set<std::string> choreographed_topics(std::string_view service) const;
  std::set<std::string> command_topics(std::string_view service) const;

  static constexpr const char* kTopic = "baton.deployments";

 private:
  struct Compiled;
  using Flows = std::vector<std::shared_ptr<const flow::Program>>;
  struct Loaded {
    log::Offset offset;
    Flows flows;
  };
  Result<Compiled> compile(const std::vector<SourceDocument>& documents, std::optional<flow::Strategy> strategy) const;
  Result<void> record_and_activate(Compiled compiled, const std::vector<SourceDocument>& documents,
                                   std::optional<flow::Strategy> strategy);
  Result<void> open_topics(const Compiled& compiled);
  Result<log::Offset> record(const std::vector<SourceDocument>& documents, std::optional<flow::Strategy> strategy);
  Result<std::vector<Loaded>> read_all(std::set<log::Offset>& activated);
  Result<void> activate_again(const std::vector<Loaded>& loaded, const std::set<log::Offset>& activated);
  Result<void> activate(const Flows& flows, log::Offset deployment);
  void set_active(const Flows& flows);
  bool deployed(const Compiled& compiled) const;
  bool trimmed(const flow::Program& program) const;

  log::Log& log_;
  role::Catalog& catalog_;
  const Clock& clock_;
  std::int32_t partitions_;
  const Retention retention_;
  log::Topic topic_;
  std::mutex deploying_;
  mutable std::mutex active_mutex_;
  std::map<std::string, std::string, std::less<>> active_;
};

}  // namespace baton::app
