// Drives processors: reads their topics, calls them, commits their effects, runs their jobs. One Runner is one shard.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "stream/executor.h"
#include "stream/processor.h"

namespace baton::stream {

struct RunnerOptions {
  std::size_t shard = 0;             ///< owns the partitions p with p % shards == shard
  std::size_t shards = 1;
  std::size_t round_records_max = 256;   ///< per processor, partition and round
  std::size_t round_bytes_max = 1u << 20;
};

struct RunnerStats {
  std::uint64_t events = 0, timers = 0, outcomes = 0, commits = 0, jobs = 0, malformed = 0;
};

/// Thread: step() and idle() on the shard's thread; add(), refresh() and wake() on any.
class Runner {
 public:
  Runner(log::Log& log, const Clock& clock, Executor& executor, RunnerOptions options);
  ~Runner();

  /// Takes over this shard's partitions of the processor's topics at the next step. A spec with a name that is there already replaces
  /// its topic list (topics are only ever added).
  void add(ProcessorSpec spec);

  /// A bounded bit of work: mailbox, due timers, one round of every processor and partition. Returns how many inputs were handled.
  /// A fenced store is dropped (and counted in `fenced()`); out_of_space and busy keep the finished commit and try again later.
  std::size_t step();

  /// Blocks until there may be something to do, or the next timer is due, at most `most_ms`.
  void idle(Millis most_ms);
  void wake();

  /// Due time of the earliest timer known; for virtual time.
  std::optional<Instant> next_timer() const;
  /// Commits not durable yet, or jobs in flight: simulation runs on until there are none.
  bool busy() const;
  RunnerStats stats() const;
  std::size_t fenced() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::stream
