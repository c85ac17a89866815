// Drives processors: reads their topics, calls them, commits their effects, runs their jobs. One Runner is one shard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "stream/executor.h"
#include "stream/processor.h"

namespace baton::stream {

struct RunnerOptions {
  std::size_t shard = 0;  ///< owns the partitions p with p % shards == shard
  std::size_t shards = 1;
  std::size_t round_records_max = 256;  ///< per processor, partition and round
  std::size_t round_bytes_max =
      1u << 20;  ///< of records read, and of effects; at most a quarter of what a commit takes
  /// A record that a processor wanted is no event; it is passed over. Told at least once, on the shard's thread.
  std::function<void(std::string_view topic, log::PartitionId, log::Offset, const Error&)> on_malformed = {};
  /// What goes wrong, and for whom: a store that can't be taken over now, a read that failed, a commit that finds no
  /// room (all tried again); a store that another owner took; records that retention removed unread. On the shard's
  /// thread, when it is new, and once a minute while it lasts. Also every input that is set aside (set_aside.h).
  std::function<void(const Error&)> on_error = {};
};

struct RunnerStats {
  std::uint64_t events = 0, timers = 0, outcomes = 0, commits = 0, jobs = 0, malformed = 0, set_aside = 0;
};

/// Thread: step(), idle(), next_timer() and busy() on the shard's thread; all others on any.
class Runner {
 public:
  Runner(log::Log& log, const Clock& clock, Executor& executor, RunnerOptions options);
  ~Runner();

  /// Takes over this shard's partitions of the processor's topics at the next step. A spec with a name that is there
  /// already replaces its topic list (topics are only ever added).
  void add(ProcessorSpec spec);

  /// A bounded bit of work: inbox, due timers, one round of every processor and partition. Returns how many inputs
  /// were handled or passed over; 0: nothing to do until idle() returns. A fenced store is dropped (and counted in
  /// `fenced()`); out_of_space and busy keep the finished commit and try again later. Offsets that moved over records
  /// without any effect are committed with the next effects, or after 200 ms.
  std::size_t step();

  /// Blocks until there may be something to do, or the next timer is due, at most `most_ms`.
  void idle(Millis most_ms);
  void wake();

  /// Due time of the earliest timer known, or earlier (that of one disarmed since); for virtual time.
  std::optional<Instant> next_timer() const;
  /// Commits not durable yet, or jobs in flight: simulation runs on until there are none.
  bool busy() const;
  RunnerStats stats() const;
  std::size_t fenced() const;
  /// Stores that can't go on at the moment, as of the last step: not taken over, their commit refused for want of room,
  /// or a topic of theirs that can't be read.
  std::size_t stuck() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::stream
