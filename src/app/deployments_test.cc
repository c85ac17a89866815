#include "app/deployments.h"

#include <gtest/gtest.h>

#include "event/event.h"
#include "flow/testing/fixture.h"
#include "log/memory/memory.h"

namespace baton::app {
namespace {

using flow::Strategy;

class DeploymentsTest : public ::testing::Test {
 protected:
  void SetUp() override { restart(); }
  /// What is known is read from the log anew.
  void restart(std::int32_t partitions = 2) {
    catalog = std::make_unique<role::Catalog>();
    deployments = std::make_unique<Deployments>(*log, *catalog, clock, partitions);
    const auto loaded = deployments->load();
    ASSERT_TRUE(loaded) << loaded.error_text();
  }
  static SourceDocument document(const std::string& version, int x = 1, const std::string& space = "shop") {
    std::string text = flow::testing::flow_text("  - a: { set: { x: " + std::to_string(x) + " } }\n");
    text.replace(text.find("'1.0.0'"), 7, "'" + version + "'");
    text.replace(text.find("namespace: shop"), 15, "namespace: " + space);
    return {space + ".yaml", text};
  }
  /// The versions deployed, or what is wrong.
  std::string deploy(std::optional<Strategy> strategy, const std::string& version = "1.0.0", int x = 1) {
    const auto result = deployments->deploy({document(version, x)}, strategy);
    if (!result) return result.error().text;
    if (!result->accepted()) return result->diagnostics.front().what;
    return result->flows.front()->version;
  }
  std::string deployed() const {
    std::string out;
    const auto registry = catalog->snapshot();
    for (const auto& [key, one] : registry->flows) {
      const bool orchestrated = one.program->strategy == Strategy::orchestration;
      out += (out.empty() ? "" : ", ") + key.second + (orchestrated ? " orchestrated" : " choreographed");
    }
    return out;
  }

  log::TopicPartition place(const std::string& topic) const {
    return {log->find_topic(topic)->id, log::PartitionId(0)};
  }
  log::Offset end(const std::string& topic) const { return log->end(place(topic), log::Isolation::durable); }
  /// The version that the last deploy event of the topic names.
  std::string announced(const std::string& topic) const {
    const auto read = log->read(place(topic), end(topic).plus(-1), 1, log::Isolation::durable);
    EXPECT_TRUE(read && !read->records.empty());
    return std::string(event::peek(read->records.back().headers, "ce_flowversion"));
  }

  ManualClock clock;
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
  const auto registry = catalog->snapshot();
  const role::Deployed* deployed = registry->find("shop/buy", "1.0.0");
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

TEST_F(DeploymentsTest, WhatIsDeployedAndActiveAlreadyIsSkipped) {
  ASSERT_TRUE(deployments->deploy({document("1.0.0"), document("2.0.0")}, {}));
  const log::Offset before = end(Deployments::kTopic);
  restart();
  ASSERT_TRUE(deployments->deploy({document("1.0.0"), document("2.0.0")}, {}));
  ASSERT_TRUE(deployments->deploy({document("2.0.0")}, {}));
  EXPECT_EQ(end(Deployments::kTopic), before);
  ASSERT_TRUE(deployments->deploy({document("1.0.0")}, {}));  // back to an older version
  EXPECT_EQ(end(Deployments::kTopic), before.plus(2));
  EXPECT_EQ(announced("shop"), "1.0.0");
}

// A server's command names the first version for ever; what was deployed since is not to be undone by a restart.
TEST_F(DeploymentsTest, AVersionThatIsDeployedAlreadyStaysAsItIsWhereThatIsAskedFor) {
  const auto start = [&](std::vector<SourceDocument> documents) {
    const auto result = deployments->deploy(documents, {}, Known::stay);
    ASSERT_TRUE(result && result->accepted());
    EXPECT_EQ(result->flows.size(), documents.size());
  };
  start({document("1.0.0")});
  EXPECT_EQ(deployments->active_version("shop/buy"), "1.0.0");
  deploy({}, "1.1.0");
  const log::Offset before = end(Deployments::kTopic);
  for (int i = 0; i < 2; ++i) {
    restart();
    start({document("1.0.0")});
    EXPECT_EQ(deployments->active_version("shop/buy"), "1.1.0");
  }
  EXPECT_EQ(end(Deployments::kTopic), before);
  start({document("1.0.0"), document("1.0.0", 1, "other")});
  EXPECT_EQ(deployments->active_version("shop/buy"), "1.1.0");
  EXPECT_EQ(deployments->active_version("other/buy"), "1.0.0");
  restart();
  EXPECT_EQ(deployments->active_version("shop/buy"), "1.1.0");
  EXPECT_EQ(deployments->active_version("other/buy"), "1.0.0");
  start({document("2.0.0"), document("1.0.0")});
  EXPECT_EQ(deployments->active_version("shop/buy"), "2.0.0");
  EXPECT_EQ(announced("shop"), "2.0.0");
  deploy({}, "1.0.0");  // on purpose
  EXPECT_EQ(deployments->active_version("shop/buy"), "1.0.0");
}

TEST_F(DeploymentsTest, ALogKeepsTheNumberOfPartitionsThatItBeganWith) {
  deploy({});
  restart(5);
  ASSERT_TRUE(deployments->deploy({document("1.0.0", 1, "other")}, {}));
  EXPECT_EQ(log->find_topic("other")->spec.partitions, 2);
}

TEST_F(DeploymentsTest, OnlyTheActiveVersionIsAnnouncedAgainOnceTheHomeTopicWasTrimmed) {
  log = log::open_memory({.clock = &clock});
  ASSERT_TRUE(log->open_topic({.name = "shop", .partitions = 2, .retention_ms = 1'000}));
  restart();
  ASSERT_TRUE(deployments->deploy({document("1.0.0"), document("1.0.0", 1, "other")}, {}));
  ASSERT_TRUE(deployments->deploy({document("2.0.0", 1, "other")}, {}));
  clock.advance(2'000);
  log->maintain();
  ASSERT_GT(log->first(place("shop")), log::Offset(0));
  restart();
  EXPECT_EQ(announced("shop"), "1.0.0");
  EXPECT_EQ(announced("other"), "2.0.0");
  EXPECT_EQ(deployments->active_version("other/buy"), "2.0.0");
}

TEST_F(DeploymentsTest, WhatTheLogHasNoRoomForIsNotDeployed) {
  deploy({});
  log->refuse(Code::out_of_space);
  EXPECT_NE(deploy({}, "2.0.0"), "2.0.0");
  EXPECT_EQ(deployments->active_version("shop/buy"), "1.0.0");
  EXPECT_EQ(deploy({}, "2.0.0"), "2.0.0");
  EXPECT_EQ(deployments->active_version("shop/buy"), "2.0.0");
}

}  // namespace
}  // namespace baton::app
