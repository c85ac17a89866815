#include "app/node.h"

#include <cstdlib>
#include <utility>

#include "app/misfits.h"
#include "baton/log.h"
#include "log/memory/memory.h"
#include "role/monitor_query.h"

namespace baton::app {
namespace {

std::vector<std::string> to_vector(const std::set<std::string>& set) {
  return {set.begin(), set.end()};
}

/// Stores of the roles that every node has (role/roles.h): a service of such a name would share them.
bool is_own_store(std::string_view name) {
  return name == "orchestrator" || name == "monitor" || name == "timekeeper" || name == "matcher";
}

Error stopping() {
  return {Code::busy, "Baton is stopping, and takes nothing new"};
}

constexpr Millis kClockToldMs = 1000;

void tell_error(std::string_view line) {
  write_log(LogLevel::error, "baton", line);
}

/// Commits that were never acknowledged: no loss, but whoever looks into a crash wants to know.
void tell_torn(const log::OpenReport& opened) {
  if (opened.torn_bytes == 0) return;
  write_log(LogLevel::warn, "baton",
            "a crash cut off " + std::to_string(opened.torn_bytes) + " bytes that were not synced yet: journal/" +
                opened.torn_file + " at byte " + std::to_string(opened.torn_at));
}

/// Long work that nobody asked for, or a part of the past that is gone: whoever starts Baton should know.
void tell_rebuilt(const log::OpenReport& opened, const log::LocalStats& stats) {
  if (opened.rebuilt) {
    write_log(LogLevel::warn, "baton",
              "the folder 'state' was empty: everything was computed from the journal, " +
                  std::to_string(opened.frames_replayed) + " commits in " +
                  std::to_string(static_cast<std::int64_t>(stats.recovery_ms)) +
                  " ms; the monitor reads all records again");
  }
  if (opened.frames_lost == 0) return;
  write_log(LogLevel::warn, "baton",
            "commits are lost at " + std::to_string(opened.frames_lost) +
                " places of the journal, where a repair has set damage aside");
}

}  // namespace

Result<std::unique_ptr<Node>> Node::open(const NodeOptions& options) {
  BATON_CHECK(check(options.retention));
  std::unique_ptr<Node> node(new Node);
  node->retention_ = options.retention;
  if (options.data.empty()) {
    node->log_ = log::open_memory({.auto_sync = true, .clock = &node->clock_});
  } else {
    log::LocalOptions local;
    local.clock = &node->clock_;
    local.retention = options.retention;
    local.on_progress = options.on_progress;
    local.on_error = [](const Error& error) { tell_error(error.text); };
    BATON_TRY(auto log, log::open_local(options.data, local));
    tell_torn(log->opened());
    tell_rebuilt(log->opened(), log->stats());
    node->local_ = log.get();
    node->log_ = std::move(log);
  }
  node->start_clock();
  node->catalog_.set_over([&node = *node](const engine::InstanceId& instance) {
    return role::has_ended(*node.log_, node.catalog_, instance).value_or(node.caught_up_.load());
  });
  node->acks_ = std::make_unique<Acks>(*node->log_);
  node->deployments_ =
      std::make_unique<Deployments>(*node->log_, node->catalog_, node->clock_, options.partitions, options.retention);
  node->intake_ =
      std::make_unique<Intake>(*node->log_, node->catalog_, *node->deployments_, node->clock_, *node->acks_);
  BATON_CHECK(node->deployments_->load());
  node->troubles_ = std::make_unique<Troubles>(node->clock_, tell_error);
  node->executor_ = stream::make_thread_pool(options.handler_threads);
  node->shards_ = std::make_unique<Shards>(*node->log_, node->clock_, *node->executor_, *node->troubles_,
                                           options.shards, [raw = node.get()] { raw->look_at_clock(); });
  return node;
}

/// The last record of every partition was taken in at a time that must not come again.
void Node::start_clock() {
  Instant last;
  for (const log::Topic& topic : log_->topics()) {
    for (std::int32_t p = 0; p < topic.spec.partitions; ++p) {
      const log::TopicPartition from{topic.id, log::PartitionId(p)};
      const log::Offset end = log_->end(from, log::Isolation::durable);
      if (end == log_->first(from)) continue;
      const auto batch = log_->read(from, end.plus(-1), 1, log::Isolation::durable);
      if (batch && !batch->records.empty()) last = std::max(last, batch->records.back().time);
    }
  }
  const Millis ahead = last - clock_.now();
  clock_.start_after(last);
  drift_told_ = clock_.drift();
  if (ahead < kClockToldMs) return;
  write_log(LogLevel::warn, "baton",
            "the data folder has records of " + to_rfc3339(last) + ", " + std::to_string(ahead / 1000) +
                " s ahead of this machine's clock: Baton's time goes on from there");
}

void Node::look_at_clock() {
  const Millis drift = clock_.drift();
  if (std::abs(drift - drift_told_) < kClockToldMs) return;
  write_log(LogLevel::warn, "baton",
            "this machine's clock has jumped by " + std::to_string(drift - drift_told_) + " ms and is " +
                std::to_string(drift) + " ms ahead of Baton's, which goes on as before until the next start");
  drift_told_ = drift;
}

Node::MonitorAge Node::monitor_age() const {
  MonitorAge age;
  bool caught_up = true;
  for (const std::string& name : deployments_->home_topics()) {
    const auto topic = log_->find_topic(name);
    for (std::int32_t p = 0; topic && p < topic->spec.partitions; ++p) {
      const log::TopicPartition from{topic->id, log::PartitionId(p)};
      const auto consumed = log_->consumed({"monitor", log::PartitionId(p)});
      const auto at = consumed.find(from);
      const log::Offset next = at == consumed.end() ? log_->first(from) : at->second;
      const log::Offset end = log_->end(from, log::Isolation::durable);
      const auto at_start = ends_at_start_.find(from);
      caught_up = caught_up && (at_start == ends_at_start_.end() || next >= at_start->second);
      if (next < end) age.behind += static_cast<std::uint64_t>(end.value - std::max(next, log_->first(from)).value);
    }
  }
  if (caught_up) caught_up_ = true;
  age.caught_up = caught_up_;
  return age;
}

Node::~Node() {
  stop();
}

Result<void> Node::add(const Service& service) {
  const std::lock_guard lock(placing_);
  if (stopped_) return stopping();
  if (is_own_store(service.name()))
    return invalid("a service can't be called '" + service.name() + "': Baton keeps a store of that name; rename it");
  for (const Service::Parts& known : services_) {
    if (known.name == service.name())
      return Error{Code::conflict, "a service '" + known.name + "' runs in this process already"};
  }
  services_.push_back(service.handlers());
  announce();
  tell_misfits(false);
  if (started_) place_processors();
  return {};
}

void Node::tell_misfits(bool must_be_known) {
  const auto registry = catalog_.snapshot();
  for (const Service::Parts& service : services_) {
    for (const std::string& line : misfits(service, registry->contracts, must_be_known)) {
      if (misfits_told_.insert(line).second) write_log(LogLevel::warn, "baton", line);
    }
  }
}

void Node::announce() {
  std::set<std::string, std::less<>> names;
  for (const Service::Parts& service : services_) names.insert(service.name);
  catalog_.set_running(std::move(names));
}

std::vector<Service::Parts> Node::services() const {
  const std::lock_guard lock(placing_);
  return services_;
}

void Node::start() {
  const std::lock_guard lock(placing_);
  for (const std::string& name : deployments_->home_topics()) {
    const auto topic = log_->find_topic(name);
    for (std::int32_t p = 0; topic && p < topic->spec.partitions; ++p) {
      const log::TopicPartition from{topic->id, log::PartitionId(p)};
      ends_at_start_.emplace(from, log_->end(from, log::Isolation::durable));
    }
  }
  started_ = true;
  place_processors();
  shards_->start();
}

bool Node::stopped() const {
  const std::lock_guard lock(placing_);
  return stopped_;
}

/// Who waits for an answer still gets it: the log and its acknowledgements end with the Node, not here.
void Node::stop() {
  {
    const std::lock_guard lock(placing_);
    if (std::exchange(stopped_, true)) return;
  }
  if (intake_) intake_->close();
  if (shards_) shards_->stop();
  executor_.reset();  // handlers that run end here; their outcomes are given again after the next start
  if (local_ != nullptr) local_->sync();
}

void Node::place_processors() {
  const auto place = [&](const std::string& name, std::vector<std::string> topics, const auto& make) {
    std::vector<std::string>& placed = placed_[name];
    if (topics.empty() || topics == placed) return;
    shards_->add(make(topics));
    placed = std::move(topics);
  };
  place("orchestrator", to_vector(deployments_->orchestrated_topics()),
        [&](const auto& topics) { return role::orchestrator(catalog_, topics, retention_); });
  place("monitor", to_vector(deployments_->home_topics()), [&](const auto& topics) {
    role::MonitorOptions options;
    options.history_ms = retention_.history_ms;
    options.retention = retention_;
    return role::monitor(catalog_, topics, options);
  });
  place("matcher", to_vector(deployments_->event_topics()), [&](const auto& topics) {
    return role::matcher(catalog_, topics, {.early_ms = retention_.early_ms, .seen_ms = retention_.marks_ms});
  });
  place("timekeeper", to_vector(deployments_->unowned_timer_topics()),
        [&](const auto& topics) { return role::timekeeper(catalog_, topics, retention_); });
  for (const Service::Parts& service : services_) {
    const auto commands = to_vector(deployments_->command_topics(service.name));
    const auto homes = to_vector(deployments_->choreographed_topics(service.name));
    std::vector<std::string> all = commands;
    all.insert(all.end(), homes.begin(), homes.end());
    place(service.name, std::move(all), [&](const auto&) {
      return role::participant(catalog_, {service.name, service.operations, service.retry, service.in_flight_max},
                               commands, homes, retention_);
    });
  }
}

Result<DeployResult> Node::deploy(const std::vector<SourceDocument>& documents, std::optional<flow::Strategy> strategy,
                                  Known known) {
  if (stopped()) return stopping();
  BATON_TRY(DeployResult result, deployments_->deploy(documents, strategy, known));
  const std::lock_guard lock(placing_);
  // Who deploys flows has deployed their contracts.
  if (result.accepted()) tell_misfits(!result.flows.empty());
  if (result.accepted() && started_ && !stopped_) place_processors();
  return result;
}

}  // namespace baton::app
