#include "stream/executor.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "base/assert.h"

namespace baton::stream {
namespace {

/// One queue. Workers take one piece at a time, so that a slow handler holds up no other. A submission wakes at most
/// one worker; a worker that leaves work behind wakes the next, so a burst of tiny jobs is done by the few that are
/// awake.
class Pool final : public Executor {
 public:
  explicit Pool(std::size_t threads) {
    BATON_ASSERT(threads > 0);
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  }

  ~Pool() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    ready_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void submit(std::function<void()> one) override {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(one));
      wake = sleepers_ > 0;
    }
    if (wake) ready_.notify_one();
  }

  void submit_all(std::vector<std::function<void()>> many) override {
    if (many.empty()) return;
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      for (std::function<void()>& one : many) queue_.push_back(std::move(one));
      wake = sleepers_ > 0;
    }
    if (wake) ready_.notify_one();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      ++sleepers_;
      ready_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      --sleepers_;
      if (stopping_) return;
      std::function<void()> one = std::move(queue_.front());
      queue_.pop_front();
      const bool wake = !queue_.empty() && sleepers_ > 0;
      lock.unlock();
      if (wake) ready_.notify_one();
      one();
      one = nullptr;  // what it captured goes before the lock is taken
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> queue_;
  std::size_t sleepers_ = 0;  ///< those woken but not running yet included
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Executor> make_thread_pool(std::size_t threads) {
  return std::make_unique<Pool>(threads);
}

struct ManualExecutor::Impl {
  std::mutex mutex;
  std::vector<std::function<void()>> queue;
};

ManualExecutor::ManualExecutor() : impl_(std::make_unique<Impl>()) {}
ManualExecutor::~ManualExecutor() = default;

void ManualExecutor::submit(std::function<void()> work) {
  const std::lock_guard lock(impl_->mutex);
  impl_->queue.push_back(std::move(work));
}

std::size_t ManualExecutor::run() {
  std::vector<std::function<void()>> queue;
  {
    const std::lock_guard lock(impl_->mutex);
    queue.swap(impl_->queue);
  }
  for (const std::function<void()>& work : queue) work();
  return queue.size();
}

}  // namespace baton::stream
