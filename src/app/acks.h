// Calls back once a position of the log is durable: how everything that leaves the process waits for its sync.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "log/log.h"

namespace baton::app {

/// Any thread may call when_durable(). Callbacks run on one thread of this object's own, in order of position.
class Acks {
 public:
  explicit Acks(log::Log& log);
  ~Acks();  ///< calls back what is durable by then; what is not yet is dropped: its caller is going away too
  Acks(const Acks&) = delete;
  Acks& operator=(const Acks&) = delete;

  void when_durable(log::Position position, std::function<void()> then);

 private:
  struct Pending {
    log::Position position;
    std::function<void()> then;
  };
  void run();
  std::vector<Pending> take_durable();  // with mutex_ held

  log::Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Pending> pending_;
  bool woken_ = false;
  bool stopping_ = false;
  std::uint64_t watch_ = 0;
  std::thread thread_;
};

}  // namespace baton::app
