// The rarer answers to "why is it here".
#include <gtest/gtest.h>

#include "role/monitor_query.h"
#include "role/testing/shop.h"

namespace baton::role {
namespace {

using namespace testing;
using flow::Strategy;
using Why = WaitingFor::Why;

class WhyTest : public ::testing::TestWithParam<Strategy> {
 protected:
  void run(const std::string& tasks = kThreeCalls) { world.deploy(shop(GetParam(), tasks)); }
  WaitingFor waits(const std::string& id = "C-1") {
    const Shown shown = world.show(id);
    EXPECT_EQ(shown.waiting.size(), 1u);
    return shown.waiting.empty() ? WaitingFor{} : shown.waiting.front();
  }
  bool says(const std::string& part) {
    const WaitingFor one = waits();
    EXPECT_NE(one.text.find(part), std::string::npos) << one.text;
    return true;
  }
  World world{flow::testing::shop_contracts()};
};
INSTANTIATE_TEST_SUITE_P(Monitor, WhyTest, ::testing::Values(Strategy::orchestration, Strategy::choreography),
                         [](const auto& one) {
                           return one.param == Strategy::orchestration ? "Orchestrated" : "Choreographed";
                         });

TEST_P(WhyTest, NamesTheKeyThatTheEventMustCarry) {
  run(R"(  - paid:
      listen:
        to:
          one:
            with: { type: com.example.bank.paid.v1 }
            correlate:
              order: { from: .data.order, expect: '${ .order }' }
  - tell: { call: 'email.send:1.0.0@default', with: {} }
)");
  world.publish(cart("C-1", R"({"order":"A"})"));
  const WaitingFor one = waits();
  EXPECT_EQ(one.why, Why::external);
  EXPECT_TRUE(one.text.starts_with("waiting for com.example.bank.paid.v1 with order = \"A\" since ")) << one.text;
}

TEST_P(WhyTest, NamesTheInstanceWhereThatIsTheKey) {
  run("  - paid: { listen: { to: { one: { with: { type: com.example.bank.paid.v1 } } } } }\n");
  world.publish(cart("C-1"));
  EXPECT_TRUE(waits().text.starts_with("waiting for com.example.bank.paid.v1 with correlationid C-1 since "));
}

TEST_P(WhyTest, TellsAnyFromAll) {
  const std::string two = "[ { with: { type: com.example.a.v1 } }, { with: { type: com.example.b.v1 } } ]";
  run("  - one: { listen: { to: { any: " + two + " } } }\n  - both: { listen: { to: { all: " + two + " } } }\n");
  world.publish(cart("C-1"));
  says("waiting for com.example.a.v1 or com.example.b.v1 with");
  world.publish(World::outside("com.example.a.v1", "C-1", "{}"));
  says("waiting for com.example.a.v1 and com.example.b.v1 with");
}

TEST_P(WhyTest, CountsTheRetriesOfATry) {
  run(R"(  - safe:
      try:
        - place: { call: 'order.place:1.0.0@default' }
      catch:
        retry: { delay: PT10S, limit: { attempt: { count: 5 } } }
)");
  world.fail("order.place", 1, false, "no such article");
  world.publish(cart("C-1"));
  const WaitingFor one = waits();
  EXPECT_EQ(one.why, Why::timer);
  says("waiting to try again, retry 1 of 5, until ");
  says("last error: no such article");
}

TEST_P(WhyTest, SaysThatTheServiceDoesNotRunHere) {
  run();
  world.hold("payment.charge");
  world.publish(cart("C-1"));
  world.catalog().set_running({"order", "email"});
  EXPECT_EQ(waits().why, Why::down);
  says("pending at payment");
  says("payment does not run here");
}

TEST_P(WhyTest, SaysWhoDoesNotRunHereAndHowFarItHasCome) {
  run();
  world.publish(cart("C-0"));
  world.stop("payment");
  world.publish(cart("C-1"));
  EXPECT_EQ(waits().why, Why::down);
  says("not consumed yet: payment does not run here, its group is at offset ");
}

TEST_P(WhyTest, SaysHowFarBehindARunningServiceIs) {
  run();
  world.publish(cart("C-0"));
  world.stop("payment");
  world.publish(cart("C-1"));
  world.catalog().set_running({"order", "payment", "email"});  // it runs, and has not come so far
  EXPECT_EQ(waits().why, Why::not_consumed);
  says("not consumed yet: payment's group is at offset ");
}

TEST_P(WhyTest, SaysThatWhoKeepsTheTimerDoesNotRunHere) {
  run("  - nap: { wait: PT10S }\n  - tell: { call: 'email.send:1.0.0@default', with: {} }\n");
  world.publish(cart("C-1"));
  EXPECT_EQ(waits().why, Why::timer);
  world.catalog().set_running({"order"});
  if (GetParam() == Strategy::orchestration) return;
  EXPECT_EQ(waits().why, Why::down);
  says("email, which keeps the time, does not run here");
}

}  // namespace
}  // namespace baton::role
