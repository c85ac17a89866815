#include "app/troubles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace baton::app {
namespace {

using ::testing::ElementsAre;

class TroublesTest : public ::testing::Test {
 protected:
  ManualClock clock;
  std::vector<std::string> lines;
  Troubles troubles{clock, [this](std::string_view line) { lines.emplace_back(line); }};
};

TEST_F(TroublesTest, AreToldAtOnceAndThenNowAndThen) {
  for (int i = 0; i < 5; ++i) troubles.tell("read", "bad checksum");
  EXPECT_THAT(lines, ElementsAre("bad checksum"));
  clock.advance(Troubles::kAgainMs);
  troubles.tell("read", "bad checksum");
  EXPECT_THAT(lines, ElementsAre("bad checksum", "bad checksum (and 4 times more since it was last told)"));
}

TEST_F(TroublesTest, OneKindHidesNoOther) {
  troubles.tell("read", "bad checksum");
  troubles.tell("take over", "the disk is full");
  EXPECT_EQ(lines.size(), 2u);
}

TEST_F(TroublesTest, TooManyKindsAreOne) {
  for (std::size_t i = 0; i < 3 * Troubles::kKindsMax; ++i) troubles.tell(std::to_string(i), "x");
  EXPECT_EQ(lines.size(), Troubles::kKindsMax + 1);
  clock.advance(Troubles::kAgainMs);
  lines.clear();
  for (std::size_t i = 0; i < Troubles::kKindsMax; ++i) troubles.tell("new " + std::to_string(i), "x");
  EXPECT_EQ(lines.size(), Troubles::kKindsMax);
}

}  // namespace
}  // namespace baton::app
