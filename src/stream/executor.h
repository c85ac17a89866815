// Where jobs run: handlers that touch the world.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace baton::stream {

/// Any thread.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void submit(std::function<void()> work) = 0;
  /// All of them, in order; an executor that hands them over at once saves locks and wake-ups.
  virtual void submit_all(std::vector<std::function<void()>> work) {
    for (std::function<void()>& one : work) submit(std::move(one));
  }
};

/// A pool of threads; destruction waits for running work and drops what has not begun. Submissions are handed over in
/// batches where possible, so that a burst costs one wake-up.
std::unique_ptr<Executor> make_thread_pool(std::size_t threads);
/// Runs work when told: for tests and simulation.
class ManualExecutor final : public Executor {
 public:
  void submit(std::function<void()> work) override;
  /// Runs all that is there; returns how many.
  std::size_t run();
  ManualExecutor();
  ~ManualExecutor() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::stream
