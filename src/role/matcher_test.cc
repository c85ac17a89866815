// Who hears what: the table of docs/flow-language.md, cell by cell, under both strategies and over several partitions.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/assert.h"
#include "flow/testing/fixture.h"
#include "role/matching.h"
#include "role/testing/world.h"

namespace baton::role {
namespace {

using namespace testing;
using flow::Strategy;

constexpr Millis kHour = 3'600'000;
const std::string kPaid = "com.example.bank.paid.v1";

struct Cell {
  Strategy strategy;
  bool other_namespace;
};

class Matching : public ::testing::TestWithParam<Cell> {
 protected:
  WorldOptions options{.partitions = 5};
  std::unique_ptr<World> world_;
  World& world() {
    if (!world_) world_ = std::make_unique<World>(flow::testing::shop_contracts(), options);
    return *world_;
  }

  /// A flow of the given tasks, in the namespace shop or, for the cells of the other one, in `elsewhere`.
  void deploy(const std::string& name, const std::string& tasks, const std::string& more = "", bool home = true) {
    std::string text = flow::testing::flow_text(tasks, more, "participant: order");
    text.replace(text.find("name: buy"), 9, "name: " + name);
    if (!home && GetParam().other_namespace) text.replace(text.find("namespace: shop"), 15, "namespace: elsewhere");
    auto compiled = flow::testing::compile_text(text, flow::testing::shop_contracts(), {GetParam().strategy});
    if (compiled.program == nullptr) fatal("the test's flow", compiled.text().c_str());
    world().deploy(compiled.program);
    programs_[name] = compiled.program;
  }
  void start(const std::string& flow, const std::string& id, const std::string& input = "{}") {
    event::Event e = World::outside("io.baton.flow.start.v1", id, input, "start-" + flow + id);
    e.kind = "start";
    e.flowname = programs_.at(flow)->full_name();
    e.flowversion = "1.0.0";
    e.time = world().harness().now();
    world().harness().publish(programs_.at(flow)->home_topic, e);
    world().harness().settle();
  }
  /// From outside, on the topic of the namespace shop.
  void paid(const std::string& id, const std::string& correlation = "", const std::string& data = R"({"order":5})") {
    event::Event e = World::outside(kPaid, correlation, data, id);
    e.time = world().harness().now();
    world().harness().publish("shop", e);
    world().harness().settle();
  }
  std::string status(const std::string& flow, const std::string& id) {
    const auto all = show_instance(world().log(), world().catalog(), id);
    if (!all) return "none";
    for (const Shown& one : *all) {
      if (one.summary.flow == programs_.at(flow)->full_name())
        return std::string(engine::to_string(one.summary.status));
    }
    return "none";
  }
  std::size_t instances(const std::string& flow) {
    std::int64_t sum = 0;
    for (const Count& count : count_instances(world().log())) {
      if (count.flow == programs_.at(flow)->full_name()) sum += count.instances;
    }
    return static_cast<std::size_t>(sum);
  }
  std::vector<std::string> reasons() {
    std::vector<std::string> out;
    for (const Orphan& orphan : orphans(world().log())) out.push_back(orphan.event_id + ": " + orphan.reason);
    return out;
  }
  void pass(Millis ms) { world().harness().run_until(world().harness().now() + ms); }

  static std::string listens(const std::string& correlate = "") {
    return "  - hear: { listen: { to: { one: { with: { type: " + kPaid + " }" +
           (correlate.empty() ? "" : ", " + correlate) + " } } } }\n";
  }
  static std::string by_order() { return listens("correlate: { order: { from: .data.order, expect: .order } }"); }
  static std::string starts_with_it() { return "schedule: { on: { one: { with: { type: " + kPaid + " } } } }\n"; }

  /// A flow that emits it, in the namespace shop.
  void deploy_sender() {
    deploy("sender", "  - tell: { emit: { event: { with: { type: " + kPaid + ", data: '${ . }' } } } }\n");
  }

  std::map<std::string, std::shared_ptr<const flow::Program>> programs_;
};

std::string name_of(const ::testing::TestParamInfo<Cell>& info) {
  return std::string(info.param.strategy == Strategy::orchestration ? "Orchestrated" : "Choreographed") +
         (info.param.other_namespace ? "InAnotherNamespace" : "");
}
INSTANTIATE_TEST_SUITE_P(Role, Matching,
                         ::testing::Values(Cell{Strategy::orchestration, false}, Cell{Strategy::orchestration, true},
                                           Cell{Strategy::choreography, false}, Cell{Strategy::choreography, true}),
                         name_of);

// --- from outside

TEST_P(Matching, AnOutsideEventStartsAFlow) {
  deploy("follower", "  - keep: { set: { order: '${ .[0].data.order }' } }\n", starts_with_it(), false);
  paid("p1");
  EXPECT_EQ(status("follower", "p1"), "completed");
  paid("p1");
  EXPECT_EQ(instances("follower"), 1U) << "a duplicate";
}

TEST_P(Matching, AnOutsideEventWakesWhoWaitsWithoutAKey) {
  deploy("waiter", listens(), "", false);
  start("waiter", "W-1");
  start("waiter", "W-2");
  paid("p1");
  EXPECT_EQ(status("waiter", "W-1"), "completed");
  EXPECT_EQ(status("waiter", "W-2"), "completed") << "each who waits";
}

TEST_P(Matching, AnOutsideEventWakesWhoWaitsWithItsKey) {
  deploy("waiter", by_order(), "", false);
  start("waiter", "W-5", R"({"order":"5"})");
  start("waiter", "W-6", R"({"order":6})");
  paid("p1");
  EXPECT_EQ(status("waiter", "W-5"), "completed") << "5 and \"5\" are one key";
  EXPECT_EQ(status("waiter", "W-6"), "waiting");
  start("waiter", "later", R"({"order":5})");
  EXPECT_EQ(status("waiter", "later"), "waiting") << "it was taken";
}

TEST_P(Matching, AnOutsideEventStartsAndWakes) {
  deploy("waiter", listens(), "", false);
  deploy("keyed", by_order(), "", false);
  deploy("follower", "  - keep: { set: { a: 1 } }\n", starts_with_it(), false);
  start("waiter", "W-1");
  start("keyed", "K-5", R"({"order":5})");
  paid("p1");
  EXPECT_EQ(status("waiter", "W-1"), "completed");
  EXPECT_EQ(status("keyed", "K-5"), "completed");
  EXPECT_EQ(status("follower", "p1"), "completed");
}

TEST_P(Matching, AnAddressedEventIsForItsInstance) {
  deploy("waiter", listens(), "", false);
  start("waiter", "W-1");
  start("waiter", "W-2");
  paid("p1", "W-2");
  EXPECT_EQ(status("waiter", "W-1"), "waiting");
  EXPECT_EQ(status("waiter", "W-2"), "completed");
}

TEST_P(Matching, AnAddressedEventIsHeardByItsKeyToo) {
  deploy("waiter", by_order(), "", false);
  start("waiter", "W-5", R"({"order":5})");
  paid("p1", "somebody-else");
  EXPECT_EQ(status("waiter", "W-5"), "completed");
}

// --- before the wait

TEST_P(Matching, AKeyedEventBeforeItsInstanceIsKeptForIt) {
  deploy("waiter", by_order(), "", false);
  paid("p1");
  pass(kHour);
  start("waiter", "W-5", R"({"order":5})");
  EXPECT_EQ(status("waiter", "W-5"), "completed");
  start("waiter", "W-5b", R"({"order":5})");
  EXPECT_EQ(status("waiter", "W-5b"), "waiting") << "one event, one taker of a flow that came after it";
}

TEST_P(Matching, AnAddressedEventBeforeItsInstanceIsKeptForIt) {
  deploy("waiter", listens(), "", false);
  paid("p1", "W-1");
  start("waiter", "W-2");
  start("waiter", "W-1");
  EXPECT_EQ(status("waiter", "W-2"), "waiting");
  EXPECT_EQ(status("waiter", "W-1"), "completed");
}

TEST_P(Matching, WithoutKeyAndAddressItIsForThoseWhoWereThere) {
  deploy("waiter", "  - nap: { wait: PT1H }\n" + listens(), "", false);
  start("waiter", "there");
  pass(1000);
  paid("p1");
  pass(1000);
  start("waiter", "after");
  pass(2 * kHour);
  EXPECT_EQ(status("waiter", "there"), "completed");
  EXPECT_EQ(status("waiter", "after"), "waiting");
}

TEST_P(Matching, EarlyEventsAreTakenInTheirOrderHoweverManyTheyAre) {
  deploy("counter",
         "  - begin: { set: { n: 0 }, export: { as: '{ n: 0, seen: [] }' } }\n"
         "  - next: { listen: { to: { one: { with: { type: " +
             kPaid +
             " } } } },"
             " export: { as: '{ n: ($context.n + 1), seen: ($context.seen + [.[0].order]) }' } }\n"
             "  - pause: { wait: PT1S }\n"
             "  - more: { switch: [ { again: { when: '$context.n < 90', then: next } }, { enough: { then: continue } } "
             "] }\n"
             "  - out: { set: '${ $context.seen == [range(90)] }' }\n",
         "", false);
  start("counter", "C-1");
  for (int i = 0; i < 90; ++i) paid("p" + std::to_string(i), "C-1", R"({"order":)" + std::to_string(i) + "}");
  for (const int i : {0, 3, 70}) paid("p" + std::to_string(i), "C-1", R"({"order":)" + std::to_string(i) + "}");
  pass(kHour);
  EXPECT_EQ(world().show("C-1").summary.status, engine::Status::completed);
  EXPECT_EQ(world().show("C-1").outcome.text(), "true");
}

TEST_P(Matching, WhatNobodyCameForIsAnOrphanWithItsReason) {
  options.matcher.early_ms = 2 * kHour;
  deploy("waiter", by_order(), "", false);
  paid("p1");
  EXPECT_TRUE(reasons().empty());
  pass(3 * kHour);
  start("waiter", "W-6", R"({"order":6})");  // something moves
  pass(3 * kHour);
  ASSERT_EQ(reasons().size(), 1U);
  EXPECT_NE(reasons()[0].find("p1: nobody came to wait for it in 2 hours"), std::string::npos) << reasons()[0];
}

TEST_P(Matching, MoreThanIsKeptIsAnOrphanAtOnce) {
  options.partitions = 1;
  options.matcher.early_max = 3;
  deploy("waiter", by_order(), "", false);
  for (int i = 0; i < 5; ++i) paid("p" + std::to_string(i), "", R"({"order":)" + std::to_string(i) + "}");
  EXPECT_EQ(reasons().size(), 2U);
  for (int i = 0; i < 5; ++i) start("waiter", "W-" + std::to_string(i), R"({"order":)" + std::to_string(i) + "}");
  EXPECT_EQ(status("waiter", "W-0"), "completed") << "the oldest did not give way";
  EXPECT_EQ(status("waiter", "W-4"), "waiting");
  paid("again", "", R"({"order":9})");
  EXPECT_EQ(reasons().size(), 2U) << "there is room again";
}

// --- after the wait

TEST_P(Matching, WhatComesAfterTheWaitGoesToWhoComesNext) {
  options.matcher.early_ms = 24 * kHour;
  deploy("racer",
         "  - hear: { listen: { to: { any: [ { with: { type: " + kPaid +
             " } }, { with: { type: com.example.bank.closed.v1 } } ] } } }\n",
         "", false);
  start("racer", "R-1");
  paid("p1", "R-1");
  EXPECT_EQ(status("racer", "R-1"), "completed");
  paid("p2", "R-1");
  EXPECT_EQ(status("racer", "R-1"), "completed");
  pass(25 * kHour);
  start("racer", "R-2");
  pass(25 * kHour);
  ASSERT_EQ(reasons().size(), 1U) << "the second is nobody's";
  EXPECT_NE(reasons()[0].find("p2"), std::string::npos);
}

TEST_P(Matching, AListenThatTimedOutGivesBackWhatIsBrought) {
  deploy("patient",
         "  - t: { try: [ { hear: { listen: { to: { one: { with: { type: " + kPaid +
             " } } } }, timeout: { after: PT1M } } } ], catch: { do: [ { s: { set: { late: true } } } ] } }\n"
             "  - again: { listen: { to: { one: { with: { type: " +
             kPaid + " } } } } }\n",
         "", false);
  start("patient", "P-1");
  pass(2 * 60'000);
  EXPECT_EQ(status("patient", "P-1"), "waiting");
  paid("p1", "P-1");
  EXPECT_EQ(status("patient", "P-1"), "completed") << "by the second listen";
}

// --- emitted, and replies

TEST_P(Matching, AnEmittedEventStartsAFlow) {
  deploy_sender();
  deploy("follower", "  - keep: { set: { order: '${ .[0].data.order }' } }\n", starts_with_it(), false);
  start("sender", "S-1", R"({"order":5})");
  start("sender", "S-2", R"({"order":5})");
  EXPECT_EQ(status("sender", "S-1"), "completed");
  EXPECT_EQ(instances("follower"), 2U);
}

TEST_P(Matching, AnEmittedEventWakesWithAndWithoutAKey) {
  deploy_sender();
  deploy("waiter", listens(), "", false);
  deploy("keyed", by_order(), "", false);
  start("waiter", "W-1");
  start("keyed", "K-5", R"({"order":5})");
  start("keyed", "K-6", R"({"order":6})");
  start("sender", "S-1", R"({"order":5})");
  EXPECT_EQ(status("waiter", "W-1"), "completed");
  EXPECT_EQ(status("keyed", "K-5"), "completed");
  EXPECT_EQ(status("keyed", "K-6"), "waiting");
}

TEST_P(Matching, AnEmittedEventBeforeTheWaitIsKept) {
  deploy_sender();
  deploy("keyed", by_order(), "", false);
  start("sender", "S-1", R"({"order":5})");
  start("keyed", "K-5", R"({"order":5})");
  EXPECT_EQ(status("keyed", "K-5"), "completed");
}

TEST_P(Matching, AnEventEmittedToAnotherCorrelationIsOfTheInstanceOfThatName) {
  deploy("sender", "  - tell: { emit: { event: { with: { type: " + kPaid +
                       ", correlationid: '${ .to }', data: '${ . }' } } } }\n");
  deploy("follower", listens(), "", false);
  start("follower", "F-1");
  start("follower", "F-2");
  start("sender", "S-1", R"({"to":"F-2"})");
  EXPECT_EQ(status("sender", "S-1"), "completed");
  EXPECT_EQ(status("follower", "F-1"), "waiting");
  EXPECT_EQ(status("follower", "F-2"), "completed");
  EXPECT_TRUE(reasons().empty());
}

TEST_P(Matching, AnEventEmittedToWhoeverMayBeThereIsNoOrphan) {
  deploy("sender", "  - tell: { emit: { event: { with: { type: com.example.told.v1, correlationid: anybody } } } }\n");
  start("sender", "S-1");
  EXPECT_EQ(status("sender", "S-1"), "completed");
  EXPECT_TRUE(reasons().empty());
}

TEST_P(Matching, AReplyStartsAndWakesOtherFlows) {
  const std::string placed = "com.example.order.placed.v1";
  world().handle("order.place", [](const Invocation&) -> Reply { return Answer{R"({"order":5})", ""}; });
  deploy("caller", "  - place: { call: 'order.place:1.0.0@default' }\n");
  deploy("follower", "  - keep: { set: { a: 1 } }\n", "schedule: { on: { one: { with: { type: " + placed + " } } } }\n",
         false);
  deploy("keyed",
         "  - hear: { listen: { to: { one: { with: { type: " + placed +
             " }, correlate: { order: { from: .data.order, expect: .order } } } } } }\n",
         "", false);
  start("keyed", "K-5", R"({"order":5})");
  start("caller", "C-1");
  EXPECT_EQ(status("caller", "C-1"), "completed");
  EXPECT_EQ(instances("follower"), 1U);
  EXPECT_EQ(status("keyed", "K-5"), "completed");
}

TEST_P(Matching, AServiceIsCalledFromEveryNamespace) {
  deploy("here", "  - place: { call: 'order.place:1.0.0@default' }\n");
  deploy("there", "  - place: { call: 'order.place:1.0.0@default' }\n", "", false);
  start("here", "H-1");
  start("there", "T-1");
  EXPECT_EQ(status("here", "H-1"), "completed");
  EXPECT_EQ(status("there", "T-1"), "completed");
}

TEST_P(Matching, WhatAFlowPublishesItselfEachInstanceHearsOfItself) {
  deploy("self", "  - f: { fork: { branches: [ { l: " + listens().substr(10, listens().size() - 11) +
                     " }, { e: { do: [ { nap: { wait: '${ .after }' } }, { tell: { emit: { event: { with: { type: " +
                     kPaid + " } } } } } ] } } ] } }\n");
  start("self", "A", R"({"after":"PT1M"})");
  start("self", "B", R"({"after":"PT2H"})");
  pass(kHour);
  EXPECT_EQ(status("self", "A"), "completed");
  EXPECT_EQ(status("self", "B"), "waiting");
}

// --- filters of other kinds

TEST_P(Matching, FiltersWithoutATypeHearFromOutside) {
  deploy("any", "  - hear: { listen: { to: { any: [] } } }\n", "", false);
  deploy("source", "  - hear: { listen: { to: { one: { with: { source: /test } } } } }\n", "", false);
  deploy("other", "  - hear: { listen: { to: { one: { with: { source: /elsewhere } } } } }\n", "", false);
  deploy("pattern", "  - hear: { listen: { to: { one: { with: { type: 'com\\.example\\.bank\\..*' } } } } }\n", "",
         false);
  deploy("literal", "  - hear: { listen: { to: { one: { with: { type: " + kPaid + ", data: { order: 5 } } } } } }\n",
         "", false);
  deploy("unlike", "  - hear: { listen: { to: { one: { with: { type: " + kPaid + ", data: { order: 6 } } } } } }\n", "",
         false);
  deploy("predicate",
         "  - c: { set: { most: 7 }, export: { as: . } }\n  - hear: { listen: { to: { one: { with: { type: " + kPaid +
             ", data: '${ .order < $context.most }' } } } } }\n",
         "", false);
  deploy("unfit",
         "  - c: { set: { most: 3 }, export: { as: . } }\n  - hear: { listen: { to: { one: { with: { type: " + kPaid +
             ", data: '${ .order < $context.most }' } } } } }\n",
         "", false);
  const std::vector<std::string> hears = {"any", "source", "pattern", "literal", "predicate"};
  for (const auto& [name, program] : programs_) start(name, "I-" + name);
  // `any: []` may have heard of the others' beginnings; one that waits now must hear the event.
  paid("p1");
  for (const std::string& name : hears) EXPECT_EQ(status(name, "I-" + name), "completed") << name;
  for (const char* name : {"other", "unlike", "unfit"})
    EXPECT_EQ(status(name, "I-" + std::string(name)), "waiting") << name;
}

// --- several events

TEST_P(Matching, AListenForAllTakesOneOfEachByItsKey) {
  deploy("both",
         "  - hear: { listen: { to: { all: [ { with: { type: " + kPaid +
             " }, correlate: { k: { from: .data.order } } },"
             " { with: { type: com.example.bank.closed.v1 }, correlate: { k: { from: .data.order } } } ] } } }\n",
         "", false);
  start("both", "B-1");
  paid("p1", "", R"({"order":5})");
  const auto closed = [&](const std::string& id, const std::string& data) {
    event::Event e = World::outside("com.example.bank.closed.v1", "", data, id);
    world().harness().publish("shop", e);
    world().harness().settle();
  };
  closed("c6", R"({"order":6})");
  EXPECT_EQ(status("both", "B-1"), "waiting") << "the first event fixed the key";
  closed("c5", R"({"order":5.0})");
  EXPECT_EQ(status("both", "B-1"), "completed");
}

TEST_P(Matching, AFlowThatStartsWithAllJoinsUncorrelatedEvents) {
  deploy("joined", "  - keep: { set: '${ map(.type) }' }\n",
         "schedule: { on: { all: [ { with: { type: " + kPaid +
             " } }, { with: { type: com.example.bank.closed.v1 } } ] } }\n",
         false);
  paid("p1");
  paid("p2");
  for (const char* id : {"c1", "c2"}) {
    world().harness().publish("shop", World::outside("com.example.bank.closed.v1", "", "{}", id));
    world().harness().settle();
  }
  std::size_t completed = 0;
  for (const Count& count : count_instances(world().log())) {
    if (count.flow == programs_.at("joined")->full_name() && count.status == engine::Status::completed)
      completed += static_cast<std::size_t>(count.instances);
  }
  EXPECT_EQ(completed, 2U);
  EXPECT_EQ(instances("joined"), 2U);
}

TEST_P(Matching, AFlowThatStartsWithAllJoinsByItsCorrelation) {
  deploy("joined", "  - keep: { set: '${ map(.data.order) }' }\n",
         "schedule: { on: { all: [ { with: { type: " + kPaid +
             " }, correlate: { o: { from: .data.order } } }, "
             "{ with: { type: com.example.bank.closed.v1 }, correlate: { o: { from: .data.number } } } ] } }\n",
         false);
  paid("p5", "", R"({"order":5})");
  paid("p6", "", R"({"order":6})");
  world().harness().publish("shop", World::outside("com.example.bank.closed.v1", "", R"({"number":"6"})", "c6"));
  world().harness().settle();
  std::vector<engine::Status> found;
  for (const Count& count : count_instances(world().log())) {
    if (count.instances > 0 && count.flow == programs_.at("joined")->full_name()) found.push_back(count.status);
  }
  std::ranges::sort(found);
  EXPECT_EQ(found.size(), 2U) << "one is complete, the other waits for its second event";
  EXPECT_TRUE(std::ranges::find(found, engine::Status::completed) != found.end());
}

// --- names

TEST_P(Matching, TheSameIdOfTwoSourcesIsTwoEvents) {
  deploy("follower", "  - keep: { set: { a: 1 } }\n", starts_with_it(), false);
  paid("1");
  event::Event other = World::outside(kPaid, "", "{}", "1");
  other.source = "/south";
  world().harness().publish("shop", other);
  world().harness().settle();
  EXPECT_EQ(instances("follower"), 2U);
  EXPECT_EQ(status("follower", "1"), "completed");
}

TEST_P(Matching, AnEventThatStartsTwoFlowsMakesCallsOfTheirOwn) {
  const std::string place = "  - place: { call: 'order.place:1.0.0@default' }\n";
  deploy("one", place, starts_with_it() + "input: { from: '.[0].data' }\n");
  deploy("two", place, starts_with_it() + "input: { from: '.[0].data' }\n");
  paid("p1");
  EXPECT_EQ(status("one", "p1"), "completed");
  EXPECT_EQ(status("two", "p1"), "completed");
  const auto& keys = world().keys("order.place");
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_NE(keys[0], keys[1]);
}

TEST_P(Matching, ALongBroadcastReachesAllOverManyRounds) {
  options.partitions = 2;
  deploy("waiter", listens(), "", false);
  for (int i = 0; i < 700; ++i) {
    event::Event e = World::outside("io.baton.flow.start.v1", "W-" + std::to_string(i),
                                    '"' + std::string(4000, 'x') + '"', "s" + std::to_string(i));
    e.kind = "start";
    e.flowname = programs_.at("waiter")->full_name();
    e.flowversion = "1.0.0";
    world().harness().publish(programs_.at("waiter")->home_topic, e);
  }
  world().harness().settle();
  paid("p1", "", '"' + std::string(100'000, 'y') + '"');
  for (const Count& count : count_instances(world().log())) {
    const bool left = count.flow == programs_.at("waiter")->full_name() && count.status != engine::Status::completed;
    EXPECT_TRUE(!left || count.instances == 0) << count.instances << " did not hear of it";
  }
  EXPECT_EQ(status("waiter", "W-699"), "completed");
}

}  // namespace
}  // namespace baton::role
