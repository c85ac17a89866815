// Loan requests as a load, and when each of their flows ended.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "app/node.h"
#include "cli/loan_system.h"
#include "cli/local_commands.h"

namespace baton::cli {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The loan system that is measured, with its log in `data`. Errors: io (the file of --flow).
Result<LoanSystemOptions> system_of(const BenchOptions& options, const std::filesystem::path& data);

/// Publishes the loans with these indices, as one batch. Errors: busy, out_of_space (nothing of the batch was taken).
Result<void> publish_loans(app::Node& node, std::uint64_t first, std::uint64_t count);

/// Ended instances, as the monitor counts them.
struct Ended {
  std::uint64_t completed = 0, faulted = 0, under_way = 0;
};
Ended ended(app::Node& node);

/// Watches the home topic for the events that end a loan (v1: the decision; later: its e-mails and its profile entry),
/// as they become durable. Reads headers only.
class EndTracker {
 public:
  EndTracker(app::Node& node, std::uint64_t loans_max, int version);
  ~EndTracker();
  EndTracker(const EndTracker&) = delete;
  EndTracker& operator=(const EndTracker&) = delete;

  /// Before the loan is published: when it was due to begin.
  void begins(std::uint64_t index, SteadyTime at) { began_[index] = at; }
  std::uint64_t ended() const { return ended_.load(std::memory_order_acquire); }
  /// Blocks until so many have ended; false when that takes longer than `most`.
  bool await(std::uint64_t count, std::chrono::milliseconds most);
  /// Milliseconds from begin to end, of all that have ended, in the order of their ends.
  std::vector<double> latencies_ms() const;

 private:
  void run();
  void read_new();
  void on_event(std::string_view headers);

  app::Node& node_;
  const int version_;
  std::vector<SteadyTime> began_;
  std::vector<std::uint8_t> missing_;  // events that still have to come, by loan
  std::vector<log::Offset> next_;      // by partition
  log::Topic home_;
  std::vector<double> latencies_;
  std::atomic<std::uint64_t> ended_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable progress_;
  bool woken_ = true;
  bool stopping_ = false;
  std::uint64_t watch_ = 0;
  std::thread thread_;
};

/// {"p50": …, "p99": …, "p999": …, "max": …} in milliseconds.
json::Object percentiles(std::vector<double> values);

}  // namespace baton::cli
