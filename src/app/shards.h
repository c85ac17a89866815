// The shard threads: each drives one Runner over the partitions that are its own.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "app/troubles.h"
#include "stream/runner.h"

namespace baton::app {

class Shards {
 public:
  /// `count` 0: one per core. What goes wrong and is tried again, or passed over, is told to `troubles`. `beat` is
  /// called about once a second, on the first shard's thread.
  Shards(log::Log& log, const Clock& clock, stream::Executor& executor, Troubles& troubles, std::size_t count,
         std::function<void()> beat = {});
  ~Shards();
  Shards(const Shards&) = delete;
  Shards& operator=(const Shards&) = delete;

  /// To every shard; see Runner::add. Any thread.
  void add(const stream::ProcessorSpec& spec);
  void start();
  void stop();
  std::size_t size() const { return runners_.size(); }
  /// Stores that another owner has taken; they stand until the process is started again.
  std::size_t fenced() const;
  /// Stores that can't go on at the moment: see Runner::stuck().
  std::size_t stuck() const;
  stream::RunnerStats stats() const;

 private:
  void drive(stream::Runner& runner, bool first) const;
  const Clock& clock_;
  const std::function<void()> beat_;
  std::vector<std::unique_ptr<stream::Runner>> runners_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace baton::app
