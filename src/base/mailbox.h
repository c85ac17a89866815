// A bounded queue into a thread that owns something.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace baton {

/// Many senders, one receiver, in order. Full is an answer (`false`), not a wait.
template <class T>
class Mailbox {
 public:
  explicit Mailbox(std::size_t capacity) : capacity_(capacity) {}

  /// False, and `message` untouched, when the mailbox is full. Any thread.
  bool send(T&& message) {
    {
      const std::lock_guard lock(mutex_);
      if (messages_.size() >= capacity_) return false;
      messages_.push_back(std::move(message));
    }
    ready_.notify_one();
    return true;
  }

  /// Wakes the receiver without a message. Any thread.
  void wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    ready_.notify_one();
  }

  /// Takes all there is, at once. The receiver's thread.
  std::vector<T> drain() {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    return std::exchange(messages_, {});
  }

  /// Waits for a message, a wake or the time-out. The receiver's thread.
  void wait_for(std::chrono::microseconds timeout) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, timeout, [&] { return woken_ || !messages_.empty(); });
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<T> messages_;
  bool woken_ = false;
};

}  // namespace baton
