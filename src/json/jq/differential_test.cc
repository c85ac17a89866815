// Random expressions of the native subset on random inputs: native evaluation and libjq must agree, error for error.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "json/jq/evaluate.h"
#include "json/jq/libjq.h"
#include "json/jq/operators.h"
#include "json/jq/parser.h"

namespace baton::json::jq {
namespace {

const std::vector<std::string> kVariables = {"x", "context"};

// What jq's functions take apart, sort and read as numbers.
const std::vector<std::string> kTexts = {
    "",    "a",   "b",  "ab",  "12", "3.5", "Ü😀",   "k",   "é",   "\uffee", "\"\\\n",          std::string("\0", 1),
    "1e3", "1.0", "01", " 1 ", "-0", "-",   "1e400", "nan", "0x1", "true",   "9007199254740992"};

// Text of random expressions. Left out is only what libjq evaluates while it compiles (1 / 0, {(1): 2}).
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string expression(int depth) {
    if (depth <= 0) return leaf();
    switch (pick(18)) {
      case 0:
        return term(depth) + " | " + expression(depth - 1);
      case 1:
        return binary(depth, {"==", "!=", "<", "<=", ">", ">="});
      case 2:
        return binary(depth, {"and", "or"});
      case 3:
        return binary(depth, {"+", "-"});
      case 4:
        return term(depth) + one_of({" * ", " / ", " % "}) + path();
      case 5:
        return term(depth) + " // " + term(depth);
      case 6:
        return "if " + expression(depth - 1) + " then " + expression(depth - 1) + " else " + expression(depth - 1) +
               " end";
      case 7:
        return "if " + path() + " then " + leaf() + " elif " + path() + " then " + leaf() + " else " +
               expression(depth - 1) + " end";
      case 8:
        return "[" + many(depth - 1) + "]";
      case 9:
        return object(depth);
      case 10:
        return "\"<\\(" + expression(depth - 1) + ")-\\(" + leaf() + ")>\"";
      case 11:
        return path() + " | map(" + many(depth - 1) + ")";
      case 12:
        return path() + " | map(select(" + expression(depth - 1) + "))";
      case 13:
        return path() + " | " + one_of({"any", "all", "first"}) + "(" + one_of({path(), ". == " + leaf()}) + ")";
      case 14:
        return term(depth) + " | " + function();
      case 15:
        return "-" + term(depth);
      case 16:
        return "first(" + many(depth - 1) + ")";
      default:
        return term(depth);
    }
  }

  Value value(int depth) {
    switch (pick(depth > 0 ? 10 : 7)) {
      case 0:
        return {};
      case 1:
        return Value(pick(2) == 0);
      case 2:
        return Value(static_cast<std::int64_t>(pick(7)) - 3);
      case 3:
        return number();
      case 4:
        return Value(one_of(kTexts));
      case 5:
        return Value(static_cast<std::int64_t>(pick(100000)) * 1000003);
      case 6:
        return Value("x");
      case 7: {
        Array array;
        for (unsigned i = pick(4); i > 0; --i) array.push_back(value(depth - 1));
        return array;
      }
      default: {
        Object object;
        for (unsigned i = pick(5); i > 0; --i) object.insert_or_assign(name(), value(depth - 1));
        return object;
      }
    }
  }

  Value input() {
    Object object;
    object.emplace("a", Object{{"a", value(2)}, {"b", value(2)}, {"k", value(1)}, {"x-y", value(0)}});
    object.emplace("b", Array{value(2), value(2), value(1)});
    object.emplace("c", value(3));
    object.emplace("k", one_of({"a", "b", "k"}));
    return object;
  }

 private:
  // Integers as far as doubles know them exactly (beyond, native evaluation is the better one), and doubles of all
  // sizes.
  Value number() {
    static constexpr double kDoubles[] = {2.5,     -0.125,  0.1,    0.30000000000000004,    1e17,      -1e17,
                                          1e-5,    1.5e300, 5e-324, 1.7976931348623157e308, 12345.678, 1e15 + 0.5,
                                          -0.0001, -0.0,    3.0};
    static constexpr std::int64_t kIntegers[] = {9007199254740992, -9007199254740992, 4503599627370497, 1000000007, -1};
    if (pick(3) == 0) return Value(kIntegers[pick(5)]);
    return Value(kDoubles[pick(15)]);
  }

  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::string one_of(std::vector<std::string> list) { return list[pick(static_cast<unsigned>(list.size()))]; }
  std::string name() { return one_of({"a", "b", "c", "k", "x-y", "a", "b", "B", "", "aa", "ü", "😀", "\uffee"}); }
  std::string term(int depth) { return pick(3) == 0 ? leaf() : "(" + expression(depth - 1) + ")"; }

  std::string binary(int depth, std::vector<std::string> operators) {
    return term(depth) + " " + one_of(std::move(operators)) + " " + term(depth);
  }

  std::string path() {
    std::string text = one_of({".", "$x", "$context", ".a", ".b", ".c", ".", "."});
    for (unsigned i = pick(3); i > 0; --i) text += step(text);
    return text;
  }
  std::string step(const std::string& before) {
    const std::string index = one_of({"[0]", "[1]", "[-1]", "[\"a\"]", "[$x]", "[.k]"});
    const std::string field = one_of({".a", ".b", ".k", ".\"x-y\""});
    const std::string step = pick(3) == 0 ? index : before == "." ? field.substr(1) : field;
    return step + (pick(5) == 0 ? "?" : "");
  }

  std::string leaf() {
    switch (pick(8)) {
      case 0:
        return one_of({"0", "1", "2", "2.5", "1000", "1e3", "0.1", "1e17", "1.5e-7", "3.0", "9007199254740992"});
      case 1:
        return one_of({"\"a\"", "\"\"", "\"ab\"", "\"\\u00fc\\n\"", "\"\\ud83d\\ude00\"", "\"\\u0000\\/\"", "\"😀\""});
      case 2:
        return one_of({"true", "false", "null", "[]", "{}"});
      case 3:
        return "$x";
      default:
        return path();
    }
  }

  std::string many(int depth) {
    switch (pick(7)) {
      case 0:
        return path() + "[]";
      case 1:
        return path() + "[]?";
      case 2:
        return expression(depth) + ", " + leaf();
      case 3:
        return path() + "[]? | " + leaf();
      case 4:
        return "if " + path() + " then " + path() + "[]? else " + leaf() + ", " + leaf() + " end";
      case 5:
        return path() + "[]? // " + leaf();
      default:
        return expression(depth);
    }
  }

  std::string object(int depth) {
    std::string text = "{";
    for (unsigned i = 0, n = 1 + pick(3); i < n; ++i) {
      if (i > 0) text += ", ";
      text += one_of({"a", "$x", "\"x-y\"", "k: (" + expression(depth - 1) + ")", "\"n\\(.k)\": " + path(),
                      "(" + path() + "): " + leaf(), "or: " + path() + " | " + path(), "z: -" + path()});
    }
    return text + "}";
  }

  std::string function() {
    return one_of({"length",
                   "keys",
                   "add",
                   "any",
                   "all",
                   "not",
                   "tostring",
                   "tonumber",
                   "tojson",
                   "type",
                   "first",
                   "last",
                   "floor",
                   "ascii_downcase",
                   "ascii_upcase",
                   "has(\"a\")",
                   "has(0)",
                   "has(" + leaf() + ")",
                   "join(\",\")",
                   "join(" + leaf() + ")",
                   "startswith(\"a\")",
                   "endswith(" + leaf() + ")",
                   "empty",
                   "select(.)"});
  }

  std::mt19937 random_;
};

// One program for all expressions: compiling takes 40 ms, however long it is.
LibjqProgram together(const std::vector<std::string>& expressions) {
  std::string text;
  for (const std::string& e : expressions) {
    text += (text.empty() ? "[" : ",\n") + ("(try [first((" + e + "))] catch {e: .})");
  }
  return trust(text + "]", kVariables);
}

// Integers that doubles do not know: there, native evaluation is exact, and libjq is not.
bool has_big_integer(const Value& value) {
  constexpr std::int64_t kExact = 9007199254740992;
  if (value.is_int64()) return value.get_int64() > kExact || value.get_int64() < -kExact;
  if (value.is_array()) return std::any_of(value.get_array().begin(), value.get_array().end(), has_big_integer);
  if (!value.is_object()) return value.is_uint64();
  const auto& object = value.get_object();
  return std::any_of(object.begin(), object.end(), [](const auto& entry) { return has_big_integer(entry.value()); });
}

struct Outcome {
  std::string text;  // the output, or "error: …"
  bool punted = false;
};

Outcome run_native(const Node& node, const Data& input, const Arguments& arguments) {
  auto result = evaluate(node, input, arguments);
  if (result) {
    const Data data = *to_data(*std::move(result));
    return {std::string(data.text()), has_big_integer(data.value())};
  }
  if (is_punt(result.error())) return {"", true};
  return {"error: " + result.error().text};
}

Outcome of_libjq(const Value& value) {
  if (value.is_object()) {
    std::string text = "error: " + to_text(value.get_object().at("e"));
    // jq shortens values in its messages by bytes and may cut a character in two.
    for (std::size_t at; (at = text.find("\ufffd")) != std::string::npos;) text.erase(at, 3);
    return {text};
  }
  const Array& outputs = value.get_array();
  return {print(outputs.empty() ? Value() : outputs[0])};
}

void compare_batch(unsigned seed, std::size_t& compared, std::size_t& errors) {
  Generator generator(seed);
  std::vector<std::string> expressions;
  std::vector<Node> nodes;
  while (nodes.size() < 150) {
    std::string text = generator.expression(2);
    auto node = parse(text, kVariables);
    if (!node) continue;  // more outputs than the subset combines
    nodes.push_back(*std::move(node));
    expressions.push_back(std::move(text));
  }
  const LibjqProgram program = together(expressions);
  for (int round = 0; round < 8; ++round) {
    const Data input = Data::from_value(generator.input());
    const Data x = Data::from_value(generator.value(2));
    const Data context = Data::from_value(generator.value(2));
    const Arguments arguments = {{"x", x}, {"context", context}};
    const auto expected = evaluate(program, input, arguments);
    ASSERT_TRUE(expected) << expected.error().text;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Outcome native = run_native(nodes[i], input, arguments);
      if (native.punted) continue;
      const Outcome libjq = of_libjq(expected->value().get_array()[i]);
      ++compared;
      errors += native.text.starts_with("error: ") ? 1 : 0;
      EXPECT_EQ(native.text, libjq.text) << "seed " << seed << "\n  " << expressions[i] << "\n  on " << input.text()
                                         << "\n  $x " << x.text() << "\n  $context " << context.text();
    }
  }
}

TEST(NativeExpressions, AgreeWithLibjq) {
  std::size_t compared = 0;
  std::size_t errors = 0;
  for (unsigned seed = 1; seed <= 20 && !HasFailure(); ++seed) compare_batch(seed, compared, errors);
  EXPECT_GT(compared, 10'000u);  // the rest is left to libjq
  EXPECT_GT(errors, 1'000u);
  EXPECT_GT(compared - errors, 5'000u);
}

}  // namespace
}  // namespace baton::json::jq
