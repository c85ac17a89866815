// Who wants to hear of changes; shared by the providers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>

namespace baton::log {

/// Any thread. remove() returns only when no call of that watcher is under way.
class Watchers {
 public:
  std::uint64_t add(std::function<void()> changed) {
    const std::unique_lock lock(mutex_);
    watchers_.emplace(++last_, std::move(changed));
    return last_;
  }
  void remove(std::uint64_t id) {
    const std::unique_lock lock(mutex_);
    watchers_.erase(id);
  }
  void call() const {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, changed] : watchers_) changed();
  }

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::uint64_t, std::function<void()>> watchers_;
  std::uint64_t last_ = 0;
};

}  // namespace baton::log
