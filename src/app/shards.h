// The shard threads: each drives one Runner over the partitions that are its own.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "stream/runner.h"

namespace baton::app {

class Shards {
 public:
  /// `count` 0: one per core.
  Shards(log::Log& log, const Clock& clock, stream::Executor& executor, std::size_t count);
  ~Shards();
  Shards(const Shards&) = delete;
  Shards& operator=(const Shards&) = delete;

  /// To every shard; see Runner::add. Any thread.
  void add(const stream::ProcessorSpec& spec);
  void start();
  void stop();
  std::size_t size() const { return runners_.size(); }
  std::size_t fenced() const;
  stream::RunnerStats stats() const;

 private:
  void drive(stream::Runner& runner) const;
  std::vector<std::unique_ptr<stream::Runner>> runners_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace baton::app
