// The contract of docs/contracts.md and the flow of docs/errors-and-retries.md, read from these pages, do what the
// second one says.
#include <gtest/gtest.h>

#include "analysis/project.h"
#include "base/assert.h"
#include "base/testing/source_dir.h"
#include "flow/testing/fixture.h"
#include "role/testing/world.h"

namespace baton::role {
namespace {

using testing::World;

std::string page(const std::string& name) {
  return flow::testing::read_file(source_dir() + "/docs/" + name);
}

/// The page's block of YAML that begins with `start`.
std::string block(const std::string& name, const std::string& start) {
  const std::string text = page(name);
  const std::size_t fence = text.find("```yaml\n" + start);
  if (fence == std::string::npos) fatal("there is no such example", name.c_str());
  const std::size_t begin = text.find('\n', fence) + 1;
  return text.substr(begin, text.find("```", begin) - begin);
}

class ErrorsAndRetries : public ::testing::TestWithParam<flow::Strategy> {
 protected:
  ErrorsAndRetries() {
    const auto out =
        flow::testing::compile_text(block("errors-and-retries.md", "document:"), contracts(), {GetParam()});
    if (out.program == nullptr) fatal("the page's flow", out.text().c_str());
    world.deploy(out.program);
  }
  static flow::Contracts contracts() { return flow::testing::contracts_of({block("contracts.md", "asyncapi:")}); }
  static std::shared_ptr<const flow::Program> local_view(const flow::Program& program, const std::string& service) {
    return analysis::project(program, service).value().slice;
  }
  void start() {
    event::Event e = World::outside("io.baton.flow.start.v1", "O-1", R"({"order":"O-1","amount":20})", "start");
    e.kind = "start";
    e.flowname = "shop/pay";
    e.flowversion = "1.0.0";
    world.publish(e);
    began = world.harness().now();
  }
  /// How the instance has ended; the page must say so.
  std::string ended() {
    EXPECT_TRUE(world.harness().run_out());
    const Shown shown = world.show("O-1");
    EXPECT_TRUE(shown.summary.ended.has_value());
    took = shown.summary.ended.value_or(began) - began;
    const std::string outcome(shown.outcome.text());
    EXPECT_NE(page("errors-and-retries.md").find("`" + outcome + "`"), std::string::npos) << outcome;
    return outcome;
  }
  std::size_t calls() { return world.keys("payment.charge").size(); }

  World world{contracts(), {.view = local_view}};
  Instant began;
  Millis took = 0;
};
INSTANTIATE_TEST_SUITE_P(Docs, ErrorsAndRetries,
                         ::testing::Values(flow::Strategy::orchestration, flow::Strategy::choreography),
                         [](const auto& one) {
                           return one.param == flow::Strategy::orchestration ? "Orchestrated" : "Choreographed";
                         });

const std::string kPaid = R"({"paid":true,"receipt":"R-1"})";
Reply charged(const Invocation&) {
  return Answer{R"({"receipt":"R-1"})", ""};
}

TEST_P(ErrorsAndRetries, AnAnswerAtOnce) {
  world.handle("payment.charge", charged);
  start();
  EXPECT_EQ(ended(), kPaid);
  EXPECT_EQ(took, 0);
}

TEST_P(ErrorsAndRetries, TheServicesOwnRetriesAreNotSeen) {
  world.handle("payment.charge", charged);
  world.fail("payment.charge", 2);
  start();
  EXPECT_EQ(ended(), kPaid);
  EXPECT_GE(took, 600);
  EXPECT_LT(took, 1'000);
  EXPECT_EQ(world.show("O-1").summary.faults, 0U);
}

TEST_P(ErrorsAndRetries, WhatIsDeclinedIsNotRetried) {
  world.handle("payment.charge", [](const Invocation&) -> Reply {
    return std::unexpected(Failure{"card declined", false, 402, "", ""});
  });
  start();
  EXPECT_EQ(ended(), R"({"paid":false,"status":402,"why":"card declined"})");
  EXPECT_EQ(calls(), 1U);
}

TEST_P(ErrorsAndRetries, ALateAnswerIsFoundByTheNextAttempt) {
  world.handle("payment.charge", charged);
  world.hold("payment.charge");
  start();
  world.harness().run_until(began + 35'000);
  world.release("payment.charge");
  EXPECT_EQ(ended(), kPaid);
  EXPECT_EQ(took, 40'000);
  EXPECT_EQ(calls(), 1U);
}

TEST_P(ErrorsAndRetries, SilenceEndsAfterThreeMore) {
  world.hold("payment.charge");
  start();
  EXPECT_EQ(ended(), R"({"paid":false,"status":408,"why":"the task took too long"})");
  EXPECT_EQ(took, 190'000);
  EXPECT_EQ(calls(), 1U);
}

}  // namespace
}  // namespace baton::role
