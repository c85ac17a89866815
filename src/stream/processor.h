// A Processor: deterministic steps over one partition number of its topics, with keyed state, timers and jobs.
//
//   inputs:   events (in offset order per topic-partition) | timers due | outcomes of jobs
//   effects:  state changes, events to publish, timers, jobs to run outside
//
// The Runner collects the effects of a round of inputs into one commit {records, state, timers, consumed offsets}: all
// or nothing. What leaves the process (jobs) starts once that commit is durable. A crash before: as if the inputs had
// not been read; they come again. After a crash, jobs whose outcome was not committed are gone: restore() must start
// them again from the state.
//
// Every step fits. A round ends before the next input once it has read, written and published round_bytes_max
// (RunnerOptions); what one input may do beside is bounded by the log's commit (log::Log::commit_bytes_max(), and
// log::kRecordBytesMax for every record and every pair). An input with more to do than fits does a part of it and calls
// Context::again(): that is a safe point. An input that does too much all the same, or that the processor gives up on
// (Context::fail), comes to nothing: it is *set aside* (set_aside.h), told of, and the next one is taken.
//
// A round that comes to nothing, for that reason or because the store can't be read, ends the processor's object: a new
// one is made and restored, as after a crash, and its inputs come again. So nothing but the state may be relied on.
//
// Thread: one shard thread, never two at a time. No clock, no randomness, no I/O in here.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "event/event.h"
#include "log/log.h"

namespace baton::stream {

struct Delivery {
  log::TopicPartition from;
  std::string_view topic;
  log::Offset offset;
  const event::Event& event;
};

/// (due, key) is the timer's identity. Timers are state: they live in the processor's store under keys of their own.
struct Timer {
  Instant due;
  std::string key;
};

/// What came of a job. `payload` is the job's own (the Runner does not look inside).
struct Outcome {
  std::string key;  ///< Job::key
  bool ok = false;
  std::string payload;
  Instant at;  ///< when the Runner took it in: the input's time
};

/// Work that touches the world, outside the deterministic step: on the executor, never on a shard's thread.
struct Job {
  /// Of the jobs of one processor and partition, one at a time is under way with this key; asked for meanwhile (by a
  /// processor that was made anew), it is the one under way whose outcome will come.
  std::string key;
  /// Called once on an executor thread; must lead to exactly one call of `done(ok, payload)`, from any thread, now or
  /// later.
  std::function<void(std::function<void(bool ok, std::string payload)> done)> run;
};

/// What a processor may do during one input. Reads see the writes made before. Valid during the call only.
class Context {
 public:
  virtual ~Context() = default;
  /// The input's time: the record's, the timer's due time (or later: when it fired), the outcome's.
  virtual Instant now() const = 0;
  /// The shard's clock at the beginning of the round, whatever times the inputs carry (a producer may write any, and a
  /// backlog's are old). In a replay it is another one: fit for how long something is kept, not for what a flow does.
  virtual Instant clock() const = 0;
  virtual log::PartitionId partition() const = 0;

  virtual std::optional<std::string> get(std::string_view key) = 0;
  virtual void put(std::string_view key, std::string value) = 0;
  virtual void erase(std::string_view key) = 0;
  /// Pairs with this prefix, in key order, from `after` (exclusive; "" = the first) on.
  virtual std::vector<log::Pair> scan(std::string_view prefix, std::string_view after, std::size_t limit) = 0;

  /// Appends to the partition of the topic that event.key() gives; topics that share a partition count are thereby
  /// co-partitioned. The record's time is now(). Asserts that the topic exists and that the processor is journaled.
  /// A record over log::kRecordBytesMax makes the input fail.
  virtual void publish(std::string_view topic, const event::Event& event) = 0;
  virtual void arm(Instant due, std::string_view key) = 0;
  virtual void disarm(Instant due, std::string_view key) = 0;
  virtual void run(Job job) = 0;

  /// The round has taken what a round takes: an input that has more to do calls again() and returns.
  virtual bool full() const = 0;
  /// This input has more to do. Once this round's effects are committed, on_again(cursor) is called, at the same now(),
  /// before the processor gets anything else: what follows in the log still comes after the whole of this input. The
  /// cursor is a key of the state: it survives a crash. Once an input or continuation; `cursor` fits
  /// log::kRecordBytesMax. Not in restore() and flush().
  virtual void again(std::string cursor) = 0;
  /// This input can't be taken, and never will be: nothing of it stands, it is set aside with this reason. What the
  /// processor still does in the call comes to nothing.
  virtual void fail(Error why) = 0;
};

/// One per partition: made by ProcessorSpec::make, and made anew when a round came to nothing.
class Processor {
 public:
  virtual ~Processor() = default;
  /// Called before the event is decoded, for every record of the subscribed topics: false skips it (it counts as
  /// consumed).
  virtual bool wants(std::string_view topic, std::string_view headers) const = 0;
  virtual void on_event(const Delivery& delivery, Context& context) = 0;
  virtual void on_timer(const Timer& timer, Context& context) = 0;
  virtual void on_outcome(const Outcome& outcome, Context& context) = 0;
  /// The rest of an input that called Context::again().
  virtual void on_again(std::string_view cursor, Context& context);
  /// Once, before any input: start jobs that a crash cut off.
  virtual void restore(Context& context) = 0;
  /// At the end of a round, before its commit: put what was kept decoded in memory during the round.
  virtual void flush(Context& context) = 0;
};

struct ProcessorSpec {
  std::string name;  ///< owner of the stores, and consumer group: "orchestrator", "credit"
  log::Durability durability = log::Durability::journaled;
  std::vector<std::string> topics;  ///< exist, with equal partition counts
  std::size_t jobs_max = 256;  ///< jobs in flight per partition; at the limit no further events are handed over (the
                               ///< log keeps them): a spike is worked off at the processor's own pace
  bool from_end = false;       ///< a topic never consumed before: start at its end, not its beginning
  std::function<std::unique_ptr<Processor>(log::PartitionId)> make;
};

}  // namespace baton::stream
