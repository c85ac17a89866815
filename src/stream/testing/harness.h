// Processors on a log in memory, with a clock and an executor that move when told: for tests and stories.
//
//   Harness h({.shards = 2});
//   h.topic("loans", 4);
//   h.add(spec);
//   h.publish("loans", event);
//   h.settle();                 // until nothing moves at this time
//   h.run_until(h.now() + 60'000);
//   h.crash();                  // what was not durable is gone, with every job under way
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "event/event.h"
#include "log/memory/memory.h"
#include "stream/runner.h"

namespace baton::stream::testing {

struct HarnessOptions {
  std::size_t shards = 1;
  std::size_t commit_bytes_max = log::MemoryOptions{}.commit_bytes_max;
  bool auto_sync = false;     ///< false: a commit is durable when settle() or sync() makes it so
  RunnerOptions runner = {};  ///< shard and shards are set by the harness
};

/// Thread: one. Shards are stepped in turn.
class Harness {
 public:
  explicit Harness(HarnessOptions options = {});
  ~Harness();

  /// Creates the topic, or finds it.
  log::Topic topic(const std::string& name, std::int32_t partitions = 1);
  /// Given to every shard, now and after each crash.
  void add(ProcessorSpec spec);
  /// Runs no more from the next crash or restart on.
  void remove(const std::string& name);
  /// Appends as an outside producer does, and awaits it.
  void publish(std::string_view topic, const event::Event& event);
  /// As publish(), but bytes that need not be an event.
  void append(log::TopicPartition to, log::Record record);

  /// One step of every shard. Returns the sum of what they handled.
  std::size_t step();
  /// Steps, syncs and runs jobs until nothing moves any more, time standing still. Returns how many inputs were
  /// handled.
  std::size_t settle();
  /// settle(), moving the clock from timer to timer up to `end`.
  void run_until(Instant end);
  /// settle(), moving the clock to the next timer as long as there is one; at most `timers_max` times. False: there are
  /// more.
  bool run_out(std::size_t timers_max = 100'000);

  /// Ends the runners, loses what is not durable and all jobs under way, and begins again.
  void crash();
  /// As crash(), but everything accepted is kept, checkpointed stores too.
  void restart();

  /// All events of a topic that the log has accepted, partition by partition, in offset order.
  std::vector<event::Event> events(std::string_view topic) const;

  Instant now() const { return clock_.now(); }
  std::optional<Instant> next_timer() const;
  bool busy() const;
  log::MemoryLog& log() { return *log_; }
  ManualClock& clock() { return clock_; }
  ManualExecutor& executor() { return *executor_; }
  Runner& runner(std::size_t shard = 0) { return *runners_[shard]; }

 private:
  void begin();

  const HarnessOptions options_;
  ManualClock clock_;
  std::unique_ptr<log::MemoryLog> log_;
  std::unique_ptr<ManualExecutor> executor_;
  std::vector<std::unique_ptr<Runner>> runners_;
  std::vector<ProcessorSpec> specs_;
};

}  // namespace baton::stream::testing
