#include "stream/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stream/testing/harness.h"
#include "stream/testing/processors.h"

namespace baton::stream {
namespace {

using ::testing::ElementsAre;
using testing::Harness;
using ::testing::IsEmpty;
using testing::make_event;
using testing::Script;
using testing::scripted;

Job job(std::string key) {
  return {std::move(key), [](const std::function<void(bool, std::string)>& done) { done(true, "done"); }};
}

std::vector<std::string> ids(const std::vector<event::Event>& events) {
  std::vector<std::string> ids;
  for (const event::Event& event : events) ids.push_back(event.id);
  return ids;
}

/// A harness with the topics "in" and "out".
class RunnerTest : public ::testing::Test {
 protected:
  explicit RunnerTest(testing::HarnessOptions options = {}) : h(std::move(options)) {
    h.topic("in");
    h.topic("out");
  }
  void publish(const std::string& id) { h.publish("in", make_event(id, h.now())); }
  log::Offset consumed(const std::string& owner, const std::string& topic = "in") {
    const auto all = h.log().consumed({owner, log::PartitionId(0)});
    const auto found = all.find({h.log().find_topic(topic)->id, log::PartitionId(0)});
    return found == all.end() ? log::Offset(-1) : found->second;
  }
  /// Takes the store over, so that its runner is fenced.
  log::Owner usurp(const std::string& owner, log::Durability durability = log::Durability::journaled) {
    return h.log().acquire({owner, log::PartitionId(0)}, durability).value();
  }
  Harness h;
};

TEST_F(RunnerTest, HandsEventsOverInOrderAndCommitsTheirEffectsWithTheOffset) {
  std::vector<std::int64_t> offsets;
  h.add(scripted("p", {"in"}, {.on_event = [&](const Delivery& d, Context& c) {
                   offsets.push_back(d.offset.value);
                   EXPECT_EQ(d.topic, "in");
                   EXPECT_EQ(c.now(), d.event.time);
                   c.put("last", d.event.id);
                   c.publish("out", make_event("of-" + d.event.id, c.now()));
                 }}));
  for (const char* id : {"a", "b", "c"}) publish(id);
  h.settle();
  EXPECT_THAT(offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(ids(h.events("out")), ElementsAre("of-a", "of-b", "of-c"));
  EXPECT_EQ(consumed("p"), log::Offset(3));
  EXPECT_EQ(h.log().get(usurp("p"), "slast").value(), "c");
  EXPECT_EQ(h.runner().stats().commits, 1u);
}

TEST_F(RunnerTest, ReadsSeeTheWritesOfTheSameRound) {
  std::vector<std::optional<std::string>> seen;
  h.add(scripted("p", {"in"}, {.on_event = [&](const Delivery& d, Context& c) {
                   seen.push_back(c.get("k"));
                   d.event.id == "b" ? c.erase("k") : c.put("k", d.event.id);
                   seen.push_back(c.get("k"));
                 }}));
  for (const char* id : {"a", "b", "c"}) publish(id);
  h.settle();
  EXPECT_THAT(seen, ElementsAre(std::nullopt, "a", "a", std::nullopt, std::nullopt, "c"));
}

TEST_F(RunnerTest, AnUndurableRoundIsAsIfItHadNotBeen) {
  int handled = 0;
  h.add(scripted("p", {"in"}, {.on_event = [&](const Delivery& d, Context& c) {
                   ++handled;
                   c.publish("out", make_event("of-" + d.event.id, c.now()));
                 }}));
  publish("a");
  h.step();
  EXPECT_THAT(ids(h.events("out")), ElementsAre("of-a"));
  h.crash();
  EXPECT_THAT(h.events("out"), IsEmpty());
  h.settle();
  EXPECT_EQ(handled, 2);
  EXPECT_THAT(ids(h.events("out")), ElementsAre("of-a"));
}

TEST_F(RunnerTest, JobsStartOnlyWhenTheirCommitIsDurable) {
  std::vector<std::string> outcomes;
  h.add(scripted("p", {"in"},
                 {.on_event = [](const Delivery& d, Context& c) { c.run(job(d.event.id)); },
                  .on_outcome = [&](const Outcome& o, Context&) { outcomes.push_back(o.key + o.payload); }}));
  publish("a");
  while (h.step() > 0) continue;
  EXPECT_EQ(h.executor().run(), 0u);
  EXPECT_TRUE(h.busy());
  h.log().sync();
  h.step();
  EXPECT_EQ(h.executor().run(), 1u);
  h.step();
  EXPECT_THAT(outcomes, ElementsAre("adone"));
  EXPECT_FALSE(h.busy());
}

TEST_F(RunnerTest, AtTheLimitOfJobsEventsWaitButTimersGoOn) {
  std::vector<std::string> events;
  int timers = 0;
  ProcessorSpec spec = scripted("p", {"in"},
                                {.on_event =
                                     [&](const Delivery& d, Context& c) {
                                       events.push_back(d.event.id);
                                       c.arm(c.now() + 10, d.event.id);
                                       c.run(job(d.event.id));
                                     },
                                 .on_timer = [&](const Timer&, Context&) { ++timers; }});
  spec.jobs_max = 2;
  h.add(spec);
  for (const char* id : {"a", "b", "c", "d", "e"}) publish(id);
  for (int i = 0; i < 5; ++i) h.step();
  h.log().sync();
  for (int i = 0; i < 5; ++i) h.step();
  EXPECT_THAT(events, ElementsAre("a", "b"));
  h.clock().advance(10);
  h.step();
  EXPECT_EQ(timers, 2);
  h.settle();
  EXPECT_THAT(events, ElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(RunnerTest, RestoreComesAgainAfterACrashBeforeAnyInput) {
  std::vector<std::string> story;
  h.add(scripted("p", {"in"},
                 {.on_event =
                      [&](const Delivery& d, Context& c) {
                        story.push_back("event " + d.event.id);
                        c.put("pending/" + d.event.id, "");
                        c.run(job(d.event.id));
                      },
                  .on_outcome =
                      [&](const Outcome& o, Context& c) {
                        story.push_back("outcome " + o.key);
                        c.erase("pending/" + o.key);
                      },
                  .restore =
                      [&](Context& c) {
                        story.push_back("restore");
                        for (const log::Pair& p : c.scan("pending/", "", 10)) c.run(job(p.key.substr(8)));
                      }}));
  publish("a");
  h.step();
  h.log().sync();
  h.step();  // the job is with the executor, and goes down with it
  h.crash();
  h.settle();
  EXPECT_THAT(story, ElementsAre("restore", "event a", "restore", "outcome a"));
}

TEST_F(RunnerTest, ATimerFiresOnceAtItsTimeAcrossRestarts) {
  std::vector<std::pair<std::string, Instant>> fired;
  const Instant start = h.now();
  h.add(scripted("p", {"in"},
                 {.on_event =
                      [&](const Delivery& d, Context& c) {
                        c.arm(start + 500, "late");
                        c.arm(start + 100, d.event.id);
                        c.arm(start + 200, "never");
                      },
                  .on_timer =
                      [&](const Timer& t, Context& c) {
                        EXPECT_GE(c.now(), t.due);
                        fired.emplace_back(t.key, c.now());
                        if (t.key == "soon") c.disarm(start + 200, "never");
                      }}));
  publish("soon");
  h.settle();
  EXPECT_EQ(h.next_timer(), start + 100);
  h.restart();
  h.run_until(start + 300);
  EXPECT_THAT(fired, ElementsAre(std::pair("soon", start + 100)));
  h.crash();
  EXPECT_TRUE(h.run_out());
  EXPECT_THAT(fired, ElementsAre(std::pair("soon", start + 100), std::pair("late", start + 500)));
}

TEST_F(RunnerTest, ATimerDisarmedByOneThatFiresInTheSameRoundDoesNotFire) {
  std::vector<std::string> fired;
  h.add(scripted("p", {"in"},
                 {.on_event =
                      [&](const Delivery&, Context& c) {
                        c.arm(c.now() + 1, "a");
                        c.arm(c.now() + 2, "b");
                      },
                  .on_timer =
                      [&](const Timer& t, Context& c) {
                        fired.push_back(t.key);
                        c.disarm(t.due + 1, "b");
                      }}));
  publish("x");
  h.settle();
  h.clock().advance(1000);
  h.settle();
  EXPECT_THAT(fired, ElementsAre("a"));
}

TEST_F(RunnerTest, ManyTimersDueAtOnceFireInBoundedRounds) {
  std::size_t fired = 0;
  h.add(scripted("p", {"in"},
                 {.on_event =
                      [&](const Delivery&, Context& c) {
                        for (int i = 0; i < 1000; ++i) c.arm(c.now() + 5, "k" + std::to_string(i));
                      },
                  .on_timer = [&](const Timer&, Context&) { ++fired; }}));
  publish("x");
  h.settle();
  h.clock().advance(5);
  EXPECT_LT(h.step(), 1000u);
  h.settle();
  EXPECT_EQ(fired, 1000u);
  EXPECT_FALSE(h.next_timer().has_value());
}

TEST_F(RunnerTest, ARefusedCommitIsOfferedAgainAndTheProcessorWaitsForIt) {
  int handled = 0;
  h.add(scripted("p", {"in"}, {.on_event = [&](const Delivery& d, Context& c) {
                   ++handled;
                   c.publish("out", make_event("of-" + d.event.id, c.now()));
                   c.run(job(d.event.id));
                 }}));
  h.settle();
  for (const Code code : {Code::busy, Code::out_of_space}) {
    handled = 0;
    publish("a");
    h.log().refuse(code, 3);
    h.step();
    EXPECT_TRUE(h.busy());
    h.step();
    h.step();
    EXPECT_EQ(handled, 1);
    EXPECT_EQ(h.executor().run(), 0u);
    h.settle();
    EXPECT_EQ(handled, 1);
  }
  EXPECT_THAT(ids(h.events("out")), ElementsAre("of-a", "of-a"));
  EXPECT_EQ(h.runner().stats().outcomes, 2u);
  EXPECT_FALSE(h.busy());
}

TEST_F(RunnerTest, AFencedProcessorIsDroppedAndTheOthersGoOn) {
  std::vector<std::string> events;
  const auto record = [&](const std::string& name) {
    return scripted(name, {"in"}, {.on_event = [&events, name](const Delivery& d, Context& c) {
                      events.push_back(name + d.event.id);
                      c.put("k", d.event.id);
                    }});
  };
  h.add(record("p"));
  h.add(record("q"));
  publish("1");
  h.settle();
  usurp("p");
  publish("2");
  publish("3");
  h.settle();
  publish("4");
  h.settle();
  EXPECT_EQ(h.runner().fenced(), 1u);
  EXPECT_FALSE(h.busy());
  EXPECT_THAT(events, ElementsAre("p1", "q1", "p2", "p3", "q2", "q3", "q4"));
  EXPECT_EQ(consumed("p"), log::Offset(1));
}

TEST_F(RunnerTest, AJobThatEndsAfterItsProcessorWasFencedIsIgnored) {
  h.add(scripted("p", {"in"}, {.on_event = [](const Delivery& d, Context& c) { c.run(job(d.event.id)); }}));
  publish("1");
  h.step();
  h.log().sync();
  h.step();
  usurp("p");
  EXPECT_EQ(h.executor().run(), 1u);
  h.settle();
  publish("2");
  h.settle();
  EXPECT_EQ(h.runner().fenced(), 1u);
}

class MalformedTest : public RunnerTest {
 protected:
  MalformedTest()
      : RunnerTest({.runner = {.on_malformed = [this](std::string_view topic, log::PartitionId p, log::Offset o,
                                                      const Error& e) {
                      EXPECT_FALSE(e.text.empty());
                      told.push_back(std::string(topic) + "/" + std::to_string(p.value) + "@" +
                                     std::to_string(o.value));
                    }}}) {}
  std::vector<std::string> told;
};

TEST_F(MalformedTest, RecordsThatAreNoEventAreToldCountedAndPassedOver) {
  std::vector<std::string> events;
  const Script record{.on_event = [&](const Delivery& d, Context& c) {
    events.push_back(d.event.id);
    c.put("k", d.event.id);
  }};
  h.add(scripted("p", {"in"}, record));
  h.add(scripted("q", {"in"}, record));
  publish("a");
  h.append({h.log().find_topic("in")->id, log::PartitionId(0)}, {"k", "\x07garbage", "{", h.now()});
  publish("b");
  h.settle();
  EXPECT_THAT(told, ElementsAre("in/0@1"));
  EXPECT_EQ(h.runner().stats().malformed, 1u);
  EXPECT_THAT(events, ElementsAre("a", "b", "a", "b"));
  EXPECT_EQ(consumed("p"), log::Offset(3));
}

TEST_F(RunnerTest, WhatIsNotWantedIsNeitherHandedOverNorCommittedByItself) {
  std::vector<std::string> events;
  h.add(scripted(
      "p", {"in"},
      {.wants = [](std::string_view, std::string_view headers) { return event::peek(headers, "ce_id") == "b"; },
       .on_event =
           [&](const Delivery& d, Context& c) {
             events.push_back(d.event.id);
             c.put("k", "v");
           }}));
  publish("a");
  h.settle();
  EXPECT_EQ(consumed("p"), log::Offset(-1));
  publish("b");
  h.settle();
  EXPECT_EQ(consumed("p"), log::Offset(2));
  publish("c");
  h.settle();
  EXPECT_EQ(consumed("p"), log::Offset(2));
  h.clock().advance(200);
  h.settle();
  EXPECT_EQ(consumed("p"), log::Offset(3));
  EXPECT_THAT(events, ElementsAre("b"));
  EXPECT_EQ(h.runner().stats().commits, 2u);
}

TEST_F(RunnerTest, ProcessorsOfAShardShareTheDecodedEvent) {
  std::map<std::string, std::vector<const event::Event*>> seen;
  for (const char* name : {"p", "q", "r"}) {
    h.add(scripted(name, {"in"},
                   {.on_event = [&seen, name](const Delivery& d, Context&) { seen[name].push_back(&d.event); }}));
  }
  for (int i = 0; i < 10; ++i) publish("e" + std::to_string(i));
  h.step();
  EXPECT_EQ(seen["p"].size(), 10u);
  EXPECT_EQ(seen["p"], seen["q"]);
  EXPECT_EQ(seen["p"], seen["r"]);
}

TEST_F(RunnerTest, ALaggingReaderGetsEverythingThoughThePagesAreGone) {
  std::vector<std::string> fast, slow;
  ProcessorSpec spec = scripted("slow", {"in"}, {.on_event = [&](const Delivery& d, Context& c) {
                                  slow.push_back(d.event.id);
                                  c.run(job(d.event.id));
                                }});
  spec.jobs_max = 1;
  h.add(std::move(spec));
  h.add(scripted("fast", {"in"}, {.on_event = [&](const Delivery& d, Context&) { fast.push_back(d.event.id); }}));
  for (int i = 0; i < 40; ++i) {
    publish("e" + std::to_string(i));
    h.step();
  }
  EXPECT_EQ(slow.size(), 1u);
  h.settle();
  EXPECT_EQ(slow, fast);
}

TEST_F(RunnerTest, SeveralTopicsAreReadInTurn) {
  h.topic("other");
  std::vector<std::string> events;
  h.add(scripted("p", {"in", "other"}, {.on_event = [&](const Delivery& d, Context&) {
                   events.push_back(std::string(d.topic) + d.event.id);
                 }}));
  for (int i = 0; i < 600; ++i) publish("a");
  h.publish("other", make_event("b", h.now()));
  h.step();
  h.step();
  const auto place = std::ranges::find(events, "otherb") - events.begin();
  EXPECT_LT(place, 300);  // not behind the whole backlog of the other topic
  h.settle();
  EXPECT_EQ(events.size(), 601u);
}

TEST_F(RunnerTest, ATopicAddedLaterIsReadFromItsBeginning) {
  h.topic("other");
  std::vector<std::string> events;
  const Script record{.on_event = [&](const Delivery& d, Context& c) {
    events.push_back(d.event.id);
    c.put("k", "v");
  }};
  h.publish("other", make_event("early", h.now()));
  h.add(scripted("p", {"in"}, record));
  publish("a");
  h.settle();
  h.add(scripted("p", {"in", "other"}, record));
  h.settle();
  EXPECT_THAT(events, ElementsAre("a", "early"));
  h.restart();
  h.settle();
  EXPECT_THAT(events, ElementsAre("a", "early"));
}

TEST_F(RunnerTest, FromEndStaysAtTheEndItFirstSaw) {
  std::vector<std::string> events;
  ProcessorSpec spec =
      scripted("p", {"in"}, {.on_event = [&](const Delivery& d, Context&) { events.push_back(d.event.id); }});
  spec.from_end = true;
  publish("before");
  h.add(spec);
  h.settle();
  EXPECT_EQ(consumed("p"), log::Offset(1));
  h.crash();
  publish("after");
  h.settle();
  EXPECT_THAT(events, ElementsAre("after"));
}

TEST_F(RunnerTest, ACheckpointedProcessorFoldsAgainFromItsLastCheckpoint) {
  std::string last;
  ProcessorSpec spec = scripted("view", {"in"}, {.on_event = [&](const Delivery& d, Context& c) {
                                  last = c.get("n").value_or("0");
                                  last = std::to_string(std::stoi(last) + 1);
                                  c.put("n", last);
                                  EXPECT_EQ(std::to_string(d.offset.value + 1), last);
                                }});
  spec.durability = log::Durability::checkpointed;
  h.add(spec);
  publish("a");
  h.settle();
  h.log().checkpoint();
  publish("b");
  h.settle();
  EXPECT_EQ(last, "2");
  h.crash();
  publish("c");
  h.settle();
  EXPECT_EQ(last, "3");
}

TEST_F(RunnerTest, ATrimmedBeginningIsPassedOver) {
  std::vector<std::string> events;
  h.log().open_topic({.name = "short", .retention_ms = 1000}).value();
  h.publish("short", make_event("old", h.now()));
  h.add(scripted("p", {"short"}, {.on_event = [&](const Delivery& d, Context&) { events.push_back(d.event.id); }}));
  h.clock().advance(5000);
  h.log().maintain();
  h.publish("short", make_event("new", h.now()));
  h.settle();
  EXPECT_THAT(events, ElementsAre("new"));
}

TEST(Shards, SplitThePartitions) {
  Harness h({.shards = 2});
  h.topic("in", 5);
  std::map<std::int32_t, int> made;
  std::vector<std::string> events;
  ProcessorSpec spec = scripted("p", {"in"}, {});
  spec.make = [&](log::PartitionId partition) {
    ++made[partition.value];
    return std::make_unique<testing::Scripted>(Script{.on_event = [&](const Delivery& d, Context& c) {
      EXPECT_EQ(d.from.partition, c.partition());
      events.push_back(d.event.id);
    }});
  };
  h.add(spec);
  std::vector<std::string> sent;
  for (int i = 0; i < 50; ++i) {
    sent.push_back("e" + std::to_string(i));
    h.publish("in", make_event(sent.back(), h.now()));
  }
  h.settle();
  EXPECT_EQ(made, (std::map<std::int32_t, int>{{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}}));
  EXPECT_THAT(events, ::testing::UnorderedElementsAreArray(sent));
  EXPECT_GT(h.runner(0).stats().events, 0u);
  EXPECT_GT(h.runner(1).stats().events, 0u);
}

}  // namespace
}  // namespace baton::stream
