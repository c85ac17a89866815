#include "app/answers.h"

#include <gtest/gtest.h>

#include "flow/testing/fixture.h"
#include "log/memory/memory.h"

namespace baton::app {
namespace {

struct Fixed final : Clock {
  Instant now() const override { return Instant(1'700'000'000'000); }
};

TEST(Answers, ListTheNewestVersionOfAFlowFirst) {
  const Fixed clock;
  const auto log = log::open_memory();
  role::Catalog catalog;
  Deployments deployments(*log, catalog, clock, 2);
  ASSERT_TRUE(deployments.load());
  for (const char* version : {"1.9.0", "1.10.0", "1.10.0-rc.2", "1.10.0-rc.10", "0.99.0"}) {
    std::string text = flow::testing::flow_text("  - a: { set: { x: 1 } }\n");
    text.replace(text.find("'1.0.0'"), 7, "'" + std::string(version) + "'");
    const auto result = deployments.deploy({{"buy.yaml", text}}, flow::Strategy::orchestration);
    ASSERT_TRUE(result && result->accepted()) << version;
  }
  std::string versions;
  const auto registry = catalog.snapshot();
  for (const api::FlowInfo& info : flow_infos(*registry, deployments, {})) versions += info.version + " ";
  EXPECT_EQ(versions, "1.10.0 1.10.0-rc.10 1.10.0-rc.2 1.9.0 0.99.0 ");
}

}  // namespace
}  // namespace baton::app
