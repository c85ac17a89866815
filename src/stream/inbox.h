// What other threads tell a shard.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "stream/processor.h"
#include "stream/signal.h"

namespace baton::stream {

/// A job has ended.
struct Finished {
  std::size_t assignment;  ///< the Runner's number of the processor and partition that asked for it
  std::string key;
  bool ok;
  std::string payload;
};

/// No capacity of its own: an outcome must not be lost, and what stands here is bounded by the jobs in flight
/// (ProcessorSpec::jobs_max) and by the specs added. Outlives the Runner as long as a job may still end.
class Inbox {
 public:
  struct Messages {
    std::vector<ProcessorSpec> specs;
    std::vector<Finished> finished;
  };

  /// Any thread.
  void send(ProcessorSpec spec) {
    {
      const std::lock_guard lock(mutex_);
      messages_.specs.push_back(std::move(spec));
    }
    signal.raise();
  }
  void send(Finished finished) {
    {
      const std::lock_guard lock(mutex_);
      messages_.finished.push_back(std::move(finished));
    }
    signal.raise();
  }

  /// All there is, into `messages`, which are empty. The shard's thread.
  void drain(Messages& messages) {
    const std::lock_guard lock(mutex_);
    std::swap(messages, messages_);
  }

  Signal signal;

 private:
  std::mutex mutex_;
  Messages messages_;
};

}  // namespace baton::stream
