// What a participant does under load and with what does not fit.
#include <gtest/gtest.h>

#include "role/roles.h"
#include "role/testing/shop.h"

namespace baton::role {
namespace {

using namespace testing;
using flow::Strategy;

class ParticipantBothWays : public ::testing::TestWithParam<Strategy> {
 protected:
  std::unique_ptr<World> make(const std::string& tasks = kThreeCalls) {
    auto world = std::make_unique<World>(flow::testing::shop_contracts(), options);
    world->deploy(shop(GetParam(), tasks));
    return world;
  }
  WorldOptions options;
};

INSTANTIATE_TEST_SUITE_P(Roles, ParticipantBothWays, ::testing::Values(Strategy::orchestration, Strategy::choreography),
                         [](const auto& one) {
                           return one.param == Strategy::orchestration ? "Orchestrated" : "Choreographed";
                         });

TEST_P(ParticipantBothWays, RetriesKeepToTheInFlightLimitToo) {
  options.in_flight_max = 2;
  options.retry.first_ms = 1'000;
  auto world = make();
  world->fail("order.place", 6);
  for (int i = 0; i < 6; ++i) world->publish(cart("C-" + std::to_string(i)));
  EXPECT_EQ(world->keys("order.place").size(), 6u);
  world->hold("order.place");
  world->harness().run_until(world->harness().now() + 2'000);
  EXPECT_EQ(world->keys("order.place").size(), 6u + 2u);
  world->harness().crash();
  world->harness().settle();
  EXPECT_EQ(world->keys("order.place").size(), 6u + 2u + 2u);
  world->release("order.place");
  EXPECT_EQ(world->keys("email.send").size(), 6u);
}

TEST_P(ParticipantBothWays, AnAnswerThatNoRecordCanHoldIsAPermanentFailure) {
  auto world = make();
  world->handle("order.place", [](const Invocation&) -> Reply {
    return Answer{"{\"all\":\"" + std::string(9u << 20, 'x') + "\"}", ""};
  });
  world->publish(cart("C-1"));
  const Shown shown = world->show("C-1");
  EXPECT_EQ(shown.summary.status, engine::Status::faulted);
  const std::string detail(json::find(shown.outcome.value(), "/detail")->as_string());
  EXPECT_NE(detail.find("the answer of order.place has 9437"), std::string::npos) << detail;
}

TEST_P(ParticipantBothWays, AnErrorsTextIsCutToWhatPeopleRead) {
  options.retry.attempts_max = 1;
  auto world = make();
  world->fail("order.place", 1, true, std::string(9u << 20, 'x'));
  world->publish(cart("C-1"));
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::faulted);
  EXPECT_EQ(world->events("order.dead-letters").size(), 1u);
}

TEST_P(ParticipantBothWays, ARequestThatNoRecordCanHoldIsAFaultOfItsTask) {
  auto world = make(R"(  - place: { call: 'order.place:1.0.0@default' }
  - tell: { call: 'email.send:1.0.0@default', with: { all: '${ [., ., ., .] }' } }
)");
  world->handle("order.place", [](const Invocation&) -> Reply {
    return Answer{"{\"all\":\"" + std::string(3u << 20, 'x') + "\"}", ""};
  });
  world->publish(cart("C-1"));
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::faulted);
  EXPECT_EQ(world->keys("email.send").size(), 0u);
}

TEST_P(ParticipantBothWays, AnEventThatNoRecordCanHoldIsAFaultOfItsTask) {
  auto world = make(R"(  - place: { call: 'order.place:1.0.0@default' }
  - say: { emit: { event: { with: { type: com.example.said.v1, source: /shop, data: '${ [., ., ., .] }' } } } }
  - tell: { call: 'email.send:1.0.0@default', with: {} }
)");
  world->handle("order.place", [](const Invocation&) -> Reply {
    return Answer{"{\"all\":\"" + std::string(3u << 20, 'x') + "\"}", ""};
  });
  world->publish(cart("C-1"));
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::faulted);
}

TEST_P(ParticipantBothWays, AProducersTimeIsNoClockForAFlow) {
  auto world = make(R"(  - place: { call: 'order.place:1.0.0@default' }
  - nap: { wait: { minutes: 1 } }
  - tell: { call: 'email.send:1.0.0@default', with: {} }
)");
  const Instant now = world->harness().now();
  event::Event start = cart("C-1");
  start.time = now + -86'400'000LL;
  event::Encoded record = event::encode(start);
  world->harness().append({world->log().find_topic("shop")->id, log::PartitionId(0)},
                          {record.key, record.headers, record.value, now});
  world->harness().run_until(now + 59'999);
  EXPECT_EQ(world->keys("order.place").size(), 1u);
  EXPECT_EQ(world->keys("email.send").size(), 0u);
  world->harness().run_until(now + 60'000);
  EXPECT_EQ(world->keys("email.send").size(), 1u);
  EXPECT_EQ(world->show("C-1").summary.started, now);
}

TEST_P(ParticipantBothWays, AnEventWithATimeFarAwayLetsNoDuplicatePass) {
  auto world = make();
  world->publish(cart("C-1"));
  event::Event strange = cart("C-2");
  strange.time = world->harness().now() + 10 * 86'400'000LL;
  world->harness().publish("shop", strange);
  world->harness().settle();
  for (const event::Event& command : world->events("order.commands")) {
    world->harness().publish("order.commands", command);
  }
  world->publish(cart("C-1"));
  EXPECT_EQ(world->keys("order.place").size(), 2u);
}

TEST_P(ParticipantBothWays, AProducersPartitionKeyDoesNotMoveAnInstance) {
  options.partitions = 4;
  auto world = make(R"(  - place: { call: 'order.place:1.0.0@default' }
  - nap: { wait: PT10S }
  - tell: { call: 'email.send:1.0.0@default', with: {} }
)");
  event::Event start = cart("C-1");
  for (int i = 0; log::partition_of(start.partitionkey, 4) == log::partition_of("C-1", 4); ++i)
    start.partitionkey = std::to_string(i);
  world->publish(start);
  ASSERT_TRUE(world->harness().run_out());
  EXPECT_EQ(world->keys("email.send").size(), 1u);
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
}

}  // namespace
}  // namespace baton::role
