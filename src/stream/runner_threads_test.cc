// With real threads: who is asleep is woken, and what several threads do at once ends as it should.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "log/memory/memory.h"
#include "stream/executor.h"
#include "stream/runner.h"
#include "stream/testing/processors.h"

namespace baton::stream {
namespace {

using testing::make_event;
using testing::Script;
using testing::scripted;

constexpr Millis kForEver = 3'600'000;

/// A thread that steps a runner until it goes out of scope.
class ShardThread {
 public:
  explicit ShardThread(Runner& runner) : runner_(runner), thread_([this] { loop(); }) {}
  ~ShardThread() {
    stopping_ = true;
    runner_.wake();
    thread_.join();
  }

 private:
  void loop() {
    while (!stopping_) {
      if (runner_.step() == 0) runner_.idle(kForEver);
    }
  }
  Runner& runner_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

void publish(log::Log& log, const std::string& topic, const event::Event& event) {
  const log::Topic to = log.find_topic(topic).value();
  const event::Encoded encoded = event::encode(event);
  log::Commit commit;
  commit.appends.push_back({{to.id, log::partition_of(event.key(), to.spec.partitions)},
                            {encoded.key, encoded.headers, encoded.value, event.time}});
  ASSERT_TRUE(log.submit(std::move(commit)).has_value());
}

class ThreadsTest : public ::testing::Test {
 protected:
  ThreadsTest() {
    log->open_topic({.name = "in", .partitions = 4}).value();
    log->open_topic({.name = "out", .partitions = 4}).value();
  }
  std::unique_ptr<log::MemoryLog> log = log::open_memory();
  SystemClock clock;
};

TEST_F(ThreadsTest, AnAppendWakesAnIdleShard) {
  ManualExecutor executor;
  Runner runner(*log, clock, executor, {});
  std::promise<std::string> handled;
  runner.add(scripted("p", {"in"}, {.on_event = [&](const Delivery& d, Context&) { handled.set_value(d.event.id); }}));
  const ShardThread shard(runner);
  publish(*log, "in", make_event("a", clock.now()));
  EXPECT_EQ(handled.get_future().get(), "a");
}

TEST_F(ThreadsTest, ATimerEndsTheIdling) {
  ManualExecutor executor;
  Runner runner(*log, clock, executor, {});
  std::promise<std::string> fired;
  runner.add(scripted("p", {"in"},
                      {.on_event = [](const Delivery&, Context& c) { c.arm(c.now() + 5, "t"); },
                       .on_timer = [&](const Timer& t, Context&) { fired.set_value(t.key); }}));
  const ShardThread shard(runner);
  publish(*log, "in", make_event("a", clock.now()));
  EXPECT_EQ(fired.get_future().get(), "t");
}

TEST_F(ThreadsTest, TwoShardsAndAPoolDoEveryJobOnce) {
  constexpr int kEvents = 2000;
  std::atomic<int> ran = 0;
  std::atomic<int> outcomes = 0;
  std::promise<void> all;
  const std::unique_ptr<Executor> pool = make_thread_pool(3);
  Script script;
  script.on_event = [&](const Delivery& d, Context& c) {
    c.put(d.event.id, "");
    c.run({d.event.id, [&ran](const std::function<void(bool, std::string)>& done) {
             ++ran;
             done(true, "");
           }});
  };
  script.on_outcome = [&](const Outcome& o, Context& c) {
    EXPECT_TRUE(c.get(o.key).has_value());
    c.erase(o.key);
    if (++outcomes == kEvents) all.set_value();
  };
  ProcessorSpec spec = scripted("p", {"in"}, script);
  spec.jobs_max = 16;
  Runner first(*log, clock, *pool, {.shard = 0, .shards = 2});
  Runner second(*log, clock, *pool, {.shard = 1, .shards = 2});
  const ShardThread one(first);
  const ShardThread two(second);
  first.add(spec);
  second.add(spec);
  std::vector<std::thread> producers;
  for (int t = 0; t < 2; ++t) {
    producers.emplace_back([&, t] {
      for (int i = 0; i < kEvents / 2; ++i)
        publish(*log, "in", make_event("e" + std::to_string(i * 2 + t), clock.now()));
    });
  }
  for (std::thread& producer : producers) producer.join();
  all.get_future().get();
  EXPECT_EQ(ran, kEvents);
}

TEST_F(ThreadsTest, AJobMayEndAfterItsRunner) {
  ManualExecutor executor;
  std::function<void(bool, std::string)> later;
  {
    Runner runner(*log, clock, executor, {});
    runner.add(
        scripted("p", {"in"}, {.on_event = [&](const Delivery& d, Context& c) {
                   c.run({d.event.id, [&](std::function<void(bool, std::string)> done) { later = std::move(done); }});
                 }}));
    publish(*log, "in", make_event("a", clock.now()));
    while (runner.step() > 0) continue;
    runner.step();
    EXPECT_EQ(executor.run(), 1u);
  }
  later(true, "");
}

TEST(ThreadPool, RunsAllThatIsSubmitted) {
  std::atomic<int> left = 1000;
  std::promise<void> all;
  const auto work = [&] {
    if (--left == 0) all.set_value();
  };
  const std::unique_ptr<Executor> pool = make_thread_pool(4);
  for (int i = 0; i < 500; ++i) pool->submit(work);
  pool->submit_all(std::vector<std::function<void()>>(500, work));
  all.get_future().get();
}

TEST(ThreadPool, RunsAsManyAtOnceAsItHasThreads) {
  std::atomic<int> here = 0;
  std::promise<void> together;
  std::shared_future<void> go = together.get_future().share();
  const auto meet = [&] {  // each piece waits for the two others
    if (++here == 3) together.set_value();
    go.wait();
  };
  const std::unique_ptr<Executor> pool = make_thread_pool(3);
  pool->submit_all(std::vector<std::function<void()>>(3, meet));
  go.wait();
}

TEST(ThreadPool, DropsWhatHasNotBegunWhenItEnds) {
  std::promise<void> begun;
  std::promise<void> release;
  std::atomic<int> ran = 0;
  std::unique_ptr<Executor> pool = make_thread_pool(1);
  pool->submit([&] {
    begun.set_value();
    release.get_future().wait();
    ++ran;
  });
  begun.get_future().wait();
  auto token = std::make_shared<int>(0);
  pool->submit([&ran, token] { ++ran; });
  std::thread ender([&] { pool.reset(); });
  release.set_value();
  ender.join();
  EXPECT_LE(ran, 2);
  EXPECT_EQ(token.use_count(), 1);
}

TEST(ManualExecutor, RunsWhatIsThereAndNotWhatThatSubmits) {
  ManualExecutor executor;
  int ran = 0;
  executor.submit([&] {
    ++ran;
    executor.submit([&] { ++ran; });
  });
  EXPECT_EQ(executor.run(), 1u);
  EXPECT_EQ(executor.run(), 1u);
  EXPECT_EQ(executor.run(), 0u);
  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace baton::stream
