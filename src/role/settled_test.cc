// Calls of which the flow wants nothing any more: cancelled, timed out, lost a race. They are not tried again; who is
// at work is let finish, and comes late.
#include <gtest/gtest.h>

#include <set>

#include "role/keys.h"
#include "role/monitor/stores.h"
#include "role/roles.h"
#include "role/testing/shop.h"

namespace baton::role {
namespace {

using namespace testing;
using flow::Strategy;

constexpr const char* kRace = R"(  - race:
      fork:
        compete: true
        branches:
          - place: { call: 'order.place:1.0.0@default' }
          - charge: { call: 'payment.charge:1.0.0@default' }
  - tell: { call: 'email.send:1.0.0@default', with: {} }
  - settle: { call: 'payment.charge:1.0.0@default', with: {} }
)";

class Settled : public ::testing::TestWithParam<Strategy> {
 protected:
  void run(const std::string& tasks = kThreeCalls) {
    world = std::make_unique<World>(flow::testing::shop_contracts(), options);
    program = shop(GetParam(), tasks);
    world->deploy(program);
  }
  void cancel() { world->publish(World::control(*program, "C-1", "cancel")); }
  std::size_t calls(const std::string& operation) { return world->keys(operation).size(); }
  engine::Status status() { return world->show("C-1").summary.status; }

  WorldOptions options{.retry = {.attempts_max = 3, .first_ms = 10'000}};
  std::unique_ptr<World> world;
  std::shared_ptr<const flow::Program> program;
};

INSTANTIATE_TEST_SUITE_P(Roles, Settled, ::testing::Values(Strategy::orchestration, Strategy::choreography),
                         [](const auto& one) {
                           return one.param == Strategy::orchestration ? "Orchestrated" : "Choreographed";
                         });

TEST_P(Settled, ACancelledCallIsNotTriedAgain) {
  run();
  world->fail("order.place", 100);
  world->publish(cart("C-1"));
  cancel();
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(calls("order.place"), 1u);
  EXPECT_EQ(trace(world->events()), "cart.filled [control]");
  EXPECT_TRUE(world->events("order.dead-letters").empty());
}

TEST_P(Settled, ACallThatTimedOutIsNotTriedAgain) {
  run(R"(  - safe:
      try:
        - place: { call: 'order.place:1.0.0@default', timeout: { after: PT5S } }
      catch:
        do:
          - sorry: { call: 'email.send:1.0.0@default', with: {} }
)");
  world->fail("order.place", 100);
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(calls("order.place"), 1u);
  EXPECT_EQ(trace(world->events()), "cart.filled [timer] email.sent");
  EXPECT_TRUE(world->events("order.dead-letters").empty());
}

TEST_P(Settled, WhoLosesARaceIsNotTriedAgain) {
  run(kRace);
  world->fail("order.place", 100);
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(calls("order.place"), 1u);
  EXPECT_EQ(status(), engine::Status::completed);
}

TEST_P(Settled, ACallThatAnotherHasAnsweredIsNotTriedAgain) {
  run();
  world->fail("order.place", 100);
  world->publish(cart("C-1"));
  world->publish(World::outside("com.example.order.placed.v1", "C-1", "{}", "by hand"));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(calls("order.place"), 1u);
  EXPECT_EQ(status(), engine::Status::completed);
}

TEST_P(Settled, ARunningHandlerIsLetFinishAndComesLate) {
  run();
  world->hold("order.place");
  world->publish(cart("C-1"));
  cancel();
  world->release("order.place");
  EXPECT_EQ(trace(world->events()), "cart.filled [control] order.placed");
  EXPECT_EQ(orphans(world->log()).size(), 1u);
}

TEST_P(Settled, ARunningHandlerThatFailsThenIsNotCalledAgain) {
  run();
  world->handle("order.place", [](const Invocation&) -> Reply { return std::unexpected(Failure{"no connection"}); });
  world->hold("order.place");
  world->publish(cart("C-1"));
  cancel();
  world->release("order.place");
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(calls("order.place"), 1u);
  EXPECT_EQ(trace(world->events()), "cart.filled [control]");
  EXPECT_TRUE(world->events("order.dead-letters").empty());
}

TEST_P(Settled, AfterACrashTheHandlerIsNotCalledAgain) {
  run();
  world->hold("order.place");
  world->publish(cart("C-1"));
  cancel();
  world->harness().crash();
  world->harness().settle();
  EXPECT_EQ(calls("order.place"), 1u);
}

TEST_P(Settled, AnOperationWithoutReplyIsDoneWhateverBecomesOfTheFlow) {
  run("  - note: { call: 'log.write:1.0.0@default' }\n  - place: { call: 'order.place:1.0.0@default' }\n");
  world->fail("log.write", 1);
  world->hold("order.place");
  world->publish(cart("C-1"));
  cancel();
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(calls("log.write"), 2u);
}

TEST_P(Settled, TheFaultOfWhoHasLostARaceEndsNothing) {
  run(kRace);
  world->handle("order.place", [](const Invocation&) -> Reply { return std::unexpected(Failure{"no", false}); });
  world->hold("order.place");
  world->hold("email.send");
  world->publish(cart("C-1"));
  event::Event late = World::outside("io.baton.fault.v1", "C-1", R"({"status":500,"type":"about:blank"})", "late");
  late.kind = "fault";
  late.flowname = "shop/buy";
  late.flowversion = "1.0.0";
  late.flowtask = "/do/0/race/fork/branches/0/place#0.0";
  world->publish(late);  // published before its service knew that it had lost
  world->release("order.place");
  world->release("email.send");
  EXPECT_EQ(calls("payment.charge"), 2u);
  EXPECT_EQ(status(), engine::Status::completed);
}

constexpr const char* kResent = R"(  - safe:
      try:
        - place: { call: 'order.place:1.0.0@default', timeout: { after: PT5S } }
      catch:
        retry: { delay: PT1S, limit: { attempt: { count: 4 } } }
)";

TEST_P(Settled, ARetriedCallIsOneCallAcrossCrashes) {
  run(kResent);
  world->hold("order.place");
  world->publish(cart("C-1"));
  const Instant begun = world->harness().now();
  for (const Millis at : {5'500, 7'000, 12'500}) {  // before the first retry, in it, after the second
    world->harness().run_until(begun + at);
    world->harness().crash();
    world->harness().settle();
  }
  world->release("order.place");
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(status(), engine::Status::completed);
  const auto& keys = world->keys("order.place");
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), 1u);
  EXPECT_EQ(trace(world->events()), "cart.filled [timer] [timer] [timer] [timer] order.placed");
}

TEST_P(Settled, ARetryOfTheFlowLetsTheServiceGoOnTrying) {
  options.retry.attempts_max = 0;
  run(kResent);
  world->fail("order.place", 2);
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(status(), engine::Status::faulted) << "29 s are too short for two delays of 10 and 20 s";
  EXPECT_EQ(calls("order.place"), 2u) << "taken back with the flow";
  world->publish(cart("C-2"));
  world->fail("order.place", 1);
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(world->show("C-2").summary.status, engine::Status::completed);
}

TEST_P(Settled, ACallThatWasRefusedIsAnotherOneWhenRetried) {
  run(kResent);
  world->fail("order.place", 1, false);
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(status(), engine::Status::completed);
  const auto& keys = world->keys("order.place");
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_NE(keys[0], keys[1]);
}

TEST_P(Settled, WhatIsGivenUpOnIsKept) {
  run();
  world->fail("order.place", 100);
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  const std::string key = world->keys("order.place").front();
  const auto store = StoreReader::open(world->log(), "order", log::PartitionId(0));
  ASSERT_TRUE(store);
  EXPECT_TRUE(store->get(key_of(kGivenUpKey, key)));
}

}  // namespace
}  // namespace baton::role
