#include "app/deployments.h"

#include <gtest/gtest.h>

#include "flow/testing/fixture.h"
#include "log/memory/memory.h"

namespace baton::app {
namespace {

using flow::Strategy;

class DeploymentsTest : public ::testing::Test {
 protected:
  struct Fixed final : Clock {
    Instant now() const override { return Instant(1'700'000'000'000); }
  };
  void SetUp() override { restart(); }
  /// What is known is read from the log anew.
  void restart() {
    catalog = std::make_unique<role::Catalog>();
    deployments = std::make_unique<Deployments>(*log, *catalog, clock, 2);
    ASSERT_TRUE(deployments->load());
  }
  /// The versions deployed, or what is wrong.
  std::string deploy(std::optional<Strategy> strategy, const std::string& version = "1.0.0", int x = 1) {
    std::string text = flow::testing::flow_text("  - a: { set: { x: " + std::to_string(x) + " } }\n");
    text.replace(text.find("'1.0.0'"), 7, "'" + version + "'");
    const auto result = deployments->deploy({{"buy.yaml", text}}, strategy);
    if (!result) return result.error().text;
    if (!result->accepted()) return result->diagnostics.front().what;
    return result->flows.front()->version;
  }
  std::string deployed() const {
    std::string out;
    for (const auto& [key, one] : catalog->snapshot()->flows) {
      const bool orchestrated = one.program->strategy == Strategy::orchestration;
      out += (out.empty() ? "" : ", ") + key.second + (orchestrated ? " orchestrated" : " choreographed");
    }
    return out;
  }

  Fixed clock;
  std::unique_ptr<log::MemoryLog> log = log::open_memory();
  std::unique_ptr<role::Catalog> catalog;
  std::unique_ptr<Deployments> deployments;
};

TEST_F(DeploymentsTest, TheSameVersionUnderTheOtherStrategyIsAVersionOfItsOwn) {
  EXPECT_EQ(deploy(Strategy::choreography), "1.0.0");
  EXPECT_EQ(deploy(Strategy::orchestration), "1.0.0+orchestration");
  EXPECT_EQ(deployments->active_version("shop/buy"), "1.0.0+orchestration");
  EXPECT_EQ(deploy(Strategy::orchestration), "1.0.0+orchestration");  // again: nothing new
  EXPECT_EQ(deployed(), "1.0.0 choreographed, 1.0.0+orchestration orchestrated");
  EXPECT_EQ(deploy(Strategy::choreography), "1.0.0");
  EXPECT_EQ(deployments->active_version("shop/buy"), "1.0.0");
}

TEST_F(DeploymentsTest, WhoKeepsNothingButTheFlowsTimeoutHasAView) {
  const std::string text = flow::testing::flow_text("  - nap: { wait: PT1H, metadata: { participant: email } }\n",
                                                    "timeout: { after: PT1M }\n", "participant: order");
  const auto result = deployments->deploy({{"order.yaml", flow::testing::contract_text("order", "place", "placed")},
                                           {"email.yaml", flow::testing::contract_text("email", "send", "sent")},
                                           {"buy.yaml", text}},
                                          Strategy::choreography);
  ASSERT_TRUE(result && result->accepted());
  const role::Deployed* deployed = catalog->snapshot()->find("shop/buy", "1.0.0");
  ASSERT_NE(deployed, nullptr);
  EXPECT_TRUE(deployed->views.contains("order"));
  EXPECT_TRUE(deployed->views.contains("email"));
}

TEST_F(DeploymentsTest, VersionsAreTheSameAfterARestart) {
  deploy(Strategy::orchestration);
  deploy(Strategy::choreography);
  deploy(Strategy::choreography, "2.0.0+eu");
  deploy(Strategy::orchestration, "2.0.0+eu");
  const std::string before = deployed();
  EXPECT_EQ(before,
            "1.0.0 orchestrated, 1.0.0+choreography choreographed, 2.0.0+eu choreographed, 2.0.0+eu.orchestration "
            "orchestrated");
  restart();
  EXPECT_EQ(deployed(), before);
  EXPECT_EQ(deployments->active_version("shop/buy"), "2.0.0+eu.orchestration");
}

TEST_F(DeploymentsTest, WhatACrashCutOffIsActivatedAtTheNextStart) {
  deploy(Strategy::orchestration);
  const log::TopicPartition records{log->find_topic(Deployments::kTopic)->id, log::PartitionId(0)};
  const auto read = log->read(records, log::Offset(0), 1 << 20, log::Isolation::durable);
  ASSERT_TRUE(read);
  log::Commit commit;  // the same deployment, without the "activated" behind it
  commit.appends.push_back({records, {"", "", std::string(read->records.front().value), clock.now()}});
  ASSERT_TRUE(log->submit(std::move(commit)));
  const log::TopicPartition home{log->find_topic("shop")->id, log::PartitionId(1)};
  EXPECT_EQ(log->end(home, log::Isolation::durable), log::Offset(1));
  restart();
  EXPECT_EQ(log->end(home, log::Isolation::durable), log::Offset(2));
  restart();
  EXPECT_EQ(log->end(home, log::Isolation::durable), log::Offset(2));
}

TEST_F(DeploymentsTest, OtherContentUnderTheSameVersionIsRefusedInEitherStrategy) {
  deploy(Strategy::orchestration);
  for (const Strategy strategy : {Strategy::orchestration, Strategy::choreography}) {
    EXPECT_EQ(deploy(strategy, "1.0.0", 2), "shop/buy 1.0.0 is deployed already, with other content");
  }
  EXPECT_EQ(deployed(), "1.0.0 orchestrated");
}

}  // namespace
}  // namespace baton::app
