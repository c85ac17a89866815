#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/testing/source_dir.h"
#include "flow/testing/fixture.h"
#include "theatre.h"

namespace baton::stories {
namespace {

std::vector<std::string> story_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/test/stories")) {
    if (entry.path().extension() == ".story") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

std::string name_of(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
}

class Stories : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, Stories, ::testing::ValuesIn(story_files()),
                         [](const auto& one) { return name_of(one.param); });

TEST_P(Stories, EndTheSameInBothStrategies) {
  const auto story = parse(flow::testing::read_file(GetParam()));
  ASSERT_TRUE(story) << GetParam() << ": " << story.error().text;
  const Played orchestrated = play(*story, flow::Strategy::orchestration);
  ASSERT_EQ(orchestrated.problem, "");
  const Played choreographed = play(*story, flow::Strategy::choreography);
  ASSERT_EQ(choreographed.problem, "");
  const std::string told = render(*story, orchestrated.trace);
  EXPECT_EQ(render(*story, choreographed.trace), told) << "choreographed, it ends otherwise";
  if (std::getenv("BATON_UPDATE") != nullptr) {
    std::ofstream(GetParam(), std::ios::binary) << told;
    return;
  }
  EXPECT_EQ(told, story->text) << GetParam() << " (BATON_UPDATE=1 rewrites the expectation)";
}

TEST(Theatre, NoticesAWrongExpectation) {
  auto story = parse(
      "story   canary\nflow    v1-basic\n\n09:00:00  in       loan.requested  L-1  @ada\n          out      "
      "loan.processed  L-2\n");
  ASSERT_TRUE(story) << story.error().text;
  const Played played = play(*story, flow::Strategy::choreography);
  EXPECT_EQ(played.problem, "");
  EXPECT_NE(render(*story, played.trace), story->text);
}

}  // namespace
}  // namespace baton::stories
