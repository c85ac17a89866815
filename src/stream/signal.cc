#include "stream/signal.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace baton::stream {
namespace {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

}  // namespace

void Signal::raise() {
  if (state_.exchange(kRaised) != kSleeping) return;
  syscall(SYS_futex, &state_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void Signal::wait(std::chrono::microseconds most) {
  std::uint32_t expected = kQuiet;
  if (!state_.compare_exchange_strong(expected, kSleeping)) return;
  timespec timeout{};
  timeout.tv_sec = static_cast<time_t>(most.count() / 1'000'000);
  timeout.tv_nsec = static_cast<long>(most.count() % 1'000'000) * 1'000;
  syscall(SYS_futex, &state_, FUTEX_WAIT_PRIVATE, kSleeping, &timeout, nullptr, 0);  // relative, monotonic
  expected = kSleeping;
  state_.compare_exchange_strong(expected, kQuiet);
}

}  // namespace baton::stream
