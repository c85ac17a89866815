// How much a commit costs, and how fast the disk takes them. `frame_bytes_per_commit` and `commits_per_sync` tell the
// rest.
#include <benchmark/benchmark.h>

#include <thread>

#include "base/assert.h"
#include "log/local/local.h"
#include "log/testing/scratch_folder.h"

namespace baton::log {
namespace {

constexpr std::int32_t kPartitions = 8;

template <class T>
T must(Result<T> result) {
  if (!result) fatal("bench", result.error_text().c_str());
  return *std::move(result);
}

/// Shared by the threads of one benchmark.
struct Bench {
  testing::ScratchFolder folder;
  std::unique_ptr<LocalLog> log = must(open_local(folder.path()));
  TopicId topic = must(log->open_topic({.name = "loans", .partitions = kPartitions})).id;
};
std::unique_ptr<Bench> shared;

void set_up(const benchmark::State&) {
  shared = std::make_unique<Bench>();
}
void tear_down(const benchmark::State&) {
  shared.reset();
}

Accepted submit(Commit&& commit) {
  while (true) {
    auto accepted = shared->log->submit(std::move(commit));  // NOLINT(bugprone-use-after-move): taken if accepted
    if (accepted) return *std::move(accepted);
    std::this_thread::yield();
  }
}

void count(benchmark::State& state) {
  if (state.thread_index() != 0) return;
  shared->log->sync();
  const LocalStats stats = shared->log->stats();
  state.counters["commits_per_sync"] = static_cast<double>(stats.commits) / static_cast<double>(stats.syncs);
  state.counters["frame_bytes_per_commit"] =
      static_cast<double>(stats.frame_bytes) / static_cast<double>(stats.commits);
  state.counters["checkpoints"] = static_cast<double>(stats.checkpoints);
}

/// One record, one state change that replaces a waiting instance's, one short-lived key, the consumed offset.
void small_commit(benchmark::State& state) {
  const PartitionId partition(state.thread_index());
  const Owner owner = must(shared->log->acquire({"o", partition}, Durability::journaled));
  const TopicPartition to{shared->topic, partition};
  const std::string value(300, 'v');
  const std::string instance(400, 'i');
  std::int64_t n = 0;
  for (auto _ : state) {
    const std::string timer = "t" + std::to_string(n);
    Commit commit{.owner = owner};
    commit.appends.push_back({to, {.key = "loan-1234567", .headers = "", .value = value, .time = Instant(n)}});
    commit.changes.push_back({"instance-" + std::to_string(n % 1000), instance});
    commit.changes.push_back({timer, "x"});
    if (n > 0) commit.changes.push_back({"t" + std::to_string(n - 1), std::nullopt});
    commit.consumed.push_back({to, Offset(n)});
    submit(std::move(commit));
    ++n;
  }
  state.SetItemsProcessed(state.iterations());
  count(state);
}
BENCHMARK(small_commit)
    ->Setup(set_up)
    ->Teardown(tear_down)
    ->Threads(1)
    ->Threads(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

/// What a round of a runner makes: 64 records to 3 partitions, 64 instances.
void round_commit(benchmark::State& state) {
  const PartitionId partition(state.thread_index());
  const Owner owner = must(shared->log->acquire({"o", partition}, Durability::journaled));
  const std::string value(300, 'v');
  const std::string instance(400, 'i');
  std::int64_t n = 0;
  for (auto _ : state) {
    Commit commit{.owner = owner};
    for (int i = 0; i < 64; ++i, ++n) {
      const TopicPartition to{shared->topic, PartitionId(static_cast<std::int32_t>(n % 3))};
      commit.appends.push_back({to, {.key = "loan-1234567", .headers = "", .value = value, .time = Instant(n)}});
      commit.changes.push_back({"instance-" + std::to_string(n % 10'000), instance});
    }
    submit(std::move(commit));
  }
  state.SetItemsProcessed(n);
  count(state);
}
BENCHMARK(round_commit)
    ->Setup(set_up)
    ->Teardown(tear_down)
    ->Threads(1)
    ->Threads(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

/// Submit, wait until durable: one at a time.
void durable_commit(benchmark::State& state) {
  const TopicPartition to{shared->topic, PartitionId(0)};
  for (auto _ : state) shared->log->await(submit({.appends = {{to, {.value = std::string(300, 'v')}}}}).position);
  state.SetItemsProcessed(state.iterations());
  count(state);
}
BENCHMARK(durable_commit)->Setup(set_up)->Teardown(tear_down)->UseRealTime()->MeasureProcessCPUTime();

void read_recent(benchmark::State& state) {
  const TopicPartition to{shared->topic, PartitionId(0)};
  for (int i = 0; i < 10'000; ++i) submit({.appends = {{to, {.key = "k", .value = std::string(300, 'v')}}}});
  Offset next;
  std::int64_t records = 0;
  for (auto _ : state) {
    const Batch batch = must(shared->log->read(to, next, 64U << 10U, Isolation::accepted));
    records += static_cast<std::int64_t>(batch.records.size());
    next = batch.records.empty() ? Offset(0) : batch.next;
  }
  state.SetItemsProcessed(records);
}
BENCHMARK(read_recent)->Setup(set_up)->Teardown(tear_down);

void get_changed(benchmark::State& state) {
  const Owner owner = must(shared->log->acquire({"o", PartitionId(0)}, Durability::journaled));
  for (int i = 0; i < 10'000; ++i) submit({.owner = owner, .changes = {{"instance-" + std::to_string(i), "value"}}});
  if (state.range(0) != 0) benchmark::DoNotOptimize(shared->log->checkpoint().has_value());
  std::int64_t n = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(must(shared->log->get(owner, "instance-" + std::to_string(n++ % 10'000))));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(get_changed)->ArgName("checkpointed")->Arg(0)->Arg(1)->Setup(set_up)->Teardown(tear_down);

}  // namespace
}  // namespace baton::log
