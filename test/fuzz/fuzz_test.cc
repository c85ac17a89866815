// Every reader of outside bytes on thousands of mutated inputs, the same in every run, and on what fuzzers once found
// (corpus/<target>/). `./dev fuzz` searches further, guided by coverage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/assert.h"
#include "base/testing/source_dir.h"
#include "mutate.h"
#include "targets.h"

namespace baton::fuzz {
namespace {

constexpr int kRounds = 20'000;
constexpr std::size_t kKeptMax = 200;

void run(const Target& target, std::uint64_t seed, int rounds) {
  std::vector<std::string> inputs = target.seeds;
  Mutator mutator(seed);
  for (int i = 0; i < rounds; ++i) {
    std::string input = mutator.next(inputs);
    target.read(input);
    // Some go on from where they are: changes add up.
    if (i % 8 == 0 && inputs.size() < kKeptMax) inputs.push_back(std::move(input));
  }
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Fuzz : public ::testing::TestWithParam<Target> {};

TEST_P(Fuzz, SeedsAreRead) {
  for (const std::string& seed : GetParam().seeds) GetParam().read(seed);
}

TEST_P(Fuzz, MutatedInputsAreReadOrRefused) {
  run(GetParam(), 1, kRounds);
}

TEST_P(Fuzz, WhatWasOnceFoundIsReadOrRefused) {
  const std::filesystem::path folder =
      std::filesystem::path(source_dir()) / "test/fuzz/corpus" / GetParam().name;
  if (!std::filesystem::exists(folder)) return;
  for (const auto& file : std::filesystem::directory_iterator(folder)) GetParam().read(bytes_of(file.path()));
}

INSTANTIATE_TEST_SUITE_P(Readers, Fuzz, ::testing::ValuesIn(targets()),
                         [](const auto& one) { return std::string(one.param.name); });

// A reader that takes it for granted that a number follows: if this does not die, the harness is dead.
void canary(std::string_view bytes) {
  constexpr std::string_view kKey = "\"length\":";
  const std::size_t at = bytes.find(kKey);
  if (at == std::string_view::npos || at + kKey.size() == bytes.size()) return;
  const char length = bytes[at + kKey.size()];
  BATON_ASSERT(length >= '0' && length <= '9');
}

TEST(FuzzDeathTest, TheCanaryIsFound) {
  const Target target{"canary", canary, {R"({"length":3,"numbers":[7,8,9]})"}};
  EXPECT_DEATH(run(target, 1, kRounds), ::testing::HasSubstr("length >= '0'"));
}

TEST(Mutator, GivesTheSameForTheSameSeedAndMuchThatDiffers) {
  const std::vector<std::string> inputs = {R"({"a":[1,2,3],"b":"a longer text"})", "- yaml\n- as well\n"};
  Mutator a(7);
  Mutator b(7);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = a.next(inputs);
    ASSERT_EQ(text, b.next(inputs));
    seen.insert(text);
  }
  EXPECT_GT(seen.size(), 900u);
}

}  // namespace
}  // namespace baton::fuzz
