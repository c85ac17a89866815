#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/testing/fixture.h"

namespace baton::engine {
namespace {

using ::testing::HasSubstr;
using testing::Play;

std::string document(std::size_t bytes) {
  return R"({"d":")" + std::string(bytes, 'x') + R"("})";
}

TEST(Size, AnOutputThatIsTooLargeIsAFaultOfItsTask) {
  Play run("  - twice: { set: { all: '${ [., .] }' } }\n");
  run.start(document(3U << 20U));
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_THAT(run.outcome(), HasSubstr("output: more than 4 MiB"));
}

TEST(Size, BranchesCanNotGiveMoreThanATaskMay) {
  Play run("  - all: { fork: { branches: [ { a: { set: '${ . }' } }, { b: { set: '${ . }' } } ] } }\n");
  run.start(document(3U << 20U));
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_THAT(run.outcome(), HasSubstr("output: more than 4 MiB"));
}

TEST(Size, AContextThatGrowsTooLargeIsAFault) {
  Play run("  - keep: { set: '${ . }', export: { as: '${ [., .] }' } }\n");
  run.start(document(3U << 20U));
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_THAT(run.outcome(), HasSubstr("export: more than 4 MiB"));
}

TEST(Size, WhatNoRoleCouldStoreIsAFaultOfTheFlow) {
  Play run(
      "  - all: { fork: { branches: [ { a: { call: 'credit.check:1.0.0@default' } }, { b: { call: "
      "'credit.check:1.0.0@default' } }, { c: { call: 'credit.check:1.0.0@default' } } ] } }\n");
  run.start("{}");
  for (const char* branch : {"a", "b"}) {
    EXPECT_EQ(run.status(), "running");
    run.reply(branch, document((4U << 20U) - 100));
  }
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_THAT(run.outcome(), HasSubstr("more than 7 MiB"));
}

TEST(Size, OneEventMakesNoMoreThanACommitTakes) {
  std::string branches;
  for (char name = 'a'; name <= 'i'; ++name) {
    branches += std::string(1, name) + ": { call: 'credit.check:1.0.0@default', with: '${ . }' } }, { ";
  }
  Play run("  - all: { fork: { branches: [ { " + branches + "z: { set: { x: 1 } } } ] } }\n");
  run.start(document(3U << 20U));
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_THAT(run.outcome(), HasSubstr("more than 24 MiB"));
  std::size_t bytes = 0;
  for (const Effect& effect : run.effects()) {
    if (const auto* perform = std::get_if<Perform>(&effect)) bytes += perform->request.text().size();
  }
  EXPECT_LE(bytes, 24U << 20U);
}

TEST(Size, ManySmallRequestsOfOneEventAreNoTrouble) {
  std::string branches;
  for (int i = 0; i < 200; ++i) {
    branches += "b" + std::to_string(i) + ": { call: 'credit.check:1.0.0@default', with: { n: " + std::to_string(i) +
                ", loan: '${ . }' } } }, { ";
  }
  Play run("  - all: { fork: { branches: [ { " + branches + "z: { set: { x: 1 } } } ] } }\n");
  run.start(document(300));
  EXPECT_EQ(run.status(), "running");
}

}  // namespace
}  // namespace baton::engine
