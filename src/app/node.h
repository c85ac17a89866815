// One running Baton: log, deployments, shards with the roles on them, services. What serve, demo, bench and an
// embedding program wire up.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/acks.h"
#include "app/deployments.h"
#include "app/intake.h"
#include "app/shards.h"
#include "app/troubles.h"
#include "baton/service.h"
#include "log/local/local.h"
#include "role/roles.h"

namespace baton::app {

struct NodeOptions {
  std::filesystem::path data;    ///< the data folder; empty: in memory, gone with the process
  std::size_t shards = 0;        ///< 0: one per core
  std::int32_t partitions = 16;  ///< of every topic; a data folder keeps the number that it began with
  std::size_t handler_threads = 2;
  Retention retention = {};
  /// How far open() is, where it takes long; on the caller's thread.
  std::function<void(const log::Progress&)> on_progress = {};
};

/// Thread: open(), start() and the destructor from one, the destructor last; everything else from any.
class Node {
 public:
  /// Opens the log and loads what was deployed. Nothing runs yet. Errors: as open_local() and Deployments::load().
  static Result<std::unique_ptr<Node>> open(const NodeOptions& options);
  ~Node();

  /// A service that runs in this process. Also after start(). Errors: conflict (one of that name is here already),
  /// invalid (Baton's own stores have such a name), busy (stopped).
  Result<void> add(const Service& service);
  void start();
  /// Takes nothing new (busy), lets running handlers finish, ends the shards. What was accepted is durable when it
  /// returns. Questions are answered still. A second call does nothing.
  void stop();

  Result<DeployResult> deploy(const std::vector<SourceDocument>& documents, std::optional<flow::Strategy> strategy,
                              Known known = Known::become_active);

  log::Log& log() { return *log_; }
  /// nullptr when in memory.
  log::LocalLog* local_log() { return local_; }
  const RunningClock& clock() const { return clock_; }
  /// Records that the monitor has not read yet, and whether it has read all that there was at the start.
  struct MonitorAge {
    std::uint64_t behind = 0;
    bool caught_up = false;
  };
  MonitorAge monitor_age() const;
  Acks& acks() { return *acks_; }
  Intake& intake() { return *intake_; }
  const Deployments& deployments() const { return *deployments_; }
  const role::Catalog& catalog() const { return catalog_; }
  const Shards& shards() const { return *shards_; }
  std::vector<Service::Parts> services() const;

 private:
  Node() = default;
  bool stopped() const;
  void start_clock();       // not before what was written down
  void look_at_clock();     // tells when the machine's has jumped
  void announce();          // which services run here; with placing_ held
  void tell_misfits(bool must_be_known);  // of services and contracts (app/misfits.h), each once; with placing_ held
  void place_processors();  // for what is deployed now; with placing_ held

  RunningClock clock_;
  Retention retention_;
  role::Catalog catalog_;
  std::unique_ptr<log::Log> log_;
  log::LocalLog* local_ = nullptr;
  std::unique_ptr<Acks> acks_;
  std::unique_ptr<Deployments> deployments_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Troubles> troubles_;
  std::unique_ptr<stream::Executor> executor_;
  std::unique_ptr<Shards> shards_;
  mutable std::mutex placing_;
  std::vector<Service::Parts> services_;
  std::set<std::string> misfits_told_;
  Millis drift_told_ = 0;                                     // of the machine's clock; the first shard's thread
  mutable std::atomic<bool> caught_up_ = false;               // the monitor, once since the start
  std::map<log::TopicPartition, log::Offset> ends_at_start_;  // what there was for it to read then
  bool started_ = false;
  bool stopped_ = false;
  std::map<std::string, std::vector<std::string>> placed_;  // processor -> its topics
};

}  // namespace baton::app
