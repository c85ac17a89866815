#include "json/expression.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

namespace baton::json {
namespace {

const std::vector<std::string> kVariables = {"context", "input"};

Data data(std::string_view text) {
  return Data::from_text(std::string(text));
}

std::string compile_error(std::string_view text) {
  const auto e = Expression::compile(text, kVariables);
  return e ? "compiled" : e.error().text;
}

std::string run(std::string_view text, std::string_view input, std::string_view context = "null") {
  const auto e = Expression::compile(text, kVariables);
  if (!e) return "compile: " + e.error().text;
  const auto result = e->evaluate(data(input), {{"context", data(context)}});
  return result ? std::string(result->text()) : "error: " + result.error().text;
}

std::string reads(std::string_view text) {
  const auto e = Expression::compile(text, kVariables);
  if (!e) return e.error().text;
  std::string out;
  for (const Read& read : e->reads()) {
    out += (out.empty() ? "" : " ") + read.root;
    for (const std::string& key : read.path) out += "/" + key;
  }
  return out;
}

bool native(std::string_view text) {
  return Expression::compile(text, kVariables)->native();
}

constexpr std::string_view kLoan =
    R"({"loan":{"amount":5000,"applicant":{"name":"Ada"}},"criminal-activity":{"suspect":true},"tags":["a","b"]})";

TEST(Expression, PathsFollowKeysAndItems) {
  EXPECT_EQ(run(".loan.amount", kLoan), "5000");
  EXPECT_EQ(run(".\"criminal-activity\".suspect", kLoan), "true");
  EXPECT_EQ(run(".[\"loan\"][\"applicant\"].name", kLoan), "\"Ada\"");
  EXPECT_EQ(run(".tags[-1]", kLoan), "\"b\"");
  EXPECT_EQ(run(".nothing.at.all", kLoan), "null");
  EXPECT_EQ(run(".tags.x", kLoan), "error: Cannot index array with string \"x\"");
  EXPECT_EQ(run(".tags.x?", kLoan), "null");
}

TEST(Expression, ConstructionsOfTheLoanFlowRunNatively) {
  EXPECT_EQ(run("map({ (.check): . }) | add", R"([{"check":"credit","ok":true},{"check":"criminal","ok":false}])"),
            R"({"credit":{"check":"credit","ok":true},"criminal":{"check":"criminal","ok":false}})");
  EXPECT_EQ(run(".[0].data", R"([{"data":{"a":1}}])"), R"({"a":1})");
  EXPECT_EQ(run("{a: .loan.amount, $context, \"b\": [.tags[], 1]}", kLoan, "7"),
            R"({"a":5000,"context":7,"b":["a","b",1]})");
  EXPECT_TRUE(native("map({ (.check): . }) | add"));
  EXPECT_TRUE(native("{a: .loan.amount, $context, \"b\": [.tags[], 1]}"));
}

TEST(Expression, OnlyTheFirstOutputCounts) {
  EXPECT_EQ(run(".tags[]", kLoan), "\"a\"");
  EXPECT_EQ(run("empty", kLoan), "null");
  EXPECT_EQ(run("1, error(\"never reached\")", kLoan), "1");
}

TEST(Expression, WhatIsNotNativeRunsInLibjq) {
  EXPECT_FALSE(native(".tags | sort_by(.)"));
  EXPECT_EQ(run(".tags | reverse", kLoan), R"(["b","a"])");
  EXPECT_EQ(run("$context as $c | reduce range(0; $c) as $i (0; . + $i)", "null", "5"), "10");
  EXPECT_EQ(run("try error(\"x\") catch .", "1"), "\"x\"");
  EXPECT_EQ(run("error({a: 1})", "1"), "error: raised {\"a\":1}");
  EXPECT_EQ(run(". as [$a, $b] | {$a, $b} # a comment", "[1,2]"), R"({"a":1,"b":2})");
}

TEST(Expression, TypesThatNativeLeavesAloneGoToLibjq) {
  EXPECT_TRUE(native(". * 2"));
  EXPECT_EQ(run(". * 2", "\"ab\""), "\"abab\"");
  EXPECT_EQ(run(". / \",\"", "\"a,b\""), R"(["a","b"])");
  EXPECT_EQ(run(". * {\"a\":{\"c\":2}}", R"({"a":{"b":1}})"), R"({"a":{"b":1,"c":2}})");
  EXPECT_EQ(run("{x: (. * 2)}", "\"ab\""), R"({"x":"abab"})");
}

TEST(Expression, IntegersStayExact) {
  EXPECT_EQ(run(".", "9007199254740993"), "9007199254740993");
  EXPECT_EQ(run(". + 1", "9007199254740993"), "9007199254740994");
  EXPECT_EQ(run(". + 1", "9223372036854775807"), "9223372036854776000");
  EXPECT_EQ(run("6 / 3", "null"), "2");
  EXPECT_EQ(run("7 / 2", "null"), "3.5");
  EXPECT_EQ(run(".[4 / 2]", "[1,2,3]"), "3");
}

TEST(Expression, LongListsTakeNoMoreThanTheirLength) {
  // Each of these takes minutes when it is quadratic.
  std::string numbers = "[0";
  std::string words = "[\"w\"";
  for (int i = 1; i < 200'000; ++i) {
    numbers += "," + std::to_string(i);
    words += ",\"w\"";
  }
  numbers += "]";
  words += "]";
  EXPECT_EQ(run("join(\",\") | length", words), "399999");
  EXPECT_EQ(run("add | length", words), "200000");
  EXPECT_EQ(run("(. - $context) | length", numbers, numbers), "0");
  EXPECT_EQ(run(". - $context", "[9007199254740993,9007199254740992,1]", "[9007199254740992.0]"), "[1]");
  EXPECT_EQ(run(". - $context", "[9007199254740993,9007199254740992.0]", "[9007199254740992]"), "[9007199254740993]");
  EXPECT_EQ(run(". - [1, \"a\", {\"a\": 1}, 1.5]", R"([1.0,2,{"a":1.0},"a","b",1.5,1])"), R"([2,"b"])");
}

TEST(Expression, CompileErrorsAreJqs) {
  EXPECT_EQ(compile_error(".a +"), "jq: .a +: syntax error, unexpected $end");
  EXPECT_EQ(compile_error("{a: 1 + 2}"), "jq: {a: 1 + 2}: syntax error, unexpected '+', expecting '}'");
  EXPECT_EQ(compile_error("$nobody.a"), "jq: $nobody.a: $nobody is not defined");
  EXPECT_EQ(compile_error("frobnicate(1)"), "jq: frobnicate(1): frobnicate/1 is not defined");
  EXPECT_EQ(compile_error(".) | (."), "jq: .) | (.: unexpected ')'");
  EXPECT_EQ(compile_error("[1, 2"), "jq: [1, 2: '[' is never closed");
  EXPECT_EQ(compile_error("\"abc"), "jq: \"abc: a string is never closed");
  EXPECT_EQ(compile_error("  "), "jq:   : the expression is empty");
  EXPECT_EQ(compile_error(".a\xff"), "not UTF-8");
  EXPECT_NE(compile_error(std::string(100'000, ' ') + "1").find("too long"), std::string::npos);
}

TEST(Expression, NothingButTheInputIsSeen) {
  for (const char* text :
       {"now", "env.HOME", "$ENV.HOME", "input", "[inputs]", "debug", "halt", "\"\\(now)\"", "import \"a\" as a; 1",
        "1 | localtime", "input_filename", "_input", "_baton_call(\"match\"; [])"}) {
    EXPECT_NE(compile_error(text), "compiled") << text;
  }
  // The forms in which they hide: a slice's bound looks like a key, and a variable's name may stand apart.
  for (const char* text :
       {".[now:]", ".[input:]", "{a: .[halt :]}", "[.[debug # a key? no\n:]]", "$ ENV.HOME", "$\t# a comment\n ENV"}) {
    EXPECT_NE(compile_error(text).find("can't be used here"), std::string::npos) << text << compile_error(text);
  }
  EXPECT_EQ(run(".now + .env", R"({"now":1,"env":2})"), "3");
  EXPECT_EQ(run("{now: 1, input: 2} | to_entries | length", "null"), "2");
}

TEST(Expression, DataCannotBringLibjqDown) {
  EXPECT_EQ(run(".t | todate", R"({"t":1e300})"), "error: time out of range");
  EXPECT_EQ(run(".t | strftime(\"%Y\")", R"({"t":-1e18})"), "error: time out of range");
  EXPECT_EQ(run("strftime(.f)", R"({"f":1})"), "error: strftime/1 requires a string format");
  EXPECT_EQ(run(". as $in | .text | index($in.part)", R"({"text":"abc","part":""})"), "null");
  EXPECT_EQ(run(". as $in | .text | [rindex($in.part), indices($in.part)]", R"({"text":"abc","part":""})"),
            "[null,[]]");
  EXPECT_EQ(run(".[.n] = 1", R"({"n":1e9})"), "error: Cannot index object with number");
  EXPECT_EQ(run("[] | .[1e9] = 1", "null"), "error: Array index too large");
  EXPECT_EQ(run(". as $in | [] | .[$in] |= 1", "1e9"), "error: Array index too large");
  EXPECT_EQ(run(". as $n | \"abc\" * $n", "1e9"), "error: the text would be too long");
  EXPECT_EQ(run(".[0] % .[1]", "[-9223372036854775808,-1]"), "0");
  EXPECT_EQ(run(". as $n | [range(0)] | .[($n | tonumber):]", "\"nan\""), "error: not a number");
  EXPECT_EQ(run("del(.[fromjson]?)", "\"nan\""), "error: not a number");
  EXPECT_EQ(run(". as $n | \"\" * $n", "1e9"), "error: the text would be too long");
  EXPECT_EQ(run("jn(.; 1)", "1e18"), "error: order out of range");
  EXPECT_EQ(run("yn(.; 1)", "-1e18"), "error: order out of range");
}

TEST(Expression, GuardsLeaveTheRestAsItIs) {
  EXPECT_EQ(run(".t | todate", R"({"t":1769850000})"), "\"2026-01-31T09:00:00Z\"");
  EXPECT_EQ(run(".s | fromdate", R"({"s":"2026-01-31T09:00:00Z"})"), "1769850000");
  EXPECT_EQ(run("index(\"c\"), 1", "\"abc\""), "2");
  EXPECT_EQ(run("[.[] | rindex(1)]", "[[1,2,1],[2]]"), "[2,null]");
  EXPECT_EQ(run("[null | index(\"c\")]", "1"), "[null]");
  EXPECT_EQ(run(".a[2] = 1", R"({"a":[0]})"), R"({"a":[0,null,1]})");
  EXPECT_EQ(run("(.a, .b) |= . + 1", R"({"a":1,"b":2})"), R"({"a":2,"b":3})");
  EXPECT_EQ(run("(.[] | select(. > 1)) |= empty", "[1,2]"), "[1]");
  EXPECT_EQ(run("[(1, 2) * (3, 4)]", "0"), "[3,6,4,8]");
  EXPECT_EQ(run("[(7, 9) % (4, 5)], [sort]", "0"), "[3,1,2,4]");
  EXPECT_EQ(run("reduce .[] as $x (1; . * $x)", "[2,3,4]"), "24");
  EXPECT_EQ(run("del(.a[1, 2], .b)", R"({"a":[1,2,3],"b":1})"), R"({"a":[1]})");
  EXPECT_EQ(run("[.[] | fromjson], [sort]", R"(["[1,{}]","2"])"), "[[1,{}],2]");
  EXPECT_EQ(run("fromstream(tostream)", R"({"a":[1,{"b":2}]})"), R"({"a":[1,{"b":2}]})");
  EXPECT_EQ(run("def match: 7; match", "null"), "7");
}

TEST(Expression, RegularExpressionsMayMatchNothingAnywhere) {
  EXPECT_EQ(run("[match(\"x*\"; \"g\").offset]", "\"\xf0\x9f\x98\x80\""), "[0,1]");
  EXPECT_EQ(run("gsub(\"^\"; \"y\")", "\"aaa\""), "\"yaaa\"");
  EXPECT_EQ(run("gsub(\"(?=a)\"; \"y\")", "\"aaa\""), "\"yayaya\"");
  EXPECT_EQ(run("gsub(\"\"; \"-\")", "\"a\u00fc\""), "\"-a-\xc3\xbc-\"");
  EXPECT_EQ(run("[scan(\"\")]", "\"aa\""), R"(["","",""])");
  EXPECT_EQ(run("[capture([\"(?<x>b*)\", \"g\"])]", "\"ab\""), R"([{"x":""},{"x":"b"},{"x":""}])");
  EXPECT_EQ(run("[match(\"(a)|(?<n>b)\").captures[] | [.name, .offset, .string]]", "\"b\""),
            R"([[null,-1,null],["n",0,"b"]])");
  EXPECT_EQ(run("gsub(\"(?<x>[a-z])\"; \"<\\(.x)>\")", "\"a1b\""), "\"<a>1<b>\"");
  EXPECT_EQ(run("[sub(\"(?<x>a)\"; \"1\", \"2\")]", "\"bab\""), R"(["b1b","b2b"])");
  EXPECT_EQ(run("[match(\"a\"; \"g\").offset]", "\"aba\""), "[0,2]");
  EXPECT_EQ(run("[scan(\"[0-9]+\")]", "\"a12b3\""), R"(["12","3"])");
  EXPECT_EQ(run("[scan(\"([a-z])([0-9])\")]", "\"a1b2\""), R"([["a","1"],["b","2"]])");
  EXPECT_EQ(run("[splits(\", *\")], [sort]", "\"x, y,z\""), R"(["x","y","z"])");
  EXPECT_EQ(run("split(\"a\"; \"i\")", "\"xAy\""), R"(["x","y"])");
  EXPECT_EQ(run("capture(\"(?<n>[0-9]+)\").n, test(\"x*\")", "\"a12\""), "\"12\"");
  EXPECT_EQ(run("[test(\"A\"), test(\"A\"; \"i\"), test([\"A\", \"i\"])]", "\"a\""), "[false,true,true]");
  EXPECT_EQ(run("try test(\"(\") catch \"caught\"", "\"a\""), "\"caught\"");
  EXPECT_EQ(run("test(\"a\"; \"q\")", "\"a\""), "error: q is not a valid modifier string");
  EXPECT_EQ(run("test(\"a\")", "1"), "error: number (1) cannot be matched, as it is not a string");
  EXPECT_EQ(run("test(\"^(a|aa)+$\")", "\"" + std::string(60, 'a') + "b\""),
            "error: the regular expression takes too long on this text");
}

TEST(Expression, WhatIsNestedTooDeeplyIsAnError) {
  const auto wrap = Expression::compile("{a: .}", kVariables);
  const auto libjq = Expression::compile("{a: .} | [sort_by(1)?] as $none | .", kVariables);
  const auto text = Template::compile(Value(Object{{"a", "${ . }"}, {"b", 1}}), kVariables);
  const auto nested = [](const auto& step) {
    Data data;
    for (int depth = 0; depth < 2000; ++depth) {
      auto next = step->evaluate(data, {});
      if (!next) return std::pair(depth, next.error().text);
      data = Data::from_text(std::string(next->text()));
      data.value();
    }
    return std::pair(2000, std::string());
  };
  const auto expected = std::pair(512, std::string("the result is nested too deeply"));
  EXPECT_EQ(nested(wrap), expected);
  EXPECT_EQ(nested(libjq), expected);
  EXPECT_EQ(nested(text), expected);
}

TEST(Expression, TruthIsEverythingButFalseAndNull) {
  const auto test = [](std::string_view text, std::string_view input) {
    return *Expression::compile(text, kVariables)->test(data(input), {});
  };
  EXPECT_TRUE(test(".", "0"));
  EXPECT_TRUE(test(".", "\"\""));
  EXPECT_TRUE(test(".a", R"({"a":[]})"));
  EXPECT_FALSE(test(".a", R"({"a":false})"));
  EXPECT_FALSE(test(".a", "null"));
  EXPECT_FALSE(test("empty", "1"));
  EXPECT_TRUE(test("sort_by(.)", "[2]"));
}

TEST(Expression, IdentityAndPathsShareTheInputsTree) {
  const Data input = data(kLoan);
  const auto whole = Expression::compile(" . ", kVariables);
  EXPECT_TRUE(whole->identity());
  EXPECT_EQ(&whole->evaluate(input, {})->value(), &input.value());
  const auto part = Expression::compile(".loan | .applicant", kVariables)->evaluate(input, {});
  EXPECT_EQ(&part->value(), &input.value().at("loan").at("applicant"));
  EXPECT_FALSE(Expression::compile("$context", kVariables)->identity());
}

TEST(Expression, ALaterArgumentHidesAnEarlierOne) {
  const auto e = Expression::compile("$context", kVariables);
  EXPECT_EQ(e->evaluate(Data(), {{"context", data("1")}, {"context", data("2")}})->text(), "2");
  const auto libjq = Expression::compile("[$context] | sort_by(.)", kVariables);
  EXPECT_EQ(libjq->evaluate(Data(), {{"context", data("1")}, {"context", data("2")}})->text(), "[2]");
  EXPECT_EQ(libjq->evaluate(Data(), {})->text(), "[null]");
}

TEST(Expression, ReadsAreWhatTheValueDependsOn) {
  EXPECT_EQ(reads(".a.b"), "./a/b");
  EXPECT_EQ(reads(".[0].data"), "./[0]/data");
  EXPECT_EQ(reads("$context.k + .n"), "$context/k ./n");
  EXPECT_EQ(reads(".a | .b | .c"), "./a/b/c");
  EXPECT_EQ(reads("{x: .a.b, y: .a, $input}"), "$input ./a");
  EXPECT_EQ(reads(".items | map(.price) | add"), "./items");
  EXPECT_EQ(reads("[.items[].price]"), "./items");
  EXPECT_EQ(reads("if .kind == \"x\" then .a.b else $context.c end"), "$context/c ./a/b ./kind");
  EXPECT_EQ(reads("(.a // .b).c"), "./a ./b/c");
  EXPECT_EQ(reads(".list[.n]"), "./list ./n");
  EXPECT_EQ(reads(".a | 1"), "./a");
  EXPECT_EQ(reads(".a | $context"), "$context ./a");
  EXPECT_EQ(reads("\"x\\(.a.b)\""), "./a/b");
  EXPECT_EQ(reads(".a | select(.b)"), "./a");
  EXPECT_EQ(reads(".a | first"), "./a/[0]");
  EXPECT_EQ(reads("1"), "");
  EXPECT_EQ(reads("."), ".");
  EXPECT_EQ(reads("$context.a as $x | $x | sort_by(.)"), "$context .");
  EXPECT_EQ(reads("$ # of the flow\n context | sort_by(.)"), "$context .");
}

TEST(Expression, ReadsNeverMiss) {
  // Whatever is taken away outside of what is read changes nothing.
  std::mt19937 random(3);
  const std::vector<std::string> texts = {".a.b",
                                          ".a | .b.c?",
                                          "{x: .b, y: .a.b}",
                                          "[.a[]?]",
                                          ".a.b // .c",
                                          "if .a then .b else .c end",
                                          ".c | select(.b)",
                                          ".a | map(.b?)?  // .b",
                                          "[.a, .b.c?] | length",
                                          ".b | first?"};
  std::vector<Expression> expressions;
  for (const std::string& text : texts) expressions.push_back(*Expression::compile(text, kVariables));
  for (int i = 0; i < 2000; ++i) {
    Object full;
    for (const char* key : {"a", "b", "c"}) {
      if (random() % 3 != 0)
        full[key] = random() % 2 == 0 ? Value(static_cast<std::int64_t>(random() % 3))
                                      : Value(Object{{"b", 1}, {"c", Object{{"c", 2}}}});
    }
    const Expression& e = expressions[random() % expressions.size()];
    Object kept;
    for (const Read& read : e.reads()) {
      for (const auto& entry : full) {
        if (read.path.empty() || read.path[0] == entry.key()) kept[entry.key()] = entry.value();
      }
    }
    const auto with_all = e.evaluate(Data::from_value(full), {});
    const auto with_read = e.evaluate(Data::from_value(kept), {});
    ASSERT_EQ(with_all.has_value(), with_read.has_value()) << e.text() << print(full);
    if (with_all) {
      EXPECT_TRUE(equal(with_all->value(), with_read->value())) << e.text() << print(full);
    }
  }
}

TEST(Expression, EveryThreadMayEvaluate) {
  const auto e = Expression::compile("[.[] | . * 2] | sort_by(-.)", kVariables);
  ASSERT_TRUE(e);
  std::vector<std::string> results(3);
  std::vector<std::thread> threads;
  for (std::string& result : results) {
    threads.emplace_back([&e, &result] { result = e->evaluate(data("[1,3,2]"), {})->text(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : results) EXPECT_EQ(result, "[6,4,2]");
}

TEST(Expression, RandomTextNeverCrashes) {
  std::mt19937 random(4);
  const std::vector<std::string> pieces = {
      ".", ".a", "[",  "]", "{",   "}",      "(",      ")",    "|",    ",", "\"", "\\(",   "$context", "$x", "1",
      "-", "+",  "//", "?", "if ", " then ", " else ", " end", "map(", ":", "a",  " and ", "..",       "#",  "\\u12"};
  int compiled = 0;
  // Few of those that only libjq knows: it takes 40 ms to compile one.
  for (int i = 0, asked = 0; i < 20'000 && asked < 20; ++i) {
    std::string text;
    for (std::size_t n = 1 + random() % 9; n > 0; --n) text += pieces[random() % pieces.size()];
    const auto e = Expression::compile(text, kVariables);
    if (!e) {
      asked += e.error().text.find("not defined") != std::string::npos ? 1 : 0;
      continue;
    }
    ++compiled;
    if (!e->native()) ++asked;
    (void)e->evaluate(data(kLoan), {{"context", data("1")}});
  }
  EXPECT_GT(compiled, 10);
}

TEST(Expression, LongAndDeepTextsAreEvaluatedOrRefused) {
  std::string sum = "1";
  for (int i = 0; i < 900; ++i) sum += "+1";
  EXPECT_EQ(run(sum, "null"), "901");
  EXPECT_EQ(run(std::string(90, '(') + "1" + std::string(90, ')'), "null"), "1");
  EXPECT_NE(compile_error(std::string(5'000, '[')), "compiled");
}

TEST(Unwrap, OnlyAWholeExpressionCounts) {
  EXPECT_EQ(unwrap("${ .a }"), " .a ");
  EXPECT_EQ(unwrap("  ${.a}\n"), ".a");
  EXPECT_EQ(unwrap("${}"), std::nullopt);
  EXPECT_EQ(unwrap("x ${ .a }"), std::nullopt);
  EXPECT_EQ(unwrap("${ .a } x"), std::nullopt);
  EXPECT_EQ(unwrap("{ .a }"), std::nullopt);
  EXPECT_EQ(unwrap(""), std::nullopt);
}

Template must_compile(std::string_view text) {
  auto compiled = Template::compile(*parse(text), kVariables);
  EXPECT_TRUE(compiled) << (compiled ? "" : compiled.error().text);
  return *compiled;
}

TEST(Template, LeavesAreEvaluatedAndTheRestIsKept) {
  const Template t = must_compile(
      R"({"to":"${ .loan.applicant.name }","n":1,"list":["${ $context }","text ${ .x }"],"none":"${ empty }"})");
  EXPECT_EQ(t.evaluate(data(kLoan), {{"context", data("[1]")}})->text(),
            R"({"to":"Ada","n":1,"list":[[1],"text ${ .x }"],"none":null})");
  EXPECT_FALSE(t.constant());
  EXPECT_FALSE(t.identity());
  ASSERT_EQ(t.reads().size(), 2u);
}

TEST(Template, AConstantIsEvaluatedOnce) {
  const Template t = must_compile(R"({"a":[1,{"b":"c"}]})");
  EXPECT_TRUE(t.constant());
  EXPECT_EQ(&t.evaluate(Data(), {})->value(), &t.evaluate(data("1"), {})->value());
  EXPECT_EQ(print(t.source()), R"({"a":[1,{"b":"c"}]})");
  EXPECT_TRUE(must_compile("\"${ 12 }\"").constant());
  EXPECT_TRUE(must_compile("null").constant());
}

TEST(Template, AWholeExpressionSharesItsResult) {
  const Template t = must_compile("\"${ .loan }\"");
  const Data input = data(kLoan);
  EXPECT_EQ(&t.evaluate(input, {})->value(), &input.value().at("loan"));
  EXPECT_TRUE(must_compile("\"${ . }\"").identity());
}

TEST(Template, ExpressionPropertiesNeedNoMarks) {
  const auto bare = Template::compile_expression(".loan.amount > 10", kVariables);
  const auto marked = Template::compile_expression("${ .loan.amount > 10 }", kVariables);
  EXPECT_EQ(bare->evaluate(data(kLoan), {})->text(), "true");
  EXPECT_EQ(marked->evaluate(data(kLoan), {})->text(), "true");
  EXPECT_EQ(print(bare->source()), "\".loan.amount > 10\"");
}

TEST(Template, ErrorsComeFromTheLeaf) {
  EXPECT_EQ(Template::compile(*parse(R"({"a":["${ .a + }"]})"), kVariables).error().text,
            "jq:  .a + : syntax error, unexpected $end");
  EXPECT_EQ(must_compile(R"({"a":"${ .tags.x }"})").evaluate(data(kLoan), {}).error().text,
            "Cannot index array with string \"x\"");
}

}  // namespace
}  // namespace baton::json
