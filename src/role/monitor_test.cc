#include <gtest/gtest.h>

#include "role/monitor_query.h"
#include "role/testing/shop.h"

namespace baton::role {
namespace {

using namespace testing;
using flow::Strategy;
using Why = WaitingFor::Why;

std::unique_ptr<World> world_of(Strategy strategy, WorldOptions options = {}) {
  auto world = std::make_unique<World>(flow::testing::shop_contracts(), std::move(options));
  world->deploy(shop(strategy));
  return world;
}

WaitingFor waits(World& world, const std::string& id) {
  const Shown shown = world.show(id);
  EXPECT_EQ(shown.waiting.size(), 1u);
  return shown.waiting.empty() ? WaitingFor{} : shown.waiting.front();
}

std::string ids(const ListPage& page) {
  std::string out;
  for (const Summary& one : page.instances) out += (out.empty() ? "" : " ") + one.id;
  return out;
}

ListPage list(World& world, const ListFilter& filter) {
  const auto page = list_instances(world.log(), world.catalog(), filter);
  EXPECT_TRUE(page);
  return page ? *page : ListPage{};
}

TEST(Monitor, KeepsTheTimeline) {
  auto world = world_of(Strategy::orchestration);
  world->publish(cart("C-1"));
  const Shown shown = world->show("C-1");
  EXPECT_EQ(shown.summary.flow, "shop/buy");
  EXPECT_EQ(shown.summary.strategy, Strategy::orchestration);
  EXPECT_EQ(shown.summary.events, 4u);
  EXPECT_EQ(shown.summary.orphans, 0u);
  ASSERT_TRUE(shown.summary.ended);
  EXPECT_TRUE(shown.waiting.empty());
  std::string text;
  for (const TimelineEntry& entry : shown.timeline) {
    if (entry.kind == TimelineEntry::Kind::event) text += "event " + entry.event_type + " " + entry.taken + "\n";
    if (entry.kind == TimelineEntry::Kind::command) text += "command " + entry.event_type + " " + entry.actor + "\n";
    if (entry.kind == TimelineEntry::Kind::task && entry.phase == "completed") text += "completed " + entry.name + "\n";
    if (entry.kind == TimelineEntry::Kind::ended) text += "ended " + entry.phase + "\n";
  }
  EXPECT_NE(text.find("event com.example.cart.filled.v1 used\ncommand com.example.order.place.v1 orchestrator\n"
                      "event com.example.order.placed.v1 used\ncompleted place\n"),
            std::string::npos)
      << text;
  EXPECT_TRUE(text.ends_with("ended completed\n")) << text;
}

TEST(Monitor, ListsTheNewestFirstByPages) {
  auto world = world_of(Strategy::choreography, {.partitions = 3});
  for (int i = 1; i <= 5; ++i) {
    world->harness().clock().advance(1'000);
    world->publish(cart("C-" + std::to_string(i)));
  }
  ListFilter filter{.limit = 2};
  ListPage page = list(*world, filter);
  EXPECT_EQ(ids(page), "C-5 C-4");
  filter.cursor = page.next;
  page = list(*world, filter);
  EXPECT_EQ(ids(page), "C-3 C-2");
  filter.cursor = page.next;
  page = list(*world, filter);
  EXPECT_EQ(ids(page), "C-1");
  EXPECT_EQ(page.next, "");
}

TEST(Monitor, ListsByStatusTimeFlowAndVersion) {
  auto world = world_of(Strategy::choreography);
  world->publish(cart("done"));
  world->harness().clock().advance(1'000);
  const Instant middle = world->harness().now();
  world->hold("order.place");
  world->publish(cart("open"));
  world->harness().clock().advance(1'000);
  world->fail("order.place", 1, false);
  world->publish(cart("broken"));
  EXPECT_EQ(ids(list(*world, {.statuses = {engine::Status::running}})), "open");
  EXPECT_EQ(ids(list(*world, {.statuses = {engine::Status::faulted, engine::Status::completed}})), "broken done");
  EXPECT_EQ(ids(list(*world, {.from = middle})), "broken open");
  EXPECT_EQ(ids(list(*world, {.to = middle})), "done");
  EXPECT_EQ(ids(list(*world, {.flow = "shop/buy", .version = "1.0.0"})), "broken open done");
  EXPECT_EQ(ids(list(*world, {.flow = "shop/sell"})), "");
}

TEST(Monitor, SaysWhereAnInstanceStandsAndWhatItWasStartedWith) {
  auto world = world_of(Strategy::orchestration);
  world->publish(cart("done"));
  world->hold("order.place");
  world->publish(cart("open"));
  const ListPage open = list(*world, {.statuses = {engine::Status::running}});
  ASSERT_EQ(ids(open), "open");
  EXPECT_EQ(open.instances[0].at, std::vector<std::string>{"/do/0/place"});
  EXPECT_FALSE(world->show("open").input.is_null());
  EXPECT_TRUE(world->show("done").summary.at.empty());
  EXPECT_NE(world->show("done").input.text().find(R"("data":{"items":1})"), std::string_view::npos);
}

TEST(Monitor, TellsWhatRunsFromWhatWaits) {
  World world(flow::testing::shop_contracts());
  world.deploy(
      shop(Strategy::orchestration, "  - nap: { wait: PT10S }\n  - place: { call: 'order.place:1.0.0@default' }\n"));
  world.publish(cart("waits"));
  EXPECT_EQ(ids(list(world, {.statuses = {engine::Status::waiting}})), "waits");
  EXPECT_EQ(ids(list(world, {.statuses = {engine::Status::running}})), "");
  EXPECT_EQ(ids(list(world, {.statuses = {engine::Status::running, engine::Status::waiting}})), "waits");
}

TEST(Monitor, SaysWhyAFlowHasFaulted) {
  auto world = world_of(Strategy::choreography);
  world->fail("order.place", 1, false, "sold out");
  world->publish(cart("C-1"));
  const ListPage page = list(*world, {.statuses = {engine::Status::faulted}});
  ASSERT_EQ(ids(page), "C-1");
  EXPECT_EQ(page.instances[0].reason, "sold out");
}

TEST(Monitor, KeepsTheReasonOfAFaultThatIsCaught) {
  World world(flow::testing::shop_contracts());
  world.deploy(shop(Strategy::orchestration, R"(  - careful:
      try: [{ place: { call: 'order.place:1.0.0@default' } }]
      catch: { do: [{ say: { set: { refused: true } } }] }
)"));
  world.fail("order.place", 1, false, "sold out");
  world.publish(cart("C-1"));
  const Shown shown = world.show("C-1");
  EXPECT_EQ(shown.summary.status, engine::Status::completed);
  EXPECT_EQ(shown.summary.reason, "");
  std::string reasons;
  for (const TimelineEntry& entry : shown.timeline) {
    if (!entry.reason.empty()) reasons += entry.name + " " + entry.phase + ": " + entry.reason + "\n";
  }
  EXPECT_EQ(reasons, "place faulted: sold out\ntry faulted: sold out\n");  // the list inside, too
}

TEST(Monitor, RefusesACursorThatIsNoneOfItsOwn) {
  auto world = world_of(Strategy::choreography);
  const auto page = list_instances(world->log(), world->catalog(), {.cursor = "zz"});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Code::invalid);
}

TEST(Monitor, CountsByStatus) {
  auto world = world_of(Strategy::orchestration);
  world->publish(cart("C-1"));
  world->hold("order.place");
  world->publish(cart("C-2"));
  world->publish(cart("C-3"));
  std::map<engine::Status, std::int64_t> counts;
  for (const Count& count : count_instances(world->log())) counts[count.status] = count.instances;
  EXPECT_EQ(counts[engine::Status::running], 2);
  EXPECT_EQ(counts[engine::Status::completed], 1);
}

TEST(Monitor, KeepsNoMoreHistoryThanItMay) {
  WorldOptions options;
  options.monitor.history_instances_max = 5;
  auto world = world_of(Strategy::choreography, options);
  for (int i = 0; i < 40; ++i) {
    world->harness().clock().advance(10);
    world->publish(cart("C-" + std::to_string(i)));
  }
  const auto counts = count_instances(world->log());
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_LE(counts[0].instances, 6);
  const ListPage page = list(*world, {});
  EXPECT_EQ(static_cast<std::int64_t>(page.instances.size()), counts[0].instances);
  EXPECT_EQ(page.instances.front().id, "C-39");
}

TEST(Monitor, FoldsAgainWhatACrashTook) {
  auto world = world_of(Strategy::orchestration);
  world->publish(cart("C-1"));
  world->harness().crash();  // nothing was checkpointed: all of it is gone
  world->harness().settle();
  EXPECT_EQ(world->show("C-1").summary.status, engine::Status::completed);
  EXPECT_EQ(world->show("C-1").summary.events, 4u);
}

TEST(Monitor, KeepsOrphansWithTheReason) {
  auto world = world_of(Strategy::orchestration);
  event::Event lost = World::outside("com.example.order.placed.v1", "nobody", "{}");
  world->publish(lost);
  world->harness().clock().advance(1);
  event::Event unknown = World::outside("com.example.order.placed.v1", "C-9", "{}", "unknown");
  unknown.flowname = "shop/buy";
  unknown.flowversion = "9.0.0";
  world->publish(unknown);
  const auto found = orphans(world->log());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].reason, "this version of the flow is not deployed");
  EXPECT_EQ(found[1].reason, "no instance has this id, and the event starts none");
  EXPECT_EQ(found[1].event_type, "com.example.order.placed.v1");
}

class WhyBothWays : public ::testing::TestWithParam<Strategy> {};
INSTANTIATE_TEST_SUITE_P(Monitor, WhyBothWays, ::testing::Values(Strategy::orchestration, Strategy::choreography),
                         [](const auto& one) {
                           return one.param == Strategy::orchestration ? "Orchestrated" : "Choreographed";
                         });

TEST_P(WhyBothWays, SaysThatTheServiceIsAtWork) {
  auto world = world_of(GetParam());
  world->hold("payment.charge");
  world->publish(cart("C-1"));
  const WaitingFor one = waits(*world, "C-1");
  EXPECT_EQ(one.why, Why::pending);
  EXPECT_EQ(one.actor, "payment");
  EXPECT_EQ(one.types, std::vector<std::string>{"com.example.payment.charged.v1"});
  EXPECT_NE(one.text.find("pending at payment, attempt 1"), std::string::npos) << one.text;
}

TEST_P(WhyBothWays, SaysWhenItIsTriedAgainAndWhyItFailed) {
  auto world = world_of(GetParam());
  world->fail("payment.charge", 1, true, "the bank is closed");
  world->publish(cart("C-1"));
  const WaitingFor one = waits(*world, "C-1");
  EXPECT_EQ(one.why, Why::retrying);
  EXPECT_EQ(one.last_error, "the bank is closed");
  EXPECT_TRUE(one.due);
  EXPECT_NE(one.text.find("attempt 2, next at "), std::string::npos) << one.text;
}

TEST(Why, SaysThatTheServiceHasNeverRunHere) {
  World world(flow::testing::shop_contracts());
  const auto program = shop(Strategy::choreography);
  auto registry = std::make_shared<Registry>();
  registry->contracts = flow::testing::shop_contracts();
  registry->flows[{"shop/buy", "1.0.0"}] = {program, {}};
  world.catalog().replace(registry);  // no service runs: only the monitor
  world.harness().topic("shop");
  world.harness().add(monitor(world.catalog(), {"shop"}));
  event::Event deploy = World::outside("io.baton.flow.deployed.v1", "", "null", "d");
  deploy.kind = "deploy";
  deploy.flowname = "shop/buy";
  deploy.flowversion = "1.0.0";
  world.harness().publish("shop", deploy);
  world.harness().publish("shop", cart("C-1"));
  world.harness().settle();
  const WaitingFor one = waits(world, "C-1");
  EXPECT_EQ(one.why, Why::down);
  EXPECT_NE(one.text.find("not consumed yet: order has never run here"), std::string::npos) << one.text;
  EXPECT_EQ(one.actor, "order");
}

TEST(Why, SaysThatATimerWillWakeIt) {
  World world(flow::testing::shop_contracts());
  world.deploy(shop(Strategy::orchestration, "  - nap: { wait: PT10S }\n"));
  world.publish(cart("C-1"));
  const WaitingFor one = waits(world, "C-1");
  EXPECT_EQ(one.why, Why::timer);
  ASSERT_TRUE(one.due);
  EXPECT_EQ(*one.due, world.harness().now() + 10'000);
}

TEST(Why, SaysThatNothingWillEverWakeIt) {
  World world(flow::testing::shop_contracts());
  world.deploy(shop(Strategy::orchestration,
                    R"(  - hear: { listen: { to: { one: { with: { type: com.example.order.placed.v1 } } } } }
  - place: { call: 'order.place:1.0.0@default' }
)"));
  world.publish(cart("C-1"));
  const WaitingFor one = waits(world, "C-1");
  EXPECT_EQ(one.why, Why::never);
  EXPECT_NE(one.text.find("nothing will ever wake it"), std::string::npos) << one.text;
}

}  // namespace
}  // namespace baton::role
