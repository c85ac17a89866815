// Work that is cheaper done together: what comes while one group is at work makes the next group. A disk sync costs
// about the same for one file as for two hundred; so under load each costs a fraction of it, and without load nobody
// waits for others.
#pragma once

#include <condition_variable>
#include <functional>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace loan {

/// add() from any thread; `work` runs on one thread of the group's own, with up to `most` items. What waits is bounded
/// by who adds: a service's in-flight limit. Destruction does what still waits, then joins.
template <class Item>
class Group {
 public:
  Group(std::size_t most, std::function<void(std::vector<Item>&)> work)
      : most_(most), work_(std::move(work)), thread_([this] { run(); }) {}
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  ~Group() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    ready_.notify_one();
    thread_.join();
  }

  void add(Item item) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(item));
    }
    ready_.notify_one();
  }

 private:
  // Empty: there is nothing left, and nothing more will come.
  std::vector<Item> next() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (waiting_.size() <= most_) return std::exchange(waiting_, {});
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(most_);
    std::vector<Item> group(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return group;
  }

  void run() {
    for (std::vector<Item> group = next(); !group.empty(); group = next()) work_(group);
  }

  const std::size_t most_;
  const std::function<void(std::vector<Item>&)> work_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<Item> waiting_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace loan
