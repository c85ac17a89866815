#include "json/pattern.h"

#include <gtest/gtest.h>

namespace baton::json {
namespace {

TEST(Pattern, IsFoundAnywhereOrMatchesTheWhole) {
  const auto pattern = Pattern::compile("b+");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(pattern->found_in("abbc"));
  EXPECT_FALSE(pattern->matches("abbc"));
  EXPECT_TRUE(pattern->matches("bb"));
  EXPECT_FALSE(pattern->matches("bb\nb"));
}

TEST(Pattern, IsRefusedWhenMalformedOrTooDeep) {
  for (const std::string& bad : {std::string("("), std::string("a{2,1}"), std::string("[b-a]"),
                                 std::string(20'000, '(') + "a" + std::string(20'000, ')')}) {
    const auto pattern = Pattern::compile(bad);
    ASSERT_FALSE(pattern) << bad.substr(0, 20);
    EXPECT_EQ(pattern.error().code, Code::invalid);
  }
}

TEST(Pattern, ReadsALongTextAndGivesUpAnExplodingSearch) {
  EXPECT_TRUE(Pattern::compile("[ab]*")->matches(std::string(200'000, 'a')));
  EXPECT_FALSE(Pattern::compile("(a+)+")->matches(std::string(5000, 'a') + "b"));
}

}  // namespace
}  // namespace baton::json
