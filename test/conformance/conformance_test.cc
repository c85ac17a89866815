// Scenarios of the DSL's conformance kit that need no network and only what Baton has.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gherkin.h"
#include "kit.h"
#include "base/testing/source_dir.h"

namespace baton::conformance {
namespace {

const std::string kFeatures = source_dir() + "/../shared/spec/serverless-workflow/ctk/features/";

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void play(const std::string& name, const Scenario& scenario) {
  Kit kit;
  for (const GherkinStep& step : scenario.steps) {
    const std::string wrong = kit.check(step);
    ASSERT_EQ(wrong, "") << name << ".feature:" << step.line << ": " << scenario.name << ": " << step.text;
  }
}

/// `only`: one scenario of the feature; "": all.
void play_feature(const std::string& name, std::size_t expected, const std::string& only = "") {
  const std::string path = kFeatures + name + ".feature";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the conformance kit is not there: " << path;
  const auto scenarios = read_feature(read_file(path));
  ASSERT_TRUE(scenarios) << name << ": " << scenarios.error().text;
  std::size_t played = 0;
  for (const Scenario& scenario : *scenarios) {
    if (!only.empty() && scenario.name != only) continue;
    play(name, scenario);
    ++played;
  }
  EXPECT_EQ(played, expected);
}

TEST(Conformance, Branch) {
  play_feature("branch", 1);
}
TEST(Conformance, DataFlowInputFiltering) {
  play_feature("data-flow", 1, "Input Filtering");
}
TEST(Conformance, Do) {
  play_feature("do", 1);
}
TEST(Conformance, Emit) {
  play_feature("emit", 1);
}
TEST(Conformance, Flow) {
  play_feature("flow", 2);
}
TEST(Conformance, Raise) {
  play_feature("raise", 1);
}
TEST(Conformance, Set) {
  play_feature("set", 1);
}
TEST(Conformance, Switch) {
  play_feature("switch", 3);
}

// The kit itself must be able to fail.
const std::string kCanary =
    "Feature: canary\n  described\n\n  # comment\n  Scenario: one\n    Given a workflow with definition:\n    "
    "\"\"\"yaml\n"
    "    document: { dsl: '1.0.3', namespace: n, name: f, version: '1.0.0' }\n    do:\n      - s: { set: { a: 1 } }\n  "
    "  \"\"\"\n"
    "    When the workflow is executed\n    Then the workflow should complete with output:\n    \"\"\"yaml\n    a: 2\n "
    "   \"\"\"\n";

TEST(Kit, FindsAWrongOutput) {
  const auto scenarios = read_feature(kCanary);
  ASSERT_TRUE(scenarios) << scenarios.error().text;
  ASSERT_EQ(scenarios->size(), 1u);
  Kit kit;
  const auto& steps = scenarios->front().steps;
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(kit.check(steps[0]), "");
  EXPECT_EQ(kit.check(steps[1]), "");
  EXPECT_EQ(kit.check(steps[2]), R"(expected {"a":2}, found {"a":1})");
  EXPECT_NE(kit.check({.text = "the workflow should fault", .doc = "", .line = 0}), "");
  EXPECT_NE(kit.check({.text = "nobody knows this", .doc = "", .line = 0}), "");
}

TEST(Gherkin, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(read_feature("Feature: f\nScenario: s\n  Perhaps it rains\n"));
  EXPECT_FALSE(read_feature("Scenario: s\n  Given a thing:\n  \"\"\"yaml\n  never closed\n"));
  EXPECT_FALSE(read_feature("\"\"\"\nno step\n\"\"\"\n"));
}

}  // namespace
}  // namespace baton::conformance
