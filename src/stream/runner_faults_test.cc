// A log that fails: what can be tried again is, and nothing else waits for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "log/memory/memory.h"
#include "stream/executor.h"
#include "stream/runner.h"
#include "stream/testing/processors.h"

namespace baton::stream {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_event;
using testing::Script;
using testing::scripted;

/// A log in memory whose acquire() and reads of one topic fail on script.
class FaultyLog final : public log::Log {
 public:
  int failing_acquires = 0;
  std::optional<log::TopicId> unreadable;
  std::string damaged = "-";               ///< a stored key
  mutable std::vector<std::string> scans;  ///< where they began

  Result<log::Owner> acquire(const log::StoreName& name, log::Durability durability) override {
    if (failing_acquires-- > 0) return Error{Code::out_of_space, "acquire: the disk is full"};
    return log_->acquire(name, durability);
  }
  Result<log::Batch> read(log::TopicPartition p, log::Offset from, std::size_t bytes_max,
                          log::Isolation i) const override {
    if (unreadable == p.topic) return Error{Code::corrupt, "read: bad checksum at 4711"};
    return log_->read(p, from, bytes_max, i);
  }

  Result<log::Topic> open_topic(const log::TopicSpec& spec) override { return log_->open_topic(spec); }
  std::optional<log::Topic> find_topic(std::string_view name) const override { return log_->find_topic(name); }
  std::vector<log::Topic> topics() const override { return log_->topics(); }
  log::Offset first(log::TopicPartition from) const override { return log_->first(from); }
  log::Offset end(log::TopicPartition from, log::Isolation i) const override { return log_->end(from, i); }
  Result<std::optional<std::string>> get(log::Owner o, std::string_view key) const override {
    if (key == damaged) return Error{Code::corrupt, "state: bad checksum"};
    return log_->get(o, key);
  }
  Result<std::vector<log::Pair>> scan(log::Owner o, std::string_view from, std::string_view to,
                                      std::size_t n) const override {
    scans.emplace_back(from);
    return log_->scan(o, from, to, n);
  }
  std::optional<log::Owner> reader(const log::StoreName& name) const override { return log_->reader(name); }
  std::map<log::TopicPartition, log::Offset> consumed(const log::StoreName& name) const override {
    return log_->consumed(name);
  }
  Result<log::Accepted> submit(log::Commit&& commit) override { return log_->submit(std::move(commit)); }
  std::size_t commit_bytes_max() const override { return log_->commit_bytes_max(); }
  log::Position durable() const override { return log_->durable(); }
  void await(log::Position position) override { log_->await(position); }
  std::uint64_t watch(std::function<void()> changed) override { return log_->watch(std::move(changed)); }
  void unwatch(std::uint64_t id) override { log_->unwatch(id); }

  explicit FaultyLog(const Clock& clock) : log_(log::open_memory({.clock = &clock})) {}
  log::MemoryLog& memory() { return *log_; }

 private:
  const std::unique_ptr<log::MemoryLog> log_;
};

class FaultsTest : public ::testing::Test {
 protected:
  FaultsTest() {
    for (const char* name : {"good", "bad"}) log.open_topic({.name = name}).value();
  }
  void publish(const std::string& topic, const std::string& id) {
    const event::Encoded encoded = event::encode(make_event(id, clock.now()));
    log::Commit commit;
    commit.appends.push_back(
        {{log.find_topic(topic)->id, log::PartitionId(0)}, {encoded.key, encoded.headers, encoded.value, clock.now()}});
    ASSERT_TRUE(log.submit(std::move(commit)).has_value());
  }
  void settle() {
    while (runner.step() > 0) continue;
  }
  ProcessorSpec recorder(const std::string& name, std::vector<std::string> topics) {
    return scripted(name, std::move(topics),
                    {.on_event = [this](const Delivery& d, Context&) { events.push_back(d.event.id); }});
  }

  ManualClock clock;
  FaultyLog log{clock};
  ManualExecutor executor;
  std::vector<std::string> errors;
  std::vector<std::string> events;
  Runner runner{log, clock, executor, {.on_error = [this](const Error& e) { errors.push_back(e.text); }}};
};

TEST_F(FaultsTest, AStoreThatCannotBeTakenOverIsTriedAgainLater) {
  log.failing_acquires = 2;
  runner.add(recorder("p", {"good"}));
  publish("good", "a");
  settle();
  settle();  // the clock stands still: not tried again
  EXPECT_THAT(errors, ElementsAre(HasSubstr("take over p")));
  clock.advance(100);
  settle();
  EXPECT_EQ(log.failing_acquires, 0);
  EXPECT_THAT(events, IsEmpty());
  clock.advance(100);
  settle();
  EXPECT_THAT(events, ElementsAre("a"));
  EXPECT_EQ(errors.size(), 1u);
}

TEST_F(FaultsTest, WhatLastsIsToldOnceAMinute) {
  log.unreadable = log.find_topic("bad")->id;
  runner.add(recorder("p", {"bad", "good"}));
  publish("bad", "b");
  for (int seconds = 0; seconds < 150; ++seconds) {
    settle();
    clock.advance(1000);
  }
  EXPECT_EQ(errors.size(), 3u);
}

TEST_F(FaultsTest, ACommitThatFindsNoRoomIsTold) {
  runner.add(scripted("p", {"good"}, {.on_event = [](const Delivery&, Context& c) { c.put("k", "v"); }}));
  settle();
  publish("good", "a");
  log.memory().refuse(Code::busy, 3);
  settle();
  for (int i = 0; i < 3; ++i) runner.step();
  EXPECT_THAT(errors, IsEmpty()) << "busy is no trouble";
  publish("good", "b");
  log.memory().refuse(Code::out_of_space, 3);
  for (int i = 0; i < 5; ++i) runner.step();
  EXPECT_THAT(errors, ElementsAre(HasSubstr("p/0 at its commit: submit: refused")));
}

TEST_F(FaultsTest, AFencedStoreIsTold) {
  runner.add(scripted("p", {"good"}, {.on_event = [](const Delivery&, Context& c) { c.put("k", "v"); }}));
  settle();
  ASSERT_TRUE(log.memory().acquire({"p", log::PartitionId(0)}, log::Durability::journaled));
  publish("good", "a");
  settle();
  EXPECT_EQ(runner.fenced(), 1u);
  EXPECT_THAT(errors, ElementsAre(HasSubstr("p/0 at its commit: store p/0: epoch 1 was fenced by epoch 2")));
}

TEST_F(FaultsTest, RecordsThatRetentionRemovedUnreadAreTold) {
  log.open_topic({.name = "short", .retention_ms = 1000}).value();
  runner.add(recorder("p", {"short"}));
  settle();
  for (const char* id : {"a", "b"}) publish("short", id);
  clock.advance(5000);
  log.memory().maintain();
  publish("short", "c");
  settle();
  EXPECT_THAT(events, ElementsAre("c"));
  EXPECT_THAT(errors, ElementsAre("p/0 at short: retention has removed records 0 to 1 before they were read"));
}

TEST_F(FaultsTest, RecordsThatARepairGaveUpAreToldAndPassedOver) {
  for (const char* id : {"a", "b", "c", "d"}) publish("good", id);
  log.memory().lose({log.find_topic("good")->id, log::PartitionId(0)}, log::Offset(1), log::Offset(3));
  runner.add(recorder("p", {"good"}));
  settle();
  EXPECT_THAT(events, ElementsAre("a", "d"));
  EXPECT_THAT(errors, ElementsAre(HasSubstr("records 1 to 2 are lost, and passed over")));
}

TEST_F(FaultsTest, ATopicThatCannotBeReadIsToldAndHoldsUpNoOther) {
  log.unreadable = log.find_topic("bad")->id;
  runner.add(recorder("p", {"bad", "good"}));
  publish("bad", "b");
  publish("good", "a");
  settle();
  publish("good", "c");
  settle();
  EXPECT_THAT(errors, ElementsAre("p/0 at bad: read: bad checksum at 4711"));
  EXPECT_THAT(events, ElementsAre("a", "c"));
  log.unreadable.reset();
  clock.advance(1000);
  settle();
  EXPECT_THAT(events, ElementsAre("a", "c", "b"));
}

TEST_F(FaultsTest, ManyTimersOfOneTimeAreEachLookedAtOnce) {
  constexpr int kTimers = 2000;
  std::vector<std::string> fired;
  const Instant due = clock.now() + 1000;
  runner.add(scripted("p", {"good"},
                      {.on_event =
                           [&](const Delivery&, Context& c) {
                             for (int i = 0; i < kTimers; ++i) c.arm(due, "k" + std::to_string(i));
                           },
                       .on_timer =
                           [&](const Timer& t, Context& c) {
                             fired.push_back(t.key);
                             if (fired.size() == kTimers) c.arm(due, "a");  // before all that have fired
                           }}));
  publish("good", "x");
  settle();
  clock.advance(1000);
  log.scans.clear();
  while (fired.size() < kTimers) runner.step();
  EXPECT_EQ(std::ranges::adjacent_find(log.scans, std::greater_equal<>()), log.scans.end()) << "begun again";
  settle();
  ASSERT_EQ(fired.size(), kTimers + 1u);
  EXPECT_EQ(fired.back(), "a");
}

TEST_F(FaultsTest, TimersBeyondARoundsBytesFireInTheNextOnes) {
  constexpr int kTimers = 40;
  std::vector<std::string> fired;
  ProcessorSpec spec = scripted("p", {"good"},
                                {.on_event =
                                     [](const Delivery&, Context& c) {
                                       for (int i = 0; i < kTimers; ++i) c.arm(c.now() + i, std::to_string(i));
                                     },
                                 .on_timer =
                                     [&](const Timer& t, Context& c) {
                                       fired.push_back(t.key);
                                       c.put(t.key, std::string(100'000, 'x'));
                                     }});
  runner.add(std::move(spec));
  publish("good", "a");
  settle();
  clock.advance(1000);
  EXPECT_LT(runner.step(), 15u);  // of 100 kB each, into rounds of about 1 MiB
  settle();
  ASSERT_EQ(fired.size(), static_cast<std::size_t>(kTimers));
  for (int i = 0; i < kTimers; ++i) EXPECT_EQ(fired[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(FaultsTest, AStoreThatCannotBeReadHoldsUpItselfOnlyAndLosesNothing) {
  const Script script{.on_event = [this](const Delivery& d, Context& c) {
    const std::string before = c.get("k").value_or("");
    if (log.damaged == "-") events.push_back(d.event.id);
    c.put("k", before + d.event.id);
  }};
  runner.add(scripted("p", {"bad"}, script));
  runner.add(recorder("q", {"good"}));
  settle();
  log.damaged = "sk";
  publish("bad", "a");
  publish("bad", "b");
  settle();
  publish("good", "c");
  settle();
  EXPECT_THAT(events, ElementsAre("c"));
  EXPECT_EQ(runner.stuck(), 1u);
  EXPECT_THAT(errors, ElementsAre("p/0 at its store: state: bad checksum"));
  log.damaged = "-";
  clock.advance(1000);
  settle();
  EXPECT_THAT(events, ElementsAre("c", "a", "b"));
  EXPECT_EQ(runner.stuck(), 0u);
  EXPECT_EQ(log.get(*log.reader({"p", log::PartitionId(0)}), "sk").value(), "ab");
  EXPECT_EQ(runner.stats().set_aside, 0u);
}

TEST_F(FaultsTest, WhatCannotGoOnIsStuckUntilItDoes) {
  log.failing_acquires = 1;
  runner.add(recorder("p", {"bad"}));
  settle();
  EXPECT_EQ(runner.stuck(), 1u);
  clock.advance(100);
  settle();
  EXPECT_EQ(runner.stuck(), 0u);
  log.unreadable = log.find_topic("bad")->id;
  publish("bad", "b");
  settle();
  EXPECT_EQ(runner.stuck(), 1u);
  log.unreadable.reset();
  clock.advance(1'000);
  settle();
  EXPECT_EQ(runner.stuck(), 0u);
  EXPECT_THAT(events, ElementsAre("b"));
}

TEST_F(FaultsTest, ACommitWithoutRoomIsStuckAndOneThatMustWaitIsNot) {
  runner.add(scripted("p", {"good"}, {.on_event = [](const Delivery&, Context& c) { c.put("k", "v"); }}));
  settle();
  publish("good", "a");
  log.memory().refuse(Code::out_of_space);
  runner.step();  // the next one offers it again
  EXPECT_EQ(runner.stuck(), 1u);
  settle();
  EXPECT_EQ(runner.stuck(), 0u);
  publish("good", "b");
  log.memory().refuse(Code::busy);
  runner.step();
  EXPECT_EQ(runner.stuck(), 0u);
}

}  // namespace
}  // namespace baton::stream
