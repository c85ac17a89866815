#include "role/roles.h"

#include <gtest/gtest.h>

#include "role/testing/shop.h"

namespace baton::role {
namespace {

using namespace testing;
using flow::Strategy;

class BothWays : public ::testing::TestWithParam<Strategy> {
 protected:
  WorldOptions options;
  std::unique_ptr<World> make() { return std::make_unique<World>(flow::testing::shop_contracts(), options); }
  static std::shared_ptr<const flow::Program> flow(const std::string& tasks = kThreeCalls, const std::string& more = "",
                                                   const std::string& version = "1.0.0") {
    return shop(GetParam(), tasks, more, version);
  }
  static bool orchestrated() { return GetParam() == Strategy::orchestration; }
};

INSTANTIATE_TEST_SUITE_P(Roles, BothWays, ::testing::Values(Strategy::orchestration, Strategy::choreography),
                         [](const auto& one) {
                           return one.param == Strategy::orchestration ? "Orchestrated" : "Choreographed";
                         });

TEST_P(BothWays, RunsEveryTaskOnceInOrder) {
  auto world = make();
  world->deploy(flow());
  world->publish(cart("C-1"));
  EXPECT_EQ(trace(world->events()), "cart.filled order.placed payment.charged email.sent");
  EXPECT_EQ(world->keys("order.place").size(), 1u);
  EXPECT_EQ(world->keys("email.send").size(), 1u);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, CommandsAreSentOnlyWhenOrchestrated) {
  auto world = make();
  world->deploy(flow());
  world->publish(cart("C-1"));
  EXPECT_EQ(world->events("order.commands").size(), orchestrated() ? 1u : 0u);
  EXPECT_EQ(world->log().reader({"orchestrator", log::PartitionId(0)}).has_value(), orchestrated());
}

TEST_P(BothWays, StampsResultsWithWhereTheyBelong) {
  auto world = make();
  world->deploy(flow());
  event::Event start = cart("C-1");
  start.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  world->publish(start);
  const event::Event placed = world->events()[2];
  EXPECT_EQ(placed.source, "/services/order");
  EXPECT_EQ(placed.correlationid, "C-1");
  EXPECT_EQ(placed.flowname, "shop/buy");
  EXPECT_EQ(placed.flowversion, "1.0.0");
  EXPECT_EQ(placed.flowtask, "/do/0/place#0.0");
  EXPECT_EQ(placed.id, engine::derived_id({"shop/buy", "C-1"}, "/do/0/place", 0, "result"));
  EXPECT_EQ(placed.traceparent.substr(0, 36), start.traceparent.substr(0, 36));
  EXPECT_NE(placed.traceparent, start.traceparent);
  EXPECT_FALSE(placed.causationid.empty());
}

TEST_P(BothWays, ASecondStartIsDroppedWhileItRunsAndAfterItsEnd) {
  auto world = make();
  world->deploy(flow());
  world->hold("payment.charge");
  world->publish(cart("C-1"));
  world->publish(cart("C-1"));
  world->release("payment.charge");
  world->publish(cart("C-1"));
  EXPECT_EQ(world->keys("order.place").size(), 1u);
  EXPECT_EQ(trace(world->events()), "cart.filled order.placed cart.filled payment.charged email.sent cart.filled");
}

TEST_P(BothWays, DuplicatedResultsMoveNothing) {
  auto world = make();
  world->deploy(flow());
  world->hold("email.send");
  world->publish(cart("C-1"));
  for (const event::Event& event : world->events()) {
    if (event.kind.empty()) world->publish(event);
  }
  world->release("email.send");
  EXPECT_EQ(world->keys("payment.charge").size(), 1u);
  EXPECT_EQ(world->keys("email.send").size(), 1u);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, RetriesWithBackoffWithoutBlockingOthers) {
  options.retry.first_ms = 1'000;
  auto world = make();
  world->deploy(flow());
  world->fail("order.place", 2);
  world->publish(cart("C-1"));
  const Instant begun = world->harness().now();
  world->publish(cart("C-2"));  // the second failure is its own
  EXPECT_EQ(world->keys("order.place").size(), 2u);
  world->publish(cart("C-3"));
  EXPECT_EQ(world->show("C-3").summary.status, engine::Status::completed);
  EXPECT_FALSE(engine::ended(world->show("C-1").summary.status));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
  EXPECT_EQ(world->show("C-2").summary.status, engine::Status::completed);
  EXPECT_GE(world->harness().now() - begun, 1'000);
  EXPECT_LE(world->harness().now() - begun, 1'200);
}

TEST_P(BothWays, ARetryKeepsItsIdempotencyKey) {
  auto world = make();
  world->deploy(flow());
  world->fail("order.place", 3);
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  const auto& keys = world->keys("order.place");
  ASSERT_EQ(keys.size(), 4u);
  for (const std::string& key : keys)
    EXPECT_EQ(key, engine::derived_id({"shop/buy", "C-1"}, "/do/0/place", 0, "command"));
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, GivesUpWithAFaultAndADeadLetter) {
  options.retry.attempts_max = 3;
  auto world = make();
  world->deploy(flow());
  world->fail("payment.charge", 100, true, "the bank is closed");
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(world->keys("payment.charge").size(), 3u);
  EXPECT_EQ(trace(world->events()), "cart.filled order.placed [fault]");
  const Shown shown = world->show("C-1");
  EXPECT_EQ(shown.summary.status, engine::Status::faulted);
  EXPECT_EQ(json::find(shown.outcome.value(), "/detail")->as_string(), "the bank is closed");
  const auto letters = world->events("payment.dead-letters");
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(json::find(letters[0].data.value(), "/attempts")->as_int64(), 3);
  EXPECT_EQ(json::find(letters[0].data.value(), "/operation")->as_string(), "charge");
  EXPECT_EQ(json::find(letters[0].data.value(), "/error/detail")->as_string(), "the bank is closed");
}

TEST_P(BothWays, APermanentFailureIsNotRetried) {
  auto world = make();
  world->deploy(flow());
  world->fail("order.place", 1, false, "no such article");
  world->publish(cart("C-1"));
  EXPECT_EQ(world->keys("order.place").size(), 1u);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::faulted);
}

TEST_P(BothWays, AnAnswerThatDoesNotFitTheContractIsAPermanentFailure) {
  auto world = make();
  world->handle("order.place", [](const Invocation&) -> Reply { return Answer{"5", ""}; });
  world->deploy(flow());
  world->publish(cart("C-1"));
  const Shown shown = world->show("C-1");
  EXPECT_EQ(shown.summary.status, engine::Status::faulted);
  const std::string detail(json::find(shown.outcome.value(), "/detail")->as_string());
  EXPECT_NE(detail.find("the answer of order.place does not fit com.example.order.placed.v1"), std::string::npos)
      << detail;
}

TEST_P(BothWays, AHandlerThatThrowsHasFailedTransiently) {
  auto world = make();
  int calls = 0;
  world->handle("order.place", [&](const Invocation&) -> Reply {
    if (++calls == 1) throw std::runtime_error("oops");
    return Answer{"{}", ""};
  });
  world->deploy(flow());
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, ACaughtFaultGoesOn) {
  auto world = make();
  world->deploy(flow(R"(  - safe:
      try:
        - place: { call: 'order.place:1.0.0@default' }
      catch:
        do:
          - sorry: { call: 'email.send:1.0.0@default', with: { text: sorry } }
  - charge: { call: 'payment.charge:1.0.0@default' }
)"));
  world->fail("order.place", 1, false);
  world->publish(cart("C-1"));
  EXPECT_EQ(trace(world->events()), "cart.filled [fault] email.sent payment.charged");
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, AfterACrashTheHandlerIsCalledAgainWithTheSameKey) {
  auto world = make();
  world->deploy(flow());
  world->hold("payment.charge");
  world->publish(cart("C-1"));
  EXPECT_EQ(world->keys("payment.charge").size(), 1u);
  world->harness().crash();
  world->release("payment.charge");
  world->harness().settle();
  const auto& keys = world->keys("payment.charge");
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0], keys[1]);
  EXPECT_EQ(trace(world->events()), "cart.filled order.placed payment.charged email.sent");
  EXPECT_EQ(world->keys("order.place").size(), 1u);
}

TEST_P(BothWays, ARetryThatWaitsSurvivesACrash) {
  auto world = make();
  world->deploy(flow());
  world->fail("order.place", 1);
  world->publish(cart("C-1"));
  world->harness().crash();
  world->harness().settle();
  EXPECT_EQ(world->keys("order.place").size(), 1u);
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
  EXPECT_EQ(world->keys("order.place").size(), 2u);
}

TEST_P(BothWays, AnOperationWithoutReplyGoesOnAtOnce) {
  auto world = make();
  world->deploy(
      flow("  - note: { call: 'log.write:1.0.0@default' }\n  - tell: { call: 'email.send:1.0.0@default' }\n"));
  world->publish(cart("C-1"));
  EXPECT_EQ(trace(world->events()), "cart.filled email.sent");
  EXPECT_EQ(world->keys("log.write").size(), 1u);
}

TEST_P(BothWays, AWaitEndsByATimerThatIsReadBack) {
  auto world = make();
  world->deploy(
      flow("  - place: { call: 'order.place:1.0.0@default' }\n  - nap: { wait: PT10S }\n  - tell: { call: "
           "'email.send:1.0.0@default' }\n"));
  world->publish(cart("C-1"));
  const Instant begun = world->harness().now();
  EXPECT_EQ(world->keys("email.send").size(), 0u);
  world->harness().run_until(begun + 9'999);
  EXPECT_EQ(world->keys("email.send").size(), 0u);
  world->harness().run_until(begun + 10'000);
  EXPECT_EQ(trace(world->events()), "cart.filled order.placed [timer] email.sent");
}

TEST_P(BothWays, ATimeoutWinsAgainstALateResult) {
  auto world = make();
  world->deploy(flow("  - place: { call: 'order.place:1.0.0@default', timeout: { after: PT5S } }\n"));
  world->hold("order.place");
  world->publish(cart("C-1"));
  world->harness().run_until(world->harness().now() + 5'000);
  world->release("order.place");
  EXPECT_EQ(trace(world->events()), "cart.filled [timer] order.placed");
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::faulted);
  const auto found = orphans(world->log());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].reason, "the instance has ended");
}

TEST_P(BothWays, AResultInTimeDisarmsTheTimeout) {
  auto world = make();
  world->deploy(
      flow("  - place: { call: 'order.place:1.0.0@default', timeout: { after: PT5S } }\n  - tell: { call: "
           "'email.send:1.0.0@default' }\n"));
  world->publish(cart("C-1"));
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(trace(world->events()), "cart.filled order.placed email.sent");
}

TEST_P(BothWays, InstancesStayOnTheVersionTheyBeganWith) {
  auto world = make();
  world->deploy(flow());
  world->hold("order.place");
  world->publish(cart("C-1"));
  world->deploy(flow("  - place: { call: 'order.place:1.0.0@default' }\n", "", "2.0.0"));
  world->publish(cart("C-2"));
  world->release("order.place");
  EXPECT_EQ(world->show("C-1").summary.version, "1.0.0");
  EXPECT_EQ(world->show("C-2").summary.version, "2.0.0");
  EXPECT_EQ(world->keys("email.send").size(), 1u);
}

TEST_P(BothWays, StateIsReadBackAfterARestart) {
  auto world = make();
  world->deploy(flow());
  world->hold("payment.charge");
  world->publish(cart("C-1"));
  world->harness().restart();
  world->harness().settle();
  world->publish(cart("C-1"));
  world->release("payment.charge");
  EXPECT_EQ(world->keys("order.place").size(), 1u);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, ACancelledInstanceActsNoMore) {
  auto world = make();
  const auto program = flow();
  world->deploy(program);
  world->hold("order.place");
  world->publish(cart("C-1"));
  world->publish(World::control(*program, "C-1", "cancel"));
  world->release("order.place");
  EXPECT_EQ(world->keys("payment.charge").size(), 0u);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::cancelled);
}

TEST_P(BothWays, ALateResultStandsInTheTimelineOfItsInstance) {
  auto world = make();
  const auto program = flow();
  world->deploy(program);
  world->hold("order.place");
  world->publish(cart("C-1"));
  world->publish(World::control(*program, "C-1", "cancel"));
  world->release("order.place");
  const Shown shown = world->show("C-1");
  EXPECT_EQ(shown.summary.status, engine::Status::cancelled);
  ASSERT_FALSE(shown.timeline.empty());
  EXPECT_EQ(shown.timeline.back().event_type, "com.example.order.placed.v1");
  EXPECT_EQ(shown.timeline.back().taken, "orphan");
  ASSERT_EQ(orphans(world->log()).size(), 1U);
}

TEST_P(BothWays, ASuspendedInstanceGoesOnWhenItIsResumed) {
  auto world = make();
  const auto program = flow();
  world->deploy(program);
  world->hold("order.place");
  world->publish(cart("C-1"));
  world->publish(World::control(*program, "C-1", "suspend"));
  world->release("order.place");
  EXPECT_EQ(world->keys("payment.charge").size(), 0u);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::suspended);
  world->publish(World::control(*program, "C-1", "resume"));
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, AnEventWithoutCorrelationFindsWhoListensForIt) {
  auto world = make();
  world->deploy(flow(R"(  - paid:
      listen:
        to:
          one:
            with: { type: com.example.bank.paid.v1 }
            correlate:
              order: { from: .data.order, expect: '${ .order }' }
  - tell: { call: 'email.send:1.0.0@default', with: { done: true } }
)"));
  world->publish(cart("C-1", R"({"order":"A"})"));
  world->publish(cart("C-2", R"({"order":"B"})"));
  event::Event paid = World::outside("com.example.bank.paid.v1", "", R"({"order":"B"})", "paid-B");
  world->publish(paid);
  world->publish(paid);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::waiting);
  EXPECT_EQ(world->show("C-2").summary.status, engine::Status::completed);
  EXPECT_EQ(world->keys("email.send").size(), 1u);
}

TEST_P(BothWays, AnEarlyEventWithoutCorrelationWaitsForItsListener) {
  auto world = make();
  world->deploy(flow(R"(  - place: { call: 'order.place:1.0.0@default' }
  - paid:
      listen:
        to:
          one:
            with: { type: com.example.bank.paid.v1 }
            correlate:
              order: { from: .data.order, expect: '${ $workflow.input[0].data.order }' }
  - tell: { call: 'email.send:1.0.0@default', with: { done: true } }
)"));
  event::Event paid = World::outside("com.example.bank.paid.v1", "", R"({"order":"A"})", "paid-A");
  world->publish(paid);
  world->publish(cart("C-1", R"({"order":"A"})"));
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
  EXPECT_EQ(world->keys("email.send").size(), 1u);
}

TEST_P(BothWays, AStartCommandStartsTheVersionItNames) {
  auto world = make();
  world->deploy(flow());
  world->deploy(flow("  - tell: { call: 'email.send:1.0.0@default' }\n", "", "2.0.0"));
  event::Event start = World::outside("io.baton.flow.start.v1", "S-1", R"([{"data":{}}])");
  start.kind = "start";
  start.flowname = "shop/buy";
  start.flowversion = "1.0.0";
  world->publish(start);
  EXPECT_EQ(world->show("S-1").summary.version, "1.0.0");
  EXPECT_EQ(world->show("S-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, ARequestThatCannotBeMadeEndsTheFlowForAll) {
  auto world = make();
  world->handle("order.place", [](const Invocation&) -> Reply { return Answer{R"({"items":"none"})", ""}; });
  world->hold("email.send");
  world->deploy(flow(R"(  - both:
      fork:
        branches:
          - tell: { call: 'email.send:1.0.0@default' }
          - buy:
              do:
                - place: { call: 'order.place:1.0.0@default' }
                - charge: { call: 'payment.charge:1.0.0@default', with: { n: '${ .items.first }' } }
  - note: { call: 'log.write:1.0.0@default' }
)"));
  world->publish(cart("C-1"));
  world->release("email.send");
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::faulted);
  EXPECT_EQ(world->keys("payment.charge").size(), 0u);
  EXPECT_EQ(world->keys("log.write").size(), 0u);
}

TEST_P(BothWays, AnEmittedEventIsPublishedOnce) {
  auto world = make();
  world->deploy(flow(R"(  - place: { call: 'order.place:1.0.0@default' }
  - say: { emit: { event: { with: { type: com.example.said.v1, source: /shop, data: { a: 1 } } } } }
  - tell: { call: 'email.send:1.0.0@default' }
)"));
  world->publish(cart("C-1"));
  const std::string seen = trace(world->events());
  EXPECT_EQ(seen.find("said"), seen.rfind("said")) << seen;
  EXPECT_NE(seen.find("said"), std::string::npos) << seen;
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

TEST_P(BothWays, PartitionsAndShardsChangeNothing) {
  options.partitions = 4;
  options.shards = 2;
  auto world = make();
  world->deploy(flow());
  for (int i = 0; i < 20; ++i) world->publish(cart("C-" + std::to_string(i)));
  EXPECT_EQ(world->keys("email.send").size(), 20u);
  const auto counts = count_instances(world->log());
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].status, engine::Status::completed);
  EXPECT_EQ(counts[0].instances, 20);
}

TEST(Participant, DropsACommandItHasSeen) {
  World world(flow::testing::shop_contracts());
  world.deploy(shop(Strategy::orchestration));
  world.publish(cart("C-1"));
  const auto commands = world.events("order.commands");
  ASSERT_EQ(commands.size(), 1u);
  world.harness().publish("order.commands", commands[0]);
  world.harness().settle();
  EXPECT_EQ(world.keys("order.place").size(), 1u);
  EXPECT_EQ(trace(world.events()), "cart.filled order.placed payment.charged email.sent");
}

TEST(Participant, ObeysACommandFromOutsideOfAnyFlow) {
  World world(flow::testing::shop_contracts());
  world.deploy(shop(Strategy::choreography));
  event::Event command = World::outside("com.example.order.place.v1", "X-1", R"({"a":1})", "command-1");
  command.kind = "command";
  command.time = world.harness().now();
  world.harness().publish("order.commands", command);
  world.harness().settle();
  EXPECT_EQ(world.keys("order.place"), std::vector<std::string>{"command-1"});
  EXPECT_EQ(trace(world.events()), "order.placed");
}

TEST(Timekeeper, FiresTheTimersThatNobodyOwns) {
  // A wait as the flow's last task: nobody acts when it is over.
  const auto compiled = flow::testing::compile_text(
      flow::testing::flow_text("  - place: { call: 'order.place:1.0.0@default' }\n  - nap: { wait: PT10S }\n",
                               kStartsOnCart),
      flow::testing::shop_contracts(), {Strategy::choreography});
  ASSERT_NE(compiled.program, nullptr) << compiled.text();
  World world(flow::testing::shop_contracts());
  world.deploy(compiled.program);
  world.publish(cart("C-1"));
  ASSERT_TRUE(world.harness().run_out());
  EXPECT_EQ(trace(world.events()), "cart.filled order.placed [timer]");
  EXPECT_EQ(world.show("C-1").summary.status, engine::Status::completed);
}

}  // namespace
}  // namespace baton::role
