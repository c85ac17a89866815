#include "json/yaml.h"

#include <gtest/gtest.h>

#include <random>

namespace baton::json {
namespace {

std::string read(std::string_view text, const Limits& limits = {}) {
  const auto document = parse_yaml(text, limits);
  return document ? print(document->value) : document.error().text;
}

TEST(Yaml, PlainScalarsFollowTheCoreSchema) {
  EXPECT_EQ(read("[true, False, TRUE, null, ~, Null, '', yes, no, on, off, y, N]"),
            R"([true,false,true,null,null,null,"","yes","no","on","off","y","N"])");
  EXPECT_EQ(read("[1, -2, +3, 012, 0o17, 0xff, 1.5, -.5, 1., 1e3, 1.2.3, 1_000, 0b1, 2024-01-31, 09:30]"),
            R"([1,-2,3,12,15,255,1.5,-0.5,1,1e3,"1.2.3","1_000","0b1","2024-01-31","09:30"])");
  EXPECT_EQ(read("a:\nb: x"), R"({"a":null,"b":"x"})");
  EXPECT_EQ(read("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(read("-9223372036854775808"), "-9223372036854775808");
}

TEST(Yaml, QuotedScalarsAreStrings) {
  EXPECT_EQ(read("['1', \"true\", 'null', !!str 12, ! 3]"), R"(["1","true","null","12","3"])");
  EXPECT_EQ(read("a: |\n  x\n  y\nb: >\n  1\n"), R"({"a":"x\ny\n","b":"1\n"})");
}

TEST(Yaml, WhatIsReadIsUtf8) {
  EXPECT_EQ(read(R"(["\xa0\x85", "\L\P", "\u00fc"])"),
            "[\"\xc2\xa0\xc2\x85\",\"\xe2\x80\xa8\xe2\x80\xa9\",\"\xc3\xbc\"]");
  const std::string refused = "the escapes \\N and \\_ are not supported: write \\x85 and \\xa0";
  EXPECT_EQ(read(R"(a: "x\_y")"), "line 1, column 4: " + refused);
  EXPECT_EQ(read(R"("\N": 1)"), "line 1, column 1: " + refused);
  EXPECT_EQ(read(std::string_view("a: b\0_c", 7)), "line 1, column 5: a zero byte");
}

TEST(Yaml, TagsAreCheckedOrRefused) {
  EXPECT_EQ(read("[!!int 1, !!float 2.5, !!null ~, !!bool true]"), "[1,2.5,null,true]");
  EXPECT_EQ(read("a: !!int x"), "line 1, column 4: 'x' is not a int");
  EXPECT_EQ(read("a: !point x"), "line 1, column 4: the tag '!point' is not supported");
  EXPECT_EQ(read("a: !!set {}"), "line 1, column 4: the tag 'tag:yaml.org,2002:set' is not supported");
}

TEST(Yaml, NumbersThatJsonHasNotAreRefused) {
  EXPECT_EQ(read("a: .inf"), "line 1, column 4: JSON has no number '.inf': quote it if text is meant");
  EXPECT_EQ(read("a: .NaN"), "line 1, column 4: JSON has no number '.NaN': quote it if text is meant");
  EXPECT_EQ(read("a: 1e999"), "{\"a\":1e999}");
}

TEST(Yaml, JsonIsYaml) {
  EXPECT_EQ(read(R"({"a":1,"b":[true,null,"x"],"c":{"d":"é"}})"), R"({"a":1,"b":[true,null,"x"],"c":{"d":"é"}})");
  EXPECT_EQ(read("{\n\t\"a\": \"\\ud83d\\ude00\"\n}"), R"({"a":"😀"})");
}

TEST(Yaml, PlacesAreWhereThingsStand) {
  const auto document = parse_yaml("do:\n  - first:\n      call: x\n  - second: {wait: 1}\n\"a/b\": 2\n");
  ASSERT_TRUE(document);
  const auto at = [&](std::string_view pointer) {
    const Place place = document->place(pointer);
    return std::to_string(place.line) + ":" + std::to_string(place.column);
  };
  EXPECT_EQ(at(""), "1:1");
  EXPECT_EQ(at("/do"), "1:1");
  EXPECT_EQ(at("/do/0"), "2:5");
  EXPECT_EQ(at("/do/0/first/call"), "3:7");
  EXPECT_EQ(at("/do/1/second"), "4:5");
  EXPECT_EQ(at("/do/1/second/wait"), "4:14");
  EXPECT_EQ(at("/a~1b"), "5:1");
  EXPECT_EQ(at("/do/1/second/wait/none/at/all"), "4:14");
  EXPECT_EQ(at("/nowhere"), "1:1");
}

TEST(Yaml, ErrorsBeginWithLineAndColumn) {
  EXPECT_EQ(read("a: 1\nb: 2\na: 3\n"), "line 3, column 1: the key 'a' stands here twice");
  EXPECT_EQ(read("{\"a\":1,\"a\":2}"), "line 1, column 8: the key 'a' stands here twice");
  EXPECT_EQ(read("a: 1\n---\nb: 2\n"), "line 2, column 1: a second document begins here: one is allowed");
  EXPECT_EQ(read("? [1]\n: 2\n"), "line 1, column 3: a key must be a scalar");
  EXPECT_EQ(read("b: {<<: 1}"), "line 1, column 5: merge keys (<<) are not part of YAML 1.2: write the entries out");
  EXPECT_TRUE(read("a: [1, 2").starts_with("line 1, column ")) << read("a: [1, 2");
  EXPECT_TRUE(read("a: b: c").starts_with("line 1, column 5: ")) << read("a: b: c");
  EXPECT_EQ(read("a: *x"), "line 1, column 4: the referenced anchor is not defined");
  EXPECT_EQ(read("ok\nb\xff"), "line 2, column 2: not UTF-8");
}

TEST(Yaml, AliasesAreWrittenOut) {
  EXPECT_EQ(read("a: &x {b: [1]}\nc: *x\nd: [*x, *x]"), R"({"a":{"b":[1]},"c":{"b":[1]},"d":[{"b":[1]},{"b":[1]}]})");
  EXPECT_EQ(read("a: &x [*x]").substr(0, 15), "line 1, column ");
}

TEST(Yaml, AnAliasBombIsRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last + ", " + last + ", " + last + ", " +
            last + "]\n";
  }
  EXPECT_NE(read(text).find("too large with its aliases written out"), std::string::npos);
}

TEST(Yaml, DepthAndSizeAreBounded) {
  EXPECT_NE(read(std::string(100, '[') + std::string(100, ']')).find("nested too deeply"), std::string::npos);
  EXPECT_TRUE(read(std::string(100'000, '[')).starts_with("line 1, column "));
  EXPECT_TRUE(read(std::string(100'000, '{')).starts_with("line 1, column "));
  EXPECT_NE(read("a: &a [[[1]]]\nb: [*a]", {.bytes_max = 1000, .depth_max = 4}).find("nested too deeply"),
            std::string::npos);
  EXPECT_EQ(read("abcdef", {.bytes_max = 5, .depth_max = 4}),
            "line 1, column 1: the document has 6 bytes: at most 5 are allowed");
}

TEST(Yaml, AnEmptyDocumentIsNull) {
  EXPECT_EQ(read(""), "null");
  EXPECT_EQ(read("# only a comment\n"), "null");
}

TEST(Yaml, RandomBytesNeverCrash) {
  std::mt19937 random(2);
  static constexpr std::string_view kAlphabet = "ab:-[]{}&*!|>'\"%@`#,? \n\n  \t1.~\\\xc3\xa4\xff";
  for (int i = 0; i < 10'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 40; n > 0; --n) text.push_back(kAlphabet[random() % kAlphabet.size()]);
    const auto document = parse_yaml(text);
    if (!document) {
      EXPECT_TRUE(document.error().text.starts_with("line ")) << text << "\n" << document.error().text;
    }
  }
}

}  // namespace
}  // namespace baton::json
