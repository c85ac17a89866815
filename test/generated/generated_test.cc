// Flows drawn from a seed, run with the real roles: orchestrated, choreographed and half of each they come to the same,
// which is what an interpreter that shares no code with the engine says. A failure prints its seed; BATON_SEED=… runs
// that one. BATON_FIRST_SEED=… begins there (`./dev test`: fresh ones each time), BATON_SEEDS=… says how many, and
// BATON_SHARD=K/N plays every Nth from the Kth on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <map>

#include "flow/testing/fixture.h"
#include "flows.h"
#include "interpreter.h"
#include "stage.h"

namespace baton::generated {
namespace {

using flow::Strategy;

constexpr std::uint64_t kSeeds = 1'000;

/// How often something was seen: that the flows reach what they are meant to test.
using Tally = std::map<std::string, int>;

std::shared_ptr<const flow::Program> compiled(const json::Value& document, std::optional<Strategy> strategy) {
  const auto out = flow::testing::compile_text(json::print(document), flow::testing::shop_contracts(), {strategy});
  EXPECT_NE(out.program, nullptr) << out.text();
  return out.program;
}

void count(const json::Value& value, Tally& tally) {
  if (const auto* object = value.if_object()) {
    for (const auto& [key, inside] : *object) {
      ++tally[std::string(key)];
      count(inside, tally);
    }
  } else if (const auto* array = value.if_array()) {
    for (const json::Value& inside : *array) count(inside, tally);
  }
}

void play(std::uint64_t seed, const Taste& taste, Tally& tally) {
  Draw draw(seed);
  const json::Value document = flow_of(draw, taste);
  const json::Value half = mixed(document, draw);
  const Surroundings surroundings(seed);
  const auto happenings = surroundings.happenings(document);
  SCOPED_TRACE("BATON_SEED=" + std::to_string(seed) + "\n" + json::print_pretty(document));
  const auto opinion = interpret(document, surroundings, happenings);
  ++tally[opinion ? "sure" : "unsure"];
  if (!opinion) return;
  const auto program = compiled(document, Strategy::orchestration);
  ASSERT_NE(program, nullptr);
  const Trace orchestrated = perform(program, surroundings, happenings);
  EXPECT_EQ(to_text(orchestrated), to_text(*opinion)) << "orchestrated, and as the interpreter has it";
  const Trace choreographed = perform(compiled(document, Strategy::choreography), surroundings, happenings);
  EXPECT_EQ(to_text(choreographed), to_text(*opinion)) << "choreographed, and as the interpreter has it";
  const Trace both = perform(compiled(half, std::nullopt), surroundings, happenings);
  EXPECT_EQ(to_text(both), to_text(*opinion)) << "mixed, and as the interpreter has it: " << json::print_pretty(half);
  count(document, tally);
  tally["echo"] += static_cast<int>(echoes(document).size());
  for (const char* end : {"completed", "faulted", "expression"}) {
    if (opinion->end.find(end) != std::string::npos) ++tally[end];
  }
}

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What was drawn and what came of it.
Tally play_all(const Taste& taste) {
  Tally tally;
  if (const std::uint64_t one = number("BATON_SEED", 0); one != 0) {
    play(one, taste, tally);
    return {};
  }
  const char* shard = std::getenv("BATON_SHARD");
  const char* slash = shard == nullptr ? nullptr : std::strchr(shard, '/');
  const std::uint64_t shards = slash == nullptr ? 1 : std::strtoull(slash + 1, nullptr, 10);
  const std::uint64_t skipped = slash == nullptr ? 0 : std::strtoull(shard, nullptr, 10) - 1;
  const std::uint64_t first = number("BATON_FIRST_SEED", 1);
  const std::uint64_t end = first + number("BATON_SEEDS", kSeeds);
  for (std::uint64_t seed = first + skipped; seed < end && !::testing::Test::HasFailure(); seed += shards)
    play(seed, taste, tally);
  return tally;
}

void expect_drawn(const Tally& tally, std::initializer_list<const char*> what) {
  if (tally.empty()) return;
  for (const char* one : what) EXPECT_GE(tally.contains(one) ? tally.at(one) : 0, 1) << one;
  EXPECT_GE(tally.at("sure"), 20);
}

TEST(Generated, FlowsWithRacesAndFaultsComeToTheSame) {
  expect_drawn(play_all({.timed = true, .brittle = false}),
               {"call",    "both", "set",     "emit",   "listen",    "correlate", "switch",   "again", "raise",
                "wait",    "fork", "compete", "try",    "retry",     "backoff",   "duration", "when",  "exceptWhen",
                "timeout", "if",   "then",    "export", "completed", "faulted",   "echo"});
}

TEST(Generated, FlowsWhoseViewsAreCutComeToTheSame) {
  expect_drawn(play_all({.timed = false, .brittle = false}),
               {"call", "both", "set", "emit", "listen", "correlate", "switch", "again", "fork", "if", "then", "export",
                "completed", "faulted"});
}

TEST(Generated, ExpressionsThatFailComeToTheSame) {
  expect_drawn(play_all({.timed = true, .brittle = true}), {"expression"});
  expect_drawn(play_all({.timed = false, .brittle = true}), {"expression"});
}

}  // namespace
}  // namespace baton::generated
