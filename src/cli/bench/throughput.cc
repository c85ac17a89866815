#include <thread>

#include "app/process.h"
#include "cli/bench/load.h"
#include "cli/bench/measures.h"
#include "cli/bench/scratch.h"

namespace baton::cli {
namespace {

constexpr std::chrono::seconds kWarmUp{3};
constexpr std::chrono::seconds kDrainMost{60};
constexpr std::chrono::milliseconds kTopUpEvery{50};
constexpr std::uint64_t kBatch = 64;

// Keeps `in_flight` loans under way: a new one begins when one ends.
class ClosedLoop {
 public:
  ClosedLoop(app::Node& node, std::uint64_t in_flight) : node_(node), in_flight_(in_flight) {}

  Result<void> run_until(SteadyTime end) {
    while (std::chrono::steady_clock::now() < end) {
      const std::uint64_t done = completed();
      while (started_ - done + kBatch <= in_flight_) {
        const Result<void> published = publish_loans(node_, started_, kBatch);
        if (!published && published.error().code == Code::busy) break;
        if (!published) return published.error();
        started_ += kBatch;
      }
      std::this_thread::sleep_for(kTopUpEvery);
    }
    return {};
  }

  Result<void> drain() {
    const SteadyTime end = std::chrono::steady_clock::now() + kDrainMost;
    while (completed() < started_) {
      if (std::chrono::steady_clock::now() > end) {
        const Ended e = ended(node_);
        return Error{Code::io, "only " + std::to_string(e.completed) + " of " + std::to_string(started_) +
                                   " flows ended, " + std::to_string(e.faulted) + " faulted: the run does not count"};
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return {};
  }

  std::uint64_t completed() { return ended(node_).completed; }
  std::uint64_t started() const { return started_; }

 private:
  app::Node& node_;
  std::uint64_t in_flight_;
  std::uint64_t started_ = 0;
};

}  // namespace

Result<json::Object> measure_throughput(const BenchOptions& options) {
  const Scratch scratch(options.data);
  BATON_TRY(const LoanSystemOptions system, system_of(options, scratch.path()));
  BATON_TRY(auto node, open_loan_system(system));
  ClosedLoop loop(*node, options.in_flight);
  BATON_CHECK(loop.run_until(std::chrono::steady_clock::now() + kWarmUp));

  const std::uint64_t completed = loop.completed();
  const app::Usage before = app::usage();
  const SteadyTime begin = std::chrono::steady_clock::now();
  const auto length =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(options.seconds));
  BATON_CHECK(loop.run_until(begin + length));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const app::Usage after = app::usage();
  const auto flows = static_cast<double>(loop.completed() - completed);
  BATON_CHECK(loop.drain());
  node->stop();

  return json::Object{
      {"seconds", seconds},
      {"flows", loop.started()},
      {"flows_per_second", flows / seconds},
      {"cpu_seconds_per_1000_flows", (after.cpu_seconds - before.cpu_seconds) / flows * 1000},
      {"bytes_written_per_flow", static_cast<double>(after.bytes_written - before.bytes_written) / flows}};
}

}  // namespace baton::cli
