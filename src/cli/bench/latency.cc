#include <thread>

#include "cli/bench/load.h"
#include "cli/bench/measures.h"
#include "cli/bench/scratch.h"

namespace baton::cli {
namespace {

constexpr std::chrono::seconds kAwaitMost{60};
constexpr std::uint64_t kSequentialMax = 200'000;

}  // namespace

// Open loop: every loan has its time by the schedule, whether or not the ones before it have ended, and its latency
// counts from that time, not from when the load generator got round to it (coordinated omission).
Result<json::Object> measure_latency(const BenchOptions& options) {
  const Scratch scratch(options.data);
  BATON_TRY(const LoanSystemOptions system, system_of(options, scratch.path()));
  BATON_TRY(auto node, open_loan_system(system));
  const auto loans = static_cast<std::uint64_t>(options.rate * options.seconds);
  EndTracker tracker(*node, loans, std::stoi(options.version));
  const SteadyTime begin = std::chrono::steady_clock::now();
  const auto due = [&](std::uint64_t i) {
    return begin + std::chrono::duration_cast<std::chrono::nanoseconds>(
                       std::chrono::duration<double>(static_cast<double>(i) / options.rate));
  };
  for (std::uint64_t next = 0; next < loans;) {
    std::this_thread::sleep_until(due(next));
    std::uint64_t end = next;
    for (const SteadyTime now = std::chrono::steady_clock::now(); end < loans && due(end) <= now; ++end)
      tracker.begins(end, due(end));
    BATON_CHECK(publish_loans(*node, next, end - next));
    next = end;
  }
  if (!tracker.await(loans, kAwaitMost)) {
    return Error{Code::io, "only " + std::to_string(tracker.ended()) + " of " + std::to_string(loans) +
                               " flows ended: the run does not count"};
  }
  json::Object latency = percentiles(tracker.latencies_ms());
  return json::Object{{"rate", options.rate}, {"flows", loans}, {"latency_ms", std::move(latency)}};
}

Result<json::Object> measure_sequential(const BenchOptions& options) {
  const Scratch scratch(options.data);
  BATON_TRY(const LoanSystemOptions system, system_of(options, scratch.path()));
  BATON_TRY(auto node, open_loan_system(system));
  EndTracker tracker(*node, kSequentialMax, std::stoi(options.version));
  const auto length =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(options.seconds));
  const SteadyTime end = std::chrono::steady_clock::now() + length;
  std::uint64_t done = 0;
  for (; done < kSequentialMax && std::chrono::steady_clock::now() < end; ++done) {
    tracker.begins(done, std::chrono::steady_clock::now());
    BATON_CHECK(publish_loans(*node, done, 1));
    if (!tracker.await(done + 1, kAwaitMost))
      return Error{Code::io, "loan " + std::to_string(done) + " did not end: the run does not count"};
  }
  json::Object latency = percentiles(tracker.latencies_ms());
  return json::Object{{"flows", done}, {"latency_ms", std::move(latency)}};
}

}  // namespace baton::cli
