// Every step fits: rounds end before their commit is full, an input goes on in parts, and one that does not fit is set
// aside while the others go through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "stream/set_aside.h"
#include "stream/testing/harness.h"
#include "stream/testing/processors.h"

namespace baton::stream {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::Harness;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_event;
using testing::Script;
using testing::scripted;

constexpr std::size_t kCommit = 100'000;

class FitsTest : public ::testing::Test {
 protected:
  FitsTest()
      : h({.commit_bytes_max = kCommit,
           .runner = {.on_error = [this](const Error& error) { errors.push_back(error.text); }}}) {
    h.topic("in");
    h.topic("out");
  }
  void publish(const std::string& id) { h.publish("in", make_event(id, h.now())); }
  /// What the processor's store has under the key.
  std::string state(const std::string& key) {
    const auto owner = h.log().reader({"p", log::PartitionId(0)});
    return h.log().get(*owner, "s" + key).value().value_or("none");
  }
  std::vector<SetAside> aside() { return set_aside(h.log(), "p", 1).value(); }
  void add(Script script) { h.add(scripted("p", {"in"}, std::move(script))); }

  std::vector<std::string> errors;
  Harness h;
};

void put_all(Context& c, std::size_t bytes) {
  for (int i = 0; bytes > 0; ++i) {
    const std::size_t some = std::min<std::size_t>(bytes, 20'000);
    c.put("big" + std::to_string(i), std::string(some, 'x'));
    bytes -= some;
  }
}

TEST_F(FitsTest, ARoundEndsBeforeItsCommitIsFull) {
  int handled = 0;
  add({.on_event = [&](const Delivery& d, Context& c) {
    ++handled;
    c.put(d.event.id, std::string(10'000, 'x'));
    c.publish("out", make_event("of-" + d.event.id, c.now()));
  }});
  for (int i = 0; i < 50; ++i) publish(std::to_string(i));
  h.settle();
  EXPECT_EQ(handled, 50) << "none came twice";
  EXPECT_GE(h.runner().stats().commits, 50U * 10'000 / kCommit);
  EXPECT_EQ(h.events("out").size(), 50U);
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(FitsTest, WhatIsReadCountsForItIsWrittenAgain) {
  std::map<std::string, std::string> kept;  // decoded, as a role keeps instances until flush()
  std::size_t most = 0;
  add({.on_event =
           [&](const Delivery& d, Context& c) {
             const std::string key = d.event.id.substr(0, d.event.id.find('-'));
             kept[key] = c.get(key).value_or(std::string(12'000, '.')) + "+";
           },
       .flush =
           [&](Context& c) {
             most = std::max(most, kept.size());
             for (const auto& [key, value] : kept) c.put(key, value);
             kept.clear();
           }});
  for (int i = 0; i < 40; ++i) publish(std::to_string(i) + "-a");
  h.settle();
  most = 0;
  for (int i = 0; i < 40; ++i) publish(std::to_string(i) + "-b");
  h.settle();
  EXPECT_LE(most, 4U);
  EXPECT_EQ(state("39").size(), 12'002U);
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(FitsTest, AnInputThatDoesTooMuchIsSetAsideAndTheOthersGoThrough) {
  add({.on_event = [&](const Delivery& d, Context& c) {
    c.put("order", c.get("order").value_or("") + d.event.id);
    if (d.event.id == "X") put_all(c, 2 * kCommit);
  }});
  for (const char* id : {"a", "b", "X", "c", "X", "d"}) publish(id);
  h.settle();
  EXPECT_EQ(state("order"), "abcd");
  EXPECT_EQ(state("big0"), "none");
  ASSERT_EQ(aside().size(), 2U);
  EXPECT_EQ(aside()[0].what, SetAside::What::event);
  EXPECT_EQ(aside()[0].name, "in/0 offset 2");
  EXPECT_THAT(aside()[0].reason, HasSubstr("the most is 100000"));
  EXPECT_THAT(errors, ElementsAre(HasSubstr("p/0 has set aside the event in/0 offset 2: "), HasSubstr("offset 4")));
  EXPECT_EQ(h.runner().stats().set_aside, 2U);
  h.crash();
  h.settle();
  EXPECT_EQ(state("order"), "abcd") << "and they do not come again";
  publish("e");
  h.settle();
  EXPECT_EQ(state("order"), "abcde");
  EXPECT_EQ(errors.size(), 2U);
}

TEST_F(FitsTest, ARecordOrAPairOverTheMostMakesItsInputFail) {
  const std::string large(log::kRecordBytesMax, 'x');
  add({.on_event = [&](const Delivery& d, Context& c) {
    c.put("last", d.event.id);
    if (d.event.id == "pair") c.put("k", large);
    if (d.event.id == "record") c.publish("out", make_event(large, c.now()));
    if (d.event.id == "cursor") c.again(large);
  }});
  for (const char* id : {"pair", "record", "cursor", "good"}) publish(id);
  h.settle();
  EXPECT_EQ(state("last"), "good");
  ASSERT_EQ(aside().size(), 3U);
  EXPECT_THAT(aside()[0].reason, HasSubstr("state under the key k"));
  EXPECT_THAT(aside()[1].reason, HasSubstr("an event for out"));
  EXPECT_THAT(aside()[2].reason, HasSubstr("a cursor"));
  EXPECT_THAT(h.events("out"), IsEmpty());
}

TEST_F(FitsTest, WhatAProcessorGivesUpOnIsSetAside) {
  add({.on_event =
           [&](const Delivery& d, Context& c) {
             if (d.event.id == "bad") return c.fail(invalid("nobody understands it"));
             c.put("last", d.event.id);
             c.arm(c.now() + 1000, "bad");
             c.arm(c.now() + 1000, "good");
           },
       .on_timer =
           [&](const Timer& t, Context& c) {
             c.put("timer-" + t.key, "");
             if (t.key == "bad") c.fail(invalid("not at this time"));
           }});
  publish("bad");
  publish("good");
  h.run_until(h.now() + 5000);
  EXPECT_EQ(state("last"), "good");
  EXPECT_EQ(state("timer-good"), "");
  EXPECT_EQ(state("timer-bad"), "none");
  ASSERT_EQ(aside().size(), 2U);
  EXPECT_EQ(aside()[0].reason, "nobody understands it");
  EXPECT_EQ(aside()[1].what, SetAside::What::timer);
  EXPECT_EQ(aside()[1].name, "bad");
  EXPECT_EQ(h.next_timer(), std::nullopt);
}

/// Jobs under way go on, and are not begun a second time by the processor that is made anew.
TEST_F(FitsTest, JobsUnderWayOutliveARoundThatCameToNothing) {
  int ran = 0;
  std::vector<std::function<void()>> finish;
  const auto job = [&](const std::string& key) {
    return Job{key, [&](const std::function<void(bool, std::string)>& done) {
                 ++ran;
                 finish.emplace_back([done] { done(true, "well"); });
               }};
  };
  int made = 0;
  ProcessorSpec spec = scripted("p", {"in"},
                                {.on_event =
                                     [&](const Delivery& d, Context& c) {
                                       if (d.event.id == "bad") return c.fail(invalid("bad"));
                                       c.put("pending", d.event.id);
                                       c.run(job(d.event.id));
                                     },
                                 .on_outcome =
                                     [&](const Outcome& o, Context& c) {
                                       c.erase("pending");
                                       c.put("done-" + o.key, o.payload);
                                     },
                                 .restore =
                                     [&](Context& c) {
                                       ++made;
                                       if (const auto id = c.get("pending")) c.run(job(*id));
                                     }});
  h.add(spec);
  publish("a");
  h.settle();
  ASSERT_EQ(ran, 1);
  publish("bad");
  h.settle();
  EXPECT_GE(made, 2);
  EXPECT_EQ(ran, 1);
  for (const auto& one : finish) one();
  h.settle();
  EXPECT_EQ(state("done-a"), "well");
  EXPECT_EQ(aside().size(), 1U);
  EXPECT_FALSE(h.busy());
}

TEST_F(FitsTest, AJobWhoseOutcomeIsSetAsideIsNotBegunAgain) {
  int ran = 0;
  const auto job = [&](const std::string& key) {
    return Job{key, [&](const std::function<void(bool, std::string)>& done) {
                 ++ran;
                 done(true, "");
               }};
  };
  add({.on_event =
           [&](const Delivery& d, Context& c) {
             c.put("p" + d.event.id, "");
             c.run(job(d.event.id));
           },
       .on_outcome =
           [&](const Outcome& o, Context& c) {
             if (o.key == "bad") return c.fail(invalid("no"));
             c.erase("p" + o.key);
           },
       .restore =
           [&](Context& c) {
             for (const log::Pair& pair : c.scan("p", "", 10)) c.run(job(pair.key.substr(1)));
           }});
  publish("a");
  publish("bad");
  publish("c");
  h.settle();
  EXPECT_EQ(ran, 3);
  h.crash();
  h.settle();
  EXPECT_EQ(ran, 3);
  EXPECT_EQ(state("pa"), "none");
  EXPECT_EQ(state("pbad"), "") << "what it began stays; somebody must look at it";
  ASSERT_EQ(aside().size(), 1U);
  EXPECT_EQ(aside()[0].what, SetAside::What::outcome);
}

/// An event with more to do than a round takes: in parts, before anything else.
class Parts {
 public:
  static constexpr int kParts = 40;
  Script script() {
    return {.on_event =
                [this](const Delivery& d, Context& c) {
                  if (d.event.id == "many") return go_on(0, c);
                  c.put("order", c.get("order").value_or("") + d.event.id);
                },
            .on_timer = [](const Timer& t, Context& c) { c.put("order", c.get("order").value_or("") + t.key); },
            .on_again =
                [this](std::string_view cursor, Context& c) {
                  ++again;
                  times.push_back(c.now());
                  go_on(std::stoi(std::string(cursor)), c);
                }};
  }
  int again = 0;
  std::vector<Instant> times;

 private:
  static void go_on(int from, Context& c) {
    for (int i = from; i < kParts; ++i) {
      if (c.full()) return c.again(std::to_string(i));
      c.put("part" + std::to_string(i), std::string(5'000, 'x'));
    }
    c.put("order", c.get("order").value_or("") + "!");
  }
};

TEST_F(FitsTest, AnInputGoesOnInPartsBeforeAnythingElse) {
  Parts parts;
  add(parts.script());
  publish("a");
  h.settle();
  const Instant at = h.now();
  h.publish("in", make_event("many", at));
  publish("b");
  h.settle();
  EXPECT_EQ(state("order"), "a!b");
  EXPECT_EQ(state("part39").size(), 5'000U);
  EXPECT_GE(parts.again, 2);
  EXPECT_THAT(parts.times, ::testing::Each(at));
  EXPECT_THAT(errors, IsEmpty());
}

TEST_F(FitsTest, TheRestOfAnInputSurvivesACrash) {
  Parts parts;
  add(parts.script());
  publish("many");
  publish("b");
  h.step();
  while (parts.again < 2) h.step();
  h.log().sync(3);  // topics, owner and events are durable, and perhaps a part
  h.crash();
  h.settle();
  h.log().sync();
  h.crash();
  h.settle();
  EXPECT_EQ(state("order"), "!b");
  EXPECT_EQ(state("part39").size(), 5'000U);
}

TEST_F(FitsTest, ARestThatFailsIsSetAside) {
  add({.on_event =
           [](const Delivery& d, Context& c) {
             c.put("last", d.event.id);
             if (d.event.id == "more") c.again("cursor");
           },
       .on_again =
           [](std::string_view, Context& c) {
             c.put("rest", "x");
             c.fail(invalid("it can't go on"));
           }});
  publish("more");
  publish("b");
  h.settle();
  EXPECT_EQ(state("last"), "b");
  EXPECT_EQ(state("rest"), "none");
  ASSERT_EQ(aside().size(), 1U);
  EXPECT_EQ(aside()[0].what, SetAside::What::rest);
  h.crash();
  h.settle();
  EXPECT_EQ(aside().size(), 1U);
}

TEST_F(FitsTest, TheNewestAreNoted) {
  add({.on_event = [](const Delivery&, Context& c) { c.fail(invalid("no")); }});
  for (std::size_t i = 0; i < kSetAsideMax + 10; ++i) publish(std::to_string(i));
  h.settle();
  ASSERT_EQ(aside().size(), kSetAsideMax);
  EXPECT_EQ(aside().back().name, "in/0 offset " + std::to_string(kSetAsideMax + 9));
}

/// Whatever fails, and whenever the process dies: what does not fail is handled once, in order.
TEST_F(FitsTest, WhatDoesNotFailIsHandledOnceInOrderWhateverDies) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::uint32_t random = seed * 2654435761U;
    const auto draw = [&](std::uint32_t n) { return (random = random * 1664525U + 1013904223U) / 65536U % n; };
    Harness one({.commit_bytes_max = kCommit});
    one.topic("in");
    one.add(scripted("p", {"in"}, {.on_event = [](const Delivery& d, Context& c) {
                       c.put("order", c.get("order").value_or("") + d.event.id + " ");
                       if (d.event.id[0] == 'X') put_all(c, 2 * kCommit);
                       if (d.event.id[0] == 'F') c.fail(invalid("no"));
                     }}));
    std::string expected;
    for (int i = 0; i < 60; ++i) {
      const std::uint32_t kind = draw(10);
      const std::string id = (kind == 0 ? "X" : kind == 1 ? "F" : "g") + std::to_string(i);
      if (id[0] == 'g') expected += id + " ";
      one.publish("in", make_event(id, one.now()));
      if (draw(3) == 0) one.step();
      if (draw(8) == 0) one.crash();
    }
    one.settle();
    const auto owner = one.log().reader({"p", log::PartitionId(0)});
    EXPECT_EQ(one.log().get(*owner, "sorder").value(), expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace baton::stream
