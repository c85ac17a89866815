// What the Runner costs around a processor, on both logs. An iteration is kEvents events through two processors: the
// first counts them in its state and publishes each on, the second reads those.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "log/local/local.h"
#include "log/memory/memory.h"
#include "stream/executor.h"
#include "stream/runner.h"
#include "stream/testing/processors.h"

namespace baton::stream {
namespace {

using testing::make_event;
using testing::Script;
using testing::scripted;

constexpr int kEvents = 2000;
constexpr std::int32_t kPartitions = 4;

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "stream-bench-XXXXXX").string();
    BATON_ASSERT(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

std::unique_ptr<log::Log> open_local_log(const Folder& folder) {
  auto log = log::open_local(folder.path);
  BATON_ASSERT(log.has_value());
  return *std::move(log);
}

event::Event payload_event(int i) {
  event::Event event =
      make_event("event-" + std::to_string(i), Instant(1'700'000'000'000), "key-" + std::to_string(i % 100));
  event.data =
      json::Data::from_text(R"({"amount": 5000, "applicant": {"name": "Ada", "income": 52000}, "purpose": "a house"})");
  return event;
}

void open_topics(log::Log& log) {
  for (const char* name : {"in", "mid"})
    BATON_ASSERT(log.open_topic({.name = name, .partitions = kPartitions}).has_value());
}

/// As producers do: many events a commit.
void publish(log::Log& log, int events) {
  const log::Topic topic = log.find_topic("in").value();
  log::Commit commit;
  for (int i = 0; i < events; ++i) {
    const event::Event event = payload_event(i);
    event::Encoded encoded = event::encode(event);
    commit.appends.push_back(
        {{topic.id, log::partition_of(event.key(), kPartitions)},
         {std::move(encoded.key), std::move(encoded.headers), std::move(encoded.value), event.time}});
  }
  BATON_ASSERT(log.submit(std::move(commit)).has_value());
}

Script count_and_pass_on() {
  Script script;
  script.on_event = [](const Delivery& d, Context& c) {
    std::string count = c.get(d.event.key()).value_or("");
    if (count.size() < 200) count += '.';
    c.put(d.event.key(), std::move(count));
    event::Event next = d.event;
    next.causationid = d.event.id;
    c.publish("mid", next);
  };
  return script;
}

void pipeline(benchmark::State& state, log::Log& log) {
  open_topics(log);
  SystemClock clock;
  ManualExecutor executor;
  Runner runner(log, clock, executor, {});
  std::int64_t arrived = 0;
  runner.add(scripted("first", {"in"}, count_and_pass_on()));
  runner.add(scripted("second", {"mid"}, {.on_event = [&](const Delivery& d, Context& c) {
                        ++arrived;
                        c.put("last", d.event.id);
                      }}));
  runner.step();
  for (auto _ : state) {
    state.PauseTiming();
    publish(log, kEvents);
    state.ResumeTiming();
    for (arrived = 0; arrived < kEvents;) {
      if (runner.step() == 0) runner.idle(100);
    }
  }
  state.SetItemsProcessed(state.iterations() * kEvents * 2);
}

void PipelineInMemory(benchmark::State& state) {
  const auto log = log::open_memory();
  pipeline(state, *log);
}
BENCHMARK(PipelineInMemory)->Unit(benchmark::kMillisecond);

void PipelineOnDisk(benchmark::State& state) {
  const Folder folder;
  const auto log = open_local_log(folder);
  pipeline(state, *log);
}
BENCHMARK(PipelineOnDisk)->Unit(benchmark::kMillisecond)->UseRealTime();

/// Eight processors that read one topic: what sharing of reads and decoded events leaves for each.
void EightReadersOfOneTopic(benchmark::State& state) {
  const auto log = log::open_memory();
  open_topics(*log);
  SystemClock clock;
  ManualExecutor executor;
  Runner runner(*log, clock, executor, {});
  std::int64_t arrived = 0;
  for (int i = 0; i < 8; ++i) {
    runner.add(scripted("p" + std::to_string(i), {"in"}, {.on_event = [&](const Delivery&, Context&) { ++arrived; }}));
  }
  runner.step();
  for (auto _ : state) {
    state.PauseTiming();
    publish(*log, kEvents);
    state.ResumeTiming();
    for (arrived = 0; arrived < std::int64_t{kEvents} * 8;) runner.step();
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kEvents} * 8);
}
BENCHMARK(EightReadersOfOneTopic)->Unit(benchmark::kMillisecond);

/// An event, its job on a pool of threads, the outcome: the way of a handler.
void JobsOnAPool(benchmark::State& state) {
  const auto log = log::open_memory();
  open_topics(*log);
  SystemClock clock;
  const std::unique_ptr<Executor> pool = make_thread_pool(static_cast<std::size_t>(state.range(0)));
  Runner runner(*log, clock, *pool, {});
  std::int64_t outcomes = 0;
  Script script;
  script.on_event = [](const Delivery& d, Context& c) {
    c.run({d.event.id, [](const std::function<void(bool, std::string)>& done) { done(true, "result"); }});
  };
  script.on_outcome = [&](const Outcome&, Context&) { ++outcomes; };
  runner.add(scripted("worker", {"in"}, script));
  runner.step();
  for (auto _ : state) {
    state.PauseTiming();
    publish(*log, kEvents);
    state.ResumeTiming();
    for (outcomes = 0; outcomes < kEvents;) {
      if (runner.step() == 0) runner.idle(100);
    }
  }
  state.SetItemsProcessed(state.iterations() * kEvents);
}
BENCHMARK(JobsOnAPool)->Arg(1)->Arg(4)->Arg(16)->Unit(benchmark::kMillisecond)->UseRealTime();

/// From the append to the call of on_event, the shard being asleep.
void WakeUpOfAnIdleShard(benchmark::State& state) {
  const auto log = log::open_memory();
  open_topics(*log);
  SystemClock clock;
  ManualExecutor executor;
  Runner runner(*log, clock, executor, {});
  std::atomic<int> arrived = 0;
  runner.add(scripted("p", {"in"}, {.on_event = [&](const Delivery&, Context&) {
                        ++arrived;
                        arrived.notify_one();
                      }}));
  std::atomic<bool> stopping = false;
  std::thread shard([&] {
    while (!stopping) {
      if (runner.step() == 0) runner.idle(1000);
    }
  });
  for (auto _ : state) {
    const int before = arrived;
    publish(*log, 1);
    arrived.wait(before);
  }
  stopping = true;
  runner.wake();
  shard.join();
}
BENCHMARK(WakeUpOfAnIdleShard)->Unit(benchmark::kMicrosecond)->UseRealTime();

/// A step that finds nothing, with as many assignments as a whole loan system has on one of two shards.
void StepWithNothingToDo(benchmark::State& state) {
  const auto log = log::open_memory();
  SystemClock clock;
  ManualExecutor executor;
  Runner runner(*log, clock, executor, {});
  for (int i = 0; i < 8; ++i) {
    const std::string own = "commands-" + std::to_string(i);
    for (const std::string& name : {own, std::string("home")})
      BATON_ASSERT(log->open_topic({.name = name, .partitions = 8}).has_value());
    runner.add(scripted("p" + std::to_string(i), {"home", own}, {}));
  }
  while (runner.step() > 0) continue;
  for (auto _ : state) benchmark::DoNotOptimize(runner.step());
}
BENCHMARK(StepWithNothingToDo)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace baton::stream
