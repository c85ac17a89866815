#include "app/acks.h"

#include <algorithm>
#include <utility>

namespace baton::app {

Acks::Acks(log::Log& log) : log_(log) {
  watch_ = log_.watch([this] {
    {
      const std::lock_guard lock(mutex_);
      if (pending_.empty()) return;
      woken_ = true;
    }
    changed_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

Acks::~Acks() {
  log_.unwatch(watch_);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Acks::when_durable(log::Position position, std::function<void()> then) {
  {
    const std::lock_guard lock(mutex_);
    pending_.push_back({position, std::move(then)});
    woken_ = true;  // it may be durable already, and then nobody else would wake us
  }
  changed_.notify_one();
}

std::vector<Acks::Pending> Acks::take_durable() {
  const log::Position durable = log_.durable();
  const auto waits = [&](const Pending& p) { return p.position > durable; };
  const auto split = std::stable_partition(pending_.begin(), pending_.end(), waits);
  std::vector<Pending> ready(std::make_move_iterator(split), std::make_move_iterator(pending_.end()));
  pending_.erase(split, pending_.end());
  std::ranges::stable_sort(ready, {}, &Pending::position);
  return ready;
}

void Acks::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return woken_ || stopping_; });
    const bool last = stopping_;
    woken_ = false;
    std::vector<Pending> ready = take_durable();
    lock.unlock();
    for (Pending& p : ready) p.then();
    if (last) return;
    lock.lock();
  }
}

}  // namespace baton::app
