// What the assignments of one shard share.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/reminder.h"
#include "log/log.h"
#include "stream/executor.h"
#include "stream/feed.h"
#include "stream/inbox.h"
#include "stream/round.h"
#include "stream/runner.h"

namespace baton::stream {

/// Written by the shard's thread, read by any.
class Counter {
 public:
  void add(std::uint64_t n = 1) { set(get() + n); }
  void set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

struct Counters {
  Counter events, timers, outcomes, commits, jobs, malformed, set_aside, fenced, stuck;
};

struct Shard {
  Shard(log::Log& the_log, RunnerOptions the_options);

  /// Hands a finished commit to the log. Errors: fenced, busy, out_of_space (then `commit` is as it was); anything else
  /// is fatal.
  Result<log::Position> submit(log::Commit& commit);
  /// Begins the job at the end of the step; its outcome comes back through the inbox.
  void start(Job job, std::size_t assignment);
  /// Tells the options' on_error that `who` is in trouble: when it is new, and once a minute while it lasts.
  void report(const std::string& who, const Error& error);

  log::Log& log;
  const RunnerOptions options;
  Counters counters;
  Feeds feeds;
  Round round;
  std::shared_ptr<Inbox> inbox = std::make_shared<Inbox>();
  std::map<std::string, Reminder> troubles;     ///< by who has them
  std::vector<std::function<void()>> starting;  ///< for the executor, in one go
  Instant now;                                  ///< read once a step, as durable
  log::Position durable;
  log::Position last;  ///< of this shard's commits
};

/// The log tells everybody of every commit; the shard whose own submit it is, is awake and knows.
bool submitting(const Shard& shard);

}  // namespace baton::stream
