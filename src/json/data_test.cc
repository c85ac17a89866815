#include "json/data.h"
#include "json/internal.h"
#include "json/number.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <random>

#include "json/utf8.h"

namespace baton::json {
namespace {

Value must_parse(std::string_view text) {
  auto value = parse(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().text);
  return value ? *value : Value();
}

std::string error_of(std::string_view text, const Limits& limits = {}) {
  const auto value = parse(text, limits);
  return value ? "parsed: " + print(*value) : value.error().text;
}

// Any value, from a seed: rapidcheck has no JSON of its own.
Value random_value(std::mt19937_64& random, int depth) {
  switch (random() % (depth > 0 ? 9 : 7)) {
    case 0:
      return {};
    case 1:
      return Value(random() % 2 == 0);
    case 2:
      return Value(static_cast<std::int64_t>(random()));
    case 3:
      return Value(random());
    case 4: {
      const std::uint64_t bits = random();
      double d = 0;
      std::memcpy(&d, &bits, sizeof d);
      return std::isfinite(d) ? Value(d) : Value(0.1);
    }
    case 5:
      return Value(static_cast<double>(static_cast<std::int64_t>(random() % 2001) - 1000) / 8);
    case 6: {
      std::string text;
      for (std::uint64_t i = random() % 12; i > 0; --i) text += std::string(1, static_cast<char>(random() % 128));
      return Value(text + "Ü😀");
    }
    case 7: {
      Array array;
      for (std::uint64_t i = random() % 5; i > 0; --i) array.push_back(random_value(random, depth - 1));
      return array;
    }
    default: {
      Object object;
      for (std::uint64_t i = random() % 5; i > 0; --i) {
        object.insert_or_assign("k\"\\" + std::to_string(random() % 50), random_value(random, depth - 1));
      }
      return object;
    }
  }
}

TEST(Json, WhatIsPrintedIsReadBackEqual) {
  rc::check([](std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const Value value = random_value(random, 4);
    RC_ASSERT(equal(must_parse(print(value)), value));
    RC_ASSERT(equal(must_parse(print_pretty(value)), value));
    RC_ASSERT(print(must_parse(print(value))) == print(value));
  });
}

TEST(Json, DoublesAreReadToTheLastBit) {
  for (const double d :
       {0.1, 1.0 / 3, 8.41e21, 9007199254740993.0, 2.2250738585072014e-308, 5e-324, 1.7976931348623157e308,
        123456789.12345679, 6.02214076e23, 1e-7, 73709574407407010.07, -9007199254740994.0, 18446744073709551615.0}) {
    const Value back = must_parse(print(Value(d)));
    EXPECT_TRUE(equal(back, Value(d))) << print(Value(d)) << " " << print(back);
  }
}

TEST(Numbers, NoDigitIsLost) {
  for (const char* text : {"0",
                           "-0",
                           "1",
                           "-1",
                           "9223372036854775807",
                           "-9223372036854775808",
                           "9223372036854775808",
                           "18446744073709551615",
                           "18446744073709551616",
                           "18446744073709551617",
                           "-9223372036854775809",
                           "1e1000",
                           "1e-1000",
                           "-1E+5",
                           "1.10",
                           "1.0",
                           "0.1",
                           "0.10000000000000000000001",
                           "123456789012345678901234567890.123456789",
                           "5e-324",
                           "2e-324",
                           "1e400",
                           "1e17",
                           "1e+17"}) {
    EXPECT_EQ(print(must_parse(text)), text);
    EXPECT_TRUE(is_number(must_parse(text))) << text;
    EXPECT_FALSE(is_string(must_parse(text))) << text;
    EXPECT_EQ(type_name(must_parse(text)), "number") << text;
    EXPECT_TRUE(equal(must_parse(text), must_parse(text))) << text;
  }
  EXPECT_TRUE(must_parse("18446744073709551615").is_uint64());
  EXPECT_TRUE(must_parse("0.1").is_double());
  EXPECT_TRUE(is_literal(must_parse("0.10")));
}

TEST(Numbers, AreComparedByTheirExactValue) {
  // In order; those in one line are equal.
  const std::vector<std::vector<const char*>> rows = {{"-1e1000"},
                                                      {"-18446744073709551617"},
                                                      {"-9223372036854775808", "-9223372036854775808.0"},
                                                      {"-1", "-1.0", "-10e-1"},
                                                      {"0", "-0", "0.0", "0e5", "-0.00"},
                                                      {"1e-1000"},
                                                      {"0.1", "0.10", "1e-1"},
                                                      {"0.10000000000000000000001"},
                                                      {"1", "1.0", "1e0", "0.01e2", "1.000000000000000000000000"},
                                                      {"9007199254740992", "9007199254740992.0"},
                                                      {"9007199254740993", "9007199254740993.0"},
                                                      {"18446744073709551615", "18446744073709551615.0"},
                                                      {"18446744073709551616", "1.8446744073709551616e19"},
                                                      {"18446744073709551617", "18446744073709551617.0"},
                                                      {"18446744073709551618"},
                                                      {"1e1000", "10e999", "1000e997"},
                                                      {"1e1001"}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j) {
      for (const char* a : rows[i]) {
        for (const char* b : rows[j]) {
          const Value x = must_parse(a);
          const Value y = must_parse(b);
          EXPECT_EQ(compare_numbers(x, y) < 0, i < j) << a << " " << b;
          EXPECT_EQ(equal(x, y), i == j) << a << " " << b;
          EXPECT_EQ(key_text(x) == key_text(y), i == j) << a << " " << b;
        }
      }
    }
  }
}

TEST(Numbers, AsKeysHaveOneText) {
  EXPECT_EQ(key_text(must_parse("18446744073709551617")), "18446744073709551617");
  EXPECT_EQ(key_text(must_parse("1.50")), "1.5");
  EXPECT_EQ(key_text(must_parse("-0.00150")), "-0.0015");
  EXPECT_EQ(key_text(must_parse("10e999")), "1e+1000");
  EXPECT_EQ(key_text(must_parse("-12e-1000")), "-1.2e-999");
  EXPECT_EQ(key_text(Value(1e300)), "1e+300");
  EXPECT_EQ(key_text(Value("1.0")), "1.0");
  EXPECT_EQ(key_text(Value(true)), "true");
  EXPECT_EQ(key_text(Value()), "null");
}

TEST(Numbers, AreIntegersWhenTheyHaveNoFraction) {
  EXPECT_EQ(to_int64(must_parse("3.0")), 3);
  EXPECT_EQ(to_int64(must_parse("30e-1")), 3);
  EXPECT_EQ(to_int64(must_parse("9223372036854775807.0")), INT64_MAX);
  EXPECT_EQ(to_int64(must_parse("9223372036854775808")), std::nullopt);
  EXPECT_EQ(to_int64(must_parse("3.5")), std::nullopt);
  EXPECT_TRUE(is_whole(must_parse("1e1000")));
  EXPECT_FALSE(is_whole(must_parse("1e-1000")));
  EXPECT_EQ(remainder(must_parse("18446744073709551617"), 10), 7);
  Value value = must_parse("[1.0,18446744073709551617,{\"a\":0.10,\"b\":1e1000}]");
  round_literals(value);
  EXPECT_EQ(print(value), "[1,18446744073709552000,{\"a\":0.1,\"b\":1.7976931348623157e+308}]");
}

TEST(Json, ZeroKeepsItsSign) {
  EXPECT_EQ(print(must_parse("[-0,0,-0.0,-0e7]")), "[-0,0,-0.0,-0e7]");
  EXPECT_TRUE(equal(must_parse("-0"), must_parse("0")));
}

TEST(Json, NumbersArePrintedAsJqDoes) {
  EXPECT_EQ(print(Value(2.0)), "2");
  EXPECT_EQ(print(Value(-0.5)), "-0.5");
  EXPECT_EQ(print(Value(0.0001)), "0.0001");
  EXPECT_EQ(print(Value(0.00001)), "1e-05");
  EXPECT_EQ(print(Value(1e15)), "1000000000000000");
  EXPECT_EQ(print(Value(1e17)), "1e+17");
  EXPECT_EQ(print(Value(123456789012345680.0)), "123456789012345680");
  EXPECT_EQ(print(Value(std::numeric_limits<double>::infinity())), "1.7976931348623157e+308");
  EXPECT_EQ(print(Value(std::nan(""))), "null");
  EXPECT_EQ(print(Value(std::numeric_limits<std::uint64_t>::max())), "18446744073709551615");
}

TEST(Json, KeysStayInOrderAndControlCharactersAreEscaped) {
  EXPECT_EQ(print(must_parse("{\"b\": 1, \"a\": [true, null]}")), "{\"b\":1,\"a\":[true,null]}");
  EXPECT_EQ(print(Value("a\n\"\\\x01/")), R"("a\n\"\\\u0001/")");
  EXPECT_EQ(print_pretty(must_parse("{\"a\":[],\"b\":[1,{\"c\":2}]}")),
            "{\n  \"a\": [],\n  \"b\": [\n    1,\n    {\n      \"c\": 2\n    }\n  ]\n}");
}

TEST(Json, ErrorsNameTheByte) {
  EXPECT_EQ(error_of("{\"a\": }"), "JSON, byte 6: syntax error");
  EXPECT_EQ(error_of("[1, 2"), "JSON, byte 5: ends too early");
  EXPECT_EQ(error_of(""), "JSON, byte 0: ends too early");
  EXPECT_EQ(error_of("1 2"), "JSON, byte 2: more text after the value");
  EXPECT_EQ(error_of("[1,]"), "JSON, byte 3: syntax error");
}

TEST(Json, WhatIsNotJsonIsRefused) {
  for (const char* text :
       {"nul", "'a'", "{a:1}", "[1 2]", "01", "1.", ".5", "+1", "NaN", "Infinity", "\"\x01\"", "\"\\x\"", "\"\\ud800\"",
        "// c\n1", "[\"a\xff\"]", "\"\xc0\xa0\"", "\"\xed\xa0\x80\"", "{\"a\"}", "\xef\xbb\xbf{}"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(Json, DepthAndSizeAreBounded) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_TRUE(parse(deep));
  EXPECT_NE(error_of("[" + deep + "]").find("nested too deeply"), std::string::npos);
  EXPECT_NE(error_of(std::string(1'000'000, '[')).find("nested too deeply"), std::string::npos);
  EXPECT_EQ(error_of("[1,2,3]", {.bytes_max = 6, .depth_max = 4}), "JSON of 7 bytes: at most 6 are allowed");
}

TEST(Json, RandomBytesNeverCrash) {
  std::mt19937 random(1);
  static constexpr std::string_view kAlphabet = "{}[]\",:0123456789.eE+-\\untrfalse \xc3\xa4\xff";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 24; n > 0; --n) text.push_back(kAlphabet[random() % kAlphabet.size()]);
    const auto value = parse(text);
    if (value) {
      EXPECT_TRUE(equal(must_parse(print(*value)), *value)) << text;
    }
  }
}

TEST(Json, EqualityIsByValue) {
  EXPECT_TRUE(equal(must_parse("{\"a\":1,\"b\":[2.0]}"), must_parse("{\"b\":[2],\"a\":1.0}")));
  EXPECT_FALSE(equal(must_parse("[1,2]"), must_parse("[2,1]")));
  EXPECT_FALSE(equal(must_parse("{\"a\":null}"), must_parse("{}")));
  EXPECT_FALSE(equal(Value(0), Value(false)));
  EXPECT_FALSE(equal(Value(std::int64_t{9007199254740993}), Value(std::int64_t{9007199254740992})));
  EXPECT_FALSE(equal(Value(std::int64_t{-1}), Value(std::numeric_limits<std::uint64_t>::max())));
}

TEST(Json, PointersFindWhatTheyName) {
  const Value root = must_parse(R"({"a":{"b":[10,{"c/d":1,"e~f":2}]},"":3})");
  EXPECT_EQ(find(root, ""), &root);
  EXPECT_EQ(print(*find(root, "/a/b/0")), "10");
  EXPECT_EQ(print(*find(root, "/a/b/1/c~1d")), "1");
  EXPECT_EQ(print(*find(root, "/a/b/1/e~0f")), "2");
  EXPECT_EQ(print(*find(root, "/")), "3");
  for (const char* missing : {"a", "/x", "/a/b/2", "/a/b/-", "/a/b/00", "/a/b/0/0", "/a/b/99999999999999999999"}) {
    EXPECT_EQ(find(root, missing), nullptr) << missing;
  }
}

TEST(Data, KeepsTextAsItCame) {
  const Data data = Data::from_text("{ \"a\": 1.50 }");
  EXPECT_EQ(data.text(), "{ \"a\": 1.50 }");
  EXPECT_EQ(print(data.value()), "{\"a\":1.50}");
  EXPECT_EQ(data.text(), "{ \"a\": 1.50 }");
}

TEST(Data, NullIsNullHoweverItCame) {
  EXPECT_TRUE(Data().is_null());
  EXPECT_TRUE(Data::from_text(" null\n").is_null());
  EXPECT_TRUE(Data::from_value(Value()).is_null());
  EXPECT_TRUE(Data::parse("null")->is_null());
  EXPECT_EQ(Data().text(), "null");
  EXPECT_TRUE(Data().value().is_null());
  EXPECT_FALSE(Data::from_text("\"null\"").is_null());
}

TEST(Data, CopiesShareOneTree) {
  const Data data = Data::from_text("[1,2]");
  const Data copy = data;  // NOLINT(performance-unnecessary-copy-initialization): what is tested
  EXPECT_EQ(&data.value(), &copy.value());
}

TEST(Data, APartKeepsTheWholeAlive) {
  Data part;
  {
    const Data whole = Data::from_text(R"({"loan":{"amount":[1,2,3]}})");
    part = whole.part(*find(whole.value(), "/loan")).part(*find(whole.value(), "/loan/amount"));
  }
  EXPECT_EQ(part.text(), "[1,2,3]");
  EXPECT_EQ(part.value().get_array().size(), 3u);
}

TEST(Data, ParseChecksAtTheDoor) {
  EXPECT_EQ(Data::parse("{\"a\":").error().text, "JSON, byte 5: ends too early");
  EXPECT_FALSE(Data::parse("[[1]]", {.bytes_max = 100, .depth_max = 1}));
  EXPECT_EQ(Data::parse(" [1] ")->text(), " [1] ");
}

TEST(Utf8, IllFormedSequencesAreFound) {
  EXPECT_TRUE(is_utf8("aÜ€😀"));
  for (const char* bad : {"\x80", "\xc0\xa0", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xff"}) {
    EXPECT_EQ(find_bad_utf8("ab" + std::string(bad)), 2u);
  }
}

TEST(Data, ACopyOfAValueOutlivesTheDataItCameFrom) {
  Value copy;
  Data built;
  {
    const Data data = Data::from_text(R"({"a": {"b": [1, 2, 3]}, "c": "a text that is not kept in place"})");
    Value made = data.value();
    made.as_object()["d"] = data.value().at("a");
    built = Data::from_value(std::move(made));
    copy = data.value().at("a");
  }
  EXPECT_EQ(print(copy), R"({"b":[1,2,3]})");
  EXPECT_EQ(built.text(), R"({"a":{"b":[1,2,3]},"c":"a text that is not kept in place","d":{"b":[1,2,3]}})");
}

}  // namespace
}  // namespace baton::json
