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

TEST(Pattern, AnchorsStandForTheWholeTextAndDotForNoLineBreak) {
  const auto name = Pattern::compile("^[a-z]+$");
  EXPECT_TRUE(name->found_in("ann"));
  for (const char* lines : {"ann\nBcc: x", "1\nann", "ann\n", "ann\r\n", "\nann"})
    EXPECT_FALSE(name->found_in(lines)) << lines;
  EXPECT_FALSE(name->matches("ann\n"));
  EXPECT_FALSE(Pattern::compile("^.*$")->found_in("a\nb"));
  EXPECT_FALSE(Pattern::compile("a.*b")->matches("a\nb"));
  EXPECT_TRUE(Pattern::compile("a[\\s\\S]b")->matches("a\nb"));
}

TEST(Pattern, ReadsCharactersAndNotBytes) {
  EXPECT_TRUE(Pattern::compile("^.{2}$")->found_in("\xc3\xbc\xf0\x9f\x98\x80"));
  EXPECT_TRUE(Pattern::compile("^[\xc3\xa4\xc3\xb6]$")->found_in("\xc3\xb6"));
  EXPECT_FALSE(Pattern::compile("^[\xc3\xa4\xc3\xb6]+$")->found_in("\xc3\xbc"));
  EXPECT_TRUE(Pattern::compile("^[^a]$")->found_in("\xe2\x82\xac"));
  EXPECT_TRUE(Pattern::compile("^\\u00fc\\\\u$")->found_in("\xc3\xbc\\u"));
  EXPECT_FALSE(Pattern::compile("\\ud83d\\ude00"));
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
