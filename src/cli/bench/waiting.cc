#include <fmt/format.h>
#include <malloc.h>

#include <cstdio>
#include <thread>

#include "app/process.h"
#include "cli/bench/load.h"
#include "cli/bench/measures.h"
#include "cli/bench/scratch.h"
#include "cli/child.h"

namespace baton::cli {
namespace {

constexpr std::uint64_t kBatch = 64;
constexpr std::uint64_t kAheadMost = 4096;
constexpr std::chrono::seconds kSettleMost{300};

Result<LoanSystemOptions> system_options(const BenchOptions& options, const std::filesystem::path& data,
                                         bool credit_is_up) {
  BATON_TRY(LoanSystemOptions system, system_of(options, data));
  if (!credit_is_up) system.without = {"credit"};
  return system;
}

// Loans that all wait for credit, which is down; returns when every one of them stands there and nothing moves any
// more.
Result<void> fill(app::Node& node, std::uint64_t count) {
  const SteadyTime end = std::chrono::steady_clock::now() + kSettleMost;
  const auto too_long = [&] { return std::chrono::steady_clock::now() > end; };
  for (std::uint64_t started = 0; started < count && !too_long();) {
    if (started > ended(node).under_way + kAheadMost) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      continue;
    }
    const std::uint64_t batch = std::min(kBatch, count - started);
    BATON_CHECK(publish_loans(node, started, batch));
    started += batch;
  }
  std::uint64_t events = 0;
  while (!too_long()) {
    const std::uint64_t now = node.shards().stats().events + node.shards().stats().outcomes;
    if (ended(node).under_way >= count && now == events) return {};
    events = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return Error{Code::io, "only " + std::to_string(ended(node).under_way) + " of " + std::to_string(count) +
                             " instances came to wait"};
}

// Offsets that credit has consumed by now, over all partitions: it moves when it takes its first step.
std::uint64_t credit_checked(app::Node& node) {
  std::uint64_t records = 0;
  const auto home = node.log().find_topic("loans");
  for (std::int32_t p = 0; home && p < home->spec.partitions; ++p) {
    records +=
        static_cast<std::uint64_t>(node.log().end({home->id, log::PartitionId(p)}, log::Isolation::durable).value);
  }
  return records;
}

}  // namespace

Result<json::Object> measure_memory(const BenchOptions& options) {
  const Scratch scratch(options.data);
  BATON_TRY(const LoanSystemOptions system, system_options(options, scratch.path(), false));
  BATON_TRY(auto node, open_loan_system(system));
  BATON_CHECK(fill(*node, 64));  // what the first instances load (libraries, caches) is not theirs
  const std::uint64_t before = app::rss_bytes();
  BATON_CHECK(fill(*node, 64 + options.waiting));
  const std::uint64_t after = app::rss_bytes();
  return json::Object{{"waiting", options.waiting},
                      {"rss_bytes", after},
                      {"rss_bytes_per_waiting_instance",
                       static_cast<double>(after - std::min(before, after)) / static_cast<double>(options.waiting)}};
}

Result<json::Object> hold_waiting(const BenchOptions& options) {
  BATON_TRY(const LoanSystemOptions system, system_options(options, *options.data, false));
  BATON_TRY(auto node, open_loan_system(system));
  BATON_CHECK(fill(*node, options.waiting));
  node->log().await(node->log().durable());
  fmt::print("waiting\n");
  (void)std::fflush(stdout);
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));  // until it is killed
}

Result<json::Object> resume_waiting(const BenchOptions& options) {
  app::NodeOptions node_options;
  node_options.data = *options.data;
  node_options.shards = options.shards;
  BATON_TRY(auto node, app::Node::open(node_options));
  BATON_TRY(const LoanSystemOptions system, system_options(options, *options.data, true));
  BATON_CHECK(add_loan_services(*node, system));
  const std::uint64_t before = credit_checked(*node);
  node->start();
  while (credit_checked(*node) == before) std::this_thread::sleep_for(std::chrono::microseconds(200));
  fmt::print("stepped {}\n", node->local_log()->stats().recovery_ms);
  (void)std::fflush(stdout);
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

Result<json::Object> measure_recovery(const BenchOptions& options) {
  const Scratch scratch(options.data);
  const auto arguments = [&](const char* measure) {
    return std::vector<std::string>{"bench",      "loan",
                                    "--measure",  measure,
                                    "--strategy", options.strategy,
                                    "--data",     scratch.path().string(),
                                    "--waiting",  std::to_string(options.waiting)};
  };
  BATON_TRY(Child holder, Child::spawn(arguments("hold")));
  if (holder.line(kSettleMost) != "waiting") return Error{Code::io, "the instances did not come to wait: see above"};
  holder.kill();
  const SteadyTime killed = std::chrono::steady_clock::now();
  BATON_TRY(Child resumed, Child::spawn(arguments("resume")));
  const auto line = resumed.line(kSettleMost);
  if (!line || !line->starts_with("stepped ")) return Error{Code::io, "nothing moved after the kill: see above"};
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - killed).count();
  return json::Object{
      {"waiting", options.waiting}, {"recovery_ms", ms}, {"log_recovery_ms", std::stod(line->substr(8))}};
}

Result<json::Object> measure_idle(const BenchOptions& options) {
  const Scratch scratch(options.data);
  std::vector<double> starts;
  std::uint64_t rss = 0;
  for (int i = 0; i < 5; ++i) {
    BATON_TRY(ServingChild serving, spawn_serve((scratch.path() / ("idle" + std::to_string(i))).string()));
    starts.push_back(serving.start_ms);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    rss = std::max(rss, app::rss_bytes(serving.process.pid()));
    if (serving.process.stop() != 0) return Error{Code::io, "an idle server did not end cleanly"};
  }
  std::ranges::sort(starts);
  return json::Object{{"start_ms", starts[starts.size() / 2]}, {"idle_rss_bytes", rss}};
}

}  // namespace baton::cli
