// The three roles, each a processor over the same advance(). They do not include each other.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/retention.h"
#include "baton/handler.h"
#include "role/registry.h"
#include "stream/processor.h"

namespace baton::role {

/// Folds every instance that has orchestrated tasks and acts on those: publishes commands and emits, owns their timers.
/// Store "orchestrator". `home_topics`: of the deployed flows with orchestrated tasks.
stream::ProcessorSpec orchestrator(const Catalog& catalog, std::vector<std::string> home_topics,
                                   const Retention& retention = {});

/// A service's operations, as the SDK's service object gives them.
struct ServiceHandlers {
  std::string service;
  std::map<std::string, Handler, std::less<>> operations;
  RetryPolicy retry;
  std::size_t in_flight_max = 256;
};

/// Performs the service's operations: on command (its command topics), and by its views of choreographed flows (their
/// home topics). Both end in the same three steps: taken on (committed), performed, result (committed with the inbox
/// mark). Store: the service's name. Dead letters go to "<service>.dead-letters", which exists.
stream::ProcessorSpec participant(const Catalog& catalog, ServiceHandlers handlers,
                                  std::vector<std::string> command_topics, std::vector<std::string> home_topics,
                                  const Retention& retention = {});

/// What the monitor keeps of instances that have ended; what is over either bound goes, the oldest first.
struct MonitorOptions {
  Millis history_ms = Retention{}.history_ms;
  Retention retention = {};                      ///< of all else
  std::int64_t history_instances_max = 200'000;  ///< a partition
  std::size_t orphans_max = 1'000;               ///< a partition
};

/// Folds every instance of every flow with the whole program and acts on nothing. Store "monitor", checkpointed. What
/// it keeps is read by role/monitor_query.h.
stream::ProcessorSpec monitor(const Catalog& catalog, std::vector<std::string> home_topics,
                              MonitorOptions options = {});

/// What the matcher keeps; by the shard's clock.
struct MatcherOptions {
  Millis early_ms = Retention{}.early_ms;        ///< how long an event that nobody waits for is kept for who may come
  std::uint64_t early_max = 100'000;            ///< so many, a partition; then they are orphans at once
  std::uint64_t early_bytes_max = 256U << 20U;  ///< likewise
  Millis seen_ms = Retention{}.marks_ms;         ///< within which an event with the same source and id is a duplicate
};

/// Brings events to who waits for them (role/matching.h, docs/flow-language.md). `topics`: all on which events are published.
/// kMatchingTopic exists, with as many partitions. Store "matcher".
stream::ProcessorSpec matcher(const Catalog& catalog, std::vector<std::string> topics, MatcherOptions options = {});

/// Does what nobody who acts in the flow would (Kind::none): fires such timers, announces such listens; the monitor can't, as its commits append
/// nothing. To be run for the home topics of flows that need it. Store "timekeeper".
stream::ProcessorSpec timekeeper(const Catalog& catalog, std::vector<std::string> home_topics,
                                 const Retention& retention = {});
bool needs_timekeeper(const flow::Program& program);

}  // namespace baton::role
