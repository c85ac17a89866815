#include "flow/embedded.h"

#include <gtest/gtest.h>

#include "json/expression.h"

namespace baton::flow {
namespace {

std::string suggested(std::string_view text) {
  return as_one_expression(text).value_or("nothing");
}

TEST(Embedded, TheSuggestionHasTheAuthorsParts) {
  EXPECT_EQ(suggested("${ .x }-${ .y }"), R"x(${ "\(.x)-\(.y)" })x");
  EXPECT_EQ(suggested("Hello ${ .name }"), R"x(${ "Hello \(.name)" })x");
  EXPECT_EQ(suggested("${.a}${.b}"), R"x(${ "\(.a)\(.b)" })x");
  EXPECT_EQ(suggested("say \"${ .a }\" \\ and\n${ .b }!"), R"x(${ "say \"\(.a)\" \\ and\n\(.b)!" })x");
  EXPECT_EQ(suggested("${ {a: .x} | tojson } ${ \"}\" + \"\\(.y | {b: .})\" }"),
            R"x(${ "\({a: .x} | tojson) \("}" + "\(.y | {b: .})")" })x");
}

TEST(Embedded, TheSuggestionIsAnExpression) {
  for (const char* text : {"${ .x }-${ .y }", "\"${ .x }\" \\ ${ {a: .y} }\n", "${ \"}\" } ${ \"\\(\"{\")\" }"}) {
    const std::string whole = suggested(text);
    const auto inner = json::unwrap(whole);
    ASSERT_TRUE(inner) << text;
    EXPECT_TRUE(json::Expression::compile(*inner, {})) << *inner;
  }
}

TEST(Embedded, WhatIsOneExpressionOrNoneIsLeftAlone) {
  EXPECT_EQ(suggested("${ .x }"), "nothing");
  EXPECT_EQ(suggested("  ${ .x }\n"), "nothing");
  EXPECT_EQ(suggested("plain"), "nothing");
  EXPECT_EQ(suggested("${ .x"), "nothing");
  EXPECT_EQ(suggested("a ${ } b"), "nothing");
  EXPECT_EQ(suggested(""), "nothing");
}

}  // namespace
}  // namespace baton::flow
