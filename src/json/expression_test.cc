#include "json/expression.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
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

std::string run(std::string_view text, std::string_view input, std::string_view context = "null",
                const Budget& budget = {}) {
  const auto e = Expression::compile(text, kVariables);
  if (!e) return "compile: " + e.error().text;
  const auto result = e->evaluate(data(input), {{"context", data(context)}}, budget);
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

TEST(Expression, ConstructionsOfTheLoanFlow) {
  EXPECT_EQ(run("map({ (.check): . }) | add", R"([{"check":"credit","ok":true},{"check":"criminal","ok":false}])"),
            R"({"credit":{"check":"credit","ok":true},"criminal":{"check":"criminal","ok":false}})");
  EXPECT_EQ(run(".[0].data", R"([{"data":{"a":1}}])"), R"({"a":1})");
  EXPECT_EQ(run("{a: .loan.amount, $context, \"b\": [.tags[], 1]}", kLoan, "7"),
            R"({"a":5000,"context":7,"b":["a","b",1]})");
}

TEST(Expression, OnlyTheFirstOutputCounts) {
  EXPECT_EQ(run(".tags[]", kLoan), "\"a\"");
  EXPECT_EQ(run("empty", kLoan), "null");
  EXPECT_EQ(run("1, error(\"never reached\")", kLoan), "1");
}

TEST(Expression, TheRestOfTheLanguage) {
  EXPECT_EQ(run(".tags | reverse", kLoan), R"(["b","a"])");
  EXPECT_EQ(run("$context as $c | reduce range(0; $c) as $i (0; . + $i)", "null", "5"), "10");
  EXPECT_EQ(run("try error(\"x\") catch .", "1"), "\"x\"");
  EXPECT_EQ(run("error({a: 1})", "1"), "error: raised {\"a\":1}");
  EXPECT_EQ(run(". as [$a, $b] | {$a, $b} # a comment", "[1,2]"), R"({"a":1,"b":2})");
}

TEST(Expression, OperatorsOnOtherTypes) {
  EXPECT_EQ(run(". * 2", "\"ab\""), "\"abab\"");
  EXPECT_EQ(run(". / \",\"", "\"a,b\""), R"(["a","b"])");
  EXPECT_EQ(run(". * {\"a\":{\"c\":2}}", R"({"a":{"b":1}})"), R"({"a":{"b":1,"c":2}})");
  EXPECT_EQ(run("{x: (. * 2)}", "\"ab\""), R"({"x":"abab"})");
}

TEST(Expression, IntegersStayExact) {
  EXPECT_EQ(run(".", "9007199254740993"), "9007199254740993");
  EXPECT_EQ(run(". + 1", "9007199254740993"), "9007199254740994");
  EXPECT_EQ(run(". + 1", "9223372036854775807"), "9223372036854775808");
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
  EXPECT_EQ(run(". - $context", "[9007199254740993,9007199254740992,1]", "[9007199254740992.0]"),
            "[9007199254740993,1]");
  EXPECT_EQ(run(". - $context", "[9007199254740993,9007199254740992.0]", "[9007199254740992]"), "[9007199254740993]");
  EXPECT_EQ(run(". - [1, \"a\", {\"a\": 1}, 1.5]", R"([1.0,2,{"a":1.0},"a","b",1.5,1])"), R"([2,"b"])");
}

TEST(Expression, CompileErrorsSayWhereAndWhat) {
  EXPECT_EQ(compile_error(".a +"), "jq: .a +: column 5: unexpected the end, expected a value");
  EXPECT_EQ(compile_error("{a: 1 + 2}"),
            "jq: {a: 1 + 2}: column 7: unexpected '+', expected '}' or ','; put a value with operators into brackets: "
            "{a: (1 + 2)}");
  EXPECT_EQ(compile_error("$nobody.a"), "jq: $nobody.a: $nobody is not defined: there is $context and $input");
  EXPECT_EQ(compile_error("1 as $x | $y"), "jq: 1 as $x | $y: $y is not defined: there is $context, $input and $x");
  EXPECT_EQ(compile_error("frobnicate(1)"), "jq: frobnicate(1): column 1: there is no function frobnicate/1");
  EXPECT_EQ(compile_error("length(1)"), "jq: length(1): column 1: there is no function length/1 (there is length/0)");
  EXPECT_EQ(compile_error(".) | (."), "jq: .) | (.: column 2: unexpected ')', expected the end");
  EXPECT_EQ(compile_error("[1, 2"), "jq: [1, 2: column 6: unexpected the end, expected ']'");
  EXPECT_EQ(compile_error("\"abc"), "jq: \"abc: column 1: the text that begins here is never closed");
  EXPECT_EQ(compile_error("  "), "jq:   : column 3: unexpected the end, expected a value");
  EXPECT_EQ(compile_error("1\n + ü"), "jq: 1\n + ü: line 2, column 4: unexpected 'ü', expected a value");
  EXPECT_EQ(compile_error("1 == 2 == 3"),
            "jq: 1 == 2 == 3: column 8: unexpected '==', expected brackets, as comparisons can't be chained");
  EXPECT_EQ(compile_error("break $out"), "jq: break $out: break: there is no label $out around it");
  EXPECT_EQ(compile_error(".a\xff"), "not UTF-8");
  EXPECT_NE(compile_error(std::string(100'000, ' ') + "1").find("too long"), std::string::npos);
}

TEST(Expression, WhatSeesMoreThanTheInputIsRefusedByName) {
  for (const char* text : {"now",
                           "env.HOME",
                           "$ENV.HOME",
                           "input",
                           "[inputs]",
                           "stderr",
                           "halt",
                           "\"\\(now)\"",
                           "import \"a\" as a; 1",
                           "include \"a\"; 1",
                           "input_filename",
                           "input_line_number",
                           "$__loc__",
                           "$__prog_args",
                           "modulemeta",
                           "get_search_list",
                           "halt_error",
                           "1 | halt_error(1)",
                           ".[now:]",
                           ".[input:]",
                           "{a: .[halt :]}",
                           "{$__loc__}",
                           "$ ENV.HOME",
                           "$\t# a comment\n ENV"}) {
    const std::string error = compile_error(text);
    EXPECT_NE(error.find("can't be used here: "), std::string::npos) << text << ": " << error;
  }
  EXPECT_EQ(compile_error("1 | now"),
            "jq: 1 | now: 'now' can't be used here: an expression depends on its input alone; take the time from a "
            "variable or from the data");
  EXPECT_EQ(run(".now + .env", R"({"now":1,"env":2})"), "3");
  EXPECT_EQ(run("{now: 1, input: 2} | to_entries | length", "null"), "2");
  EXPECT_EQ(run("def now: 5; now", "null"), "5");
}

TEST(Expression, WhatDataMayBringIsAnError) {
  EXPECT_EQ(run(".t | todate", R"({"t":1e300})"), "error: error converting number of seconds since epoch to datetime");
  EXPECT_EQ(run(".t | strftime(\"%Y\")", R"({"t":-1e18})"),
            "error: error converting number of seconds since epoch to datetime");
  EXPECT_EQ(run("strftime(.f)", R"({"f":1})"), "error: strftime/1 requires parsed datetime inputs");
  EXPECT_EQ(run(".f | strftime(.)", R"({"f":1})"), "error: strftime/1 requires a string format");
  EXPECT_EQ(run(". as $in | .text | index($in.part)", R"({"text":"abc","part":""})"), "null");
  EXPECT_EQ(run(". as $in | .text | [rindex($in.part), indices($in.part)]", R"({"text":"abc","part":""})"),
            "[null,[]]");
  EXPECT_EQ(run(".[.n] = 1", R"({"n":1e9})"), "error: Cannot index object with number");
  EXPECT_EQ(run("[] | .[1e9] = 1", "null"), "error: Array index too large");
  EXPECT_EQ(run(". as $in | [] | .[$in] |= 1", "1e9"), "error: Array index too large");
  EXPECT_EQ(run(".[0] % .[1]", "[-9223372036854775808,-1]"), "0");
  EXPECT_EQ(run(". as $n | [range(3)] | .[($n | tonumber):]", "\"nan\""), "[0,1,2]");
  EXPECT_EQ(run(".b[nan:1]", R"({"b":[1,2,3]})"), "[1]");
  EXPECT_EQ(run("first(paths)", R"({"b":1})"), "[\"b\"]");
  EXPECT_EQ(run("del(.[fromjson]?)", "\"nan\""), "\"nan\"");
  EXPECT_EQ(run(". as $n | \"\" * $n", "1e9"), "\"\"");
  EXPECT_EQ(run("jn(.; 1)", "1e18"), "null");
  EXPECT_EQ(run("[strptime(\"%s\")?]", "\"1\""), "[]");
}

TEST(Expression, FunctionsByExample) {
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
  EXPECT_EQ(run("[limit(4; 1 | repeat(. * 2))]", "null"), "[1,2,4,8]");
  EXPECT_EQ(run("from_entries", R"([{"k":"a","v":1},{"name":"b","value":false},{"key":null},{"key":true,"value":2}])"),
            R"({"a":1,"b":false,"null":null,"true":2})");
  EXPECT_EQ(run("[.[] | trim, ltrim, rtrim]", R"([" a "])"), R"(["a","a "," a"])");
  EXPECT_EQ(run("[toarray, ([1] | toarray)]", "1"), "[[1],[1]]");
  EXPECT_EQ(run("[.[] | abs]", "[-1,0,2.5,-9007199254740993]"), "[1,0,2.5,9007199254740993]");
  EXPECT_EQ(run("[@base32, (@base32 | @base32d), @html]", "\"it's\""), R"(["NF2CO4Y=","it's","it&#39;s"])");
  EXPECT_EQ(run("[have_literal_numbers, have_decnum, isvalid(error), (65 | ascii), [leaf_paths]]", "[1,[2]]"),
            R"([true,false,false,"A",[[0],[1,0]]])");
  EXPECT_EQ(run("[(0 | date), (0 | dateadd(\"seconds\"; 5)), (9 | datesub(\"seconds\"; 5)), add(.[]), [skip(1; .[])]]",
                "[1,2,3]"),
            R"(["1970-01-01T00:00:00Z",5,4,6,[2,3]])");
  EXPECT_EQ(run("[0 | localtime, strflocaltime(\"%Z\")]", "1"), R"([[1970,0,1,0,0,0,4,0],"UTC"])");
  EXPECT_EQ(run("[path(limit(1; .a, .b)), path(first(.a, .b)), path(getpath([\"a\", \"b\"]))]", "null"),
            R"([["a"],["a"],["a","b"]])");
  EXPECT_EQ(run("[.[] | fromdate]", R"(["1969-12-31T23:59:59Z"])"), "[-1]");
  EXPECT_EQ(run("[label $f | .[] as [$a] ?// $a | ., break $f] | length", "[1, 2]"), "1");
  EXPECT_EQ(run("(.a, .b.c) |= error(\"x\")", R"({"b":1})"), "error: Cannot index number with string \"c\"");
  EXPECT_EQ(run("[(\"nan\" | fromjson | isnan), (try (\"[nan]\" | fromjson) catch \"no\"), (1e2 | tojson)]", "1"),
            R"([true,"no","1e2"])");
  EXPECT_EQ(run("[3 | exp10, pow10]", "1"), "[1000,1000]");
  EXPECT_EQ(run("5 as $x | reduce (1, 2) as $x ($x; . + $x)", "null"), "8");
  EXPECT_EQ(run("(.a, .a.b) |= (select(type == \"number\") | error(\"seen\"))", R"({"a":{"b":1}})"), "error: seen");
  EXPECT_EQ(run("[limit([]; empty)]", "null"), "[]");
  EXPECT_EQ(run("debug, 1", "7"), "7");
  EXPECT_EQ(run("builtins | length > 200", "7"), "true");
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
}

TEST(Expression, WhatIsNestedTooDeeplyIsAnError) {
  const auto wrap = Expression::compile("{a: .}", kVariables);
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
  const std::string expected = "nested too deeply: at most 512 levels are allowed";
  EXPECT_EQ(nested(wrap), std::pair(512, expected));
  EXPECT_EQ(nested(text), std::pair(513, expected));
}

constexpr std::string_view kTooLong = "error: the expression takes too long: at most 4000000 steps are allowed";
constexpr std::string_view kSoonTooLong = "error: the expression takes too long: at most 200000 steps are allowed";
constexpr std::string_view kTooMuch = "error: the expression takes too much memory: at most 4 MiB are allowed";
constexpr std::string_view kTooDeep = "error: calls within calls: at most 1500 levels are allowed";
constexpr std::string_view kNested = "error: nested too deeply: at most 512 levels are allowed";

TEST(Budget, EndlessExpressionsEnd) {
  EXPECT_EQ(run("0 | until(false; . + 1)", "null"), kTooLong);
  for (const char* text :
       {"0 | until(false; . + 1)", "limit(1; repeat(.) | select(false))", "def f: f; f", "recurse(.) | select(false)",
        "try (0 | until(false; . + 1)) catch 1", "(repeat(1) | select(. == 2))? // 1",
        "first(range(1; 0; -0.0000001) | empty)", "label $f | repeat(1) | if . == 2 then break $f else empty end",
        "[[range(20)] | combinations(6)] | length", "reduce range(60) as $i (1; [., .]) | tojson",
        "[reduce range(60) as $i (1; [., .])] | flatten", "(reduce range(60) as $i (1; [., .])) | . == (.[0] | [., .])",
        "(\"a\" * 60 + \"b\") | test(\"^(a|aa)+$\")",
        "def f: if length == 0 then 0 else .[1:] | f end; [range(20000)] | f",
        "[range(2000)] | map(. as $x | [range(2000)] | index($x)) | length"}) {
    EXPECT_EQ(run(text, "null", "null", {.steps = 200'000}), kSoonTooLong) << text;
  }
}

TEST(Budget, MemoryIsCountedBeforeItIsTaken) {
  for (const char* text : {"[range(1000000000)] | length", "\"x\" * 1000000000", "[1] | .[500000000] = 1",
                           "null | setpath([100000000]; 1)", "reduce range(100) as $i (\"ab\"; . + .)",
                           "reduce range(100) as $i ([1]; . + .)", "ltrimstr(\"x\" * 1e9)",
                           "reduce range(1000) as $i (.; tojson)", "reduce range(60) as $i (1; [., .])",
                           "\"<\" * 3000000 | @html | @html | @html", "[limit(3000; repeat(\"x\" * 30000))] | add",
                           "[range(3000000)] | map(tostring)", "[limit(100000; repeat(\"x\" * 1000 | [.]))]"}) {
    EXPECT_EQ(run(text, "null", "null", {.bytes = 4 << 20}), kTooMuch) << text;
  }
}

constexpr auto kDeep = std::to_array<const char*>(
    {"def f: f | f; f", "def f: [f]; f", "def f: {a: f}; f", "def f(g): f(g | g); f(.)", "def f($a): f($a + 1); f(1)",
     "def f: \"\\(f)\"; f", "def f: reduce f as $x (0; .); f", "def f: first(f); f", "def f: .a |= f; f",
     "0 | last(recurse(if . < 100000 then . + 1 else empty end, empty))"});

// On a stack as short as threads have them, whatever the build makes of a call.
TEST(Budget, NoStackIsTooShort) {
  for (const std::size_t size : {std::size_t{256} << 10, std::size_t{1} << 20, std::size_t{4} << 20}) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    ASSERT_EQ(pthread_attr_setstacksize(&attributes, size), 0);
    pthread_t thread;
    const auto body = [](void*) -> void* {
      for (const char* text : kDeep) EXPECT_EQ(run(text, "null"), kTooDeep) << text;
      EXPECT_EQ(run("[range(10)] | map(. * 2) | add", "null"), "90");
      return nullptr;
    };
    ASSERT_EQ(pthread_create(&thread, &attributes, body, nullptr), 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
  }
}

TEST(Budget, DepthIsBounded) {
  for (const char* text : kDeep) {
    EXPECT_EQ(run(text, "null"), kTooDeep) << text;
  }
  EXPECT_EQ(run("reduce range(300000) as $i (1; [.])", "null"), kNested);
  EXPECT_EQ(run("[limit(600; repeat(\"a\"))][1:] as $p | null | setpath($p; 1)", "null"), kNested);
  EXPECT_EQ(run("reduce range(600) as $i (1; try error([.]) catch .)", "null"), kNested);
  EXPECT_EQ(run("fromjson", "\"" + std::string(600, '[') + std::string(600, ']') + "\"").substr(0, 12), "error: JSON,");
}

TEST(Budget, WhatEndsInTimeIsEvaluated) {
  EXPECT_EQ(run("def f: if . > 300000 then . else . + 1 | f end; 0 | f", "null"), "300001");
  EXPECT_EQ(run("[range(1000000)] | length", "null"), "1000000");
  EXPECT_EQ(run("[recurse(if . < 100000 then . + 1 else empty end)] | length", "0"), "100001");
  EXPECT_EQ(run("reduce range(100000) as $i ({}; .[\"k\\($i)\"] = $i) | length", "null"), "100000");
  EXPECT_EQ(run("reduce range(100000) as $i ([]; . + [$i]) | length", "null"), "100000");
  EXPECT_EQ(run("reduce range(30000) as $i ({a: [range(30000)]}; .a[$i] |= . + 1) | .a | length", "null"), "30000");
  EXPECT_EQ(run("[range(100000)] | del(.[] | select(. % 2 == 0)) | length", "null"), "50000");
  EXPECT_EQ(run("{a: [range(100000)]} | (.a[] | select(. % 2 == 0)) |= empty | .a | length", "null"), "50000");
  EXPECT_EQ(run("\"a\" * 100000 | gsub(\"a\"; \"bb\") | length", "null"), "200000");
  EXPECT_EQ(run("[limit(5; repeat(1))] | add", "null"), "4");
}

TEST(Budget, AWholeTemplateHasOne) {
  Object leaves;
  for (int i = 0; i < 20; ++i) leaves["k" + std::to_string(i)] = "${ [range(300000)] | length }";
  const auto many = Template::compile(Value(leaves), {});
  EXPECT_EQ("error: " + many->evaluate(Data(), {}).error().text, kTooLong);
  const auto few = Template::compile(Value(Object{{"a", leaves["k0"]}, {"b", leaves["k1"]}}), {});
  EXPECT_EQ(few->evaluate(Data(), {})->text(), R"({"a":300000,"b":300000})");
}

TEST(Budget, MayBeSmaller) {
  const auto e = Expression::compile("[range(1000)] | length", {});
  EXPECT_TRUE(e->evaluate(Data(), {}));
  EXPECT_EQ(e->evaluate(Data(), {}, {.steps = 100}).error().text,
            "the expression takes too long: at most 100 steps are allowed");
}

TEST(Numbers, WhatIsPassedOnKeepsItsText) {
  const std::string numbers =
      "[18446744073709551617,1e1000,0.10000000000000000000001,1.10,1.0,-0,9007199254740993,18446744073709551615]";
  EXPECT_EQ(run(".a", "{\"a\":" + numbers + "}"), numbers);
  EXPECT_EQ(run("{a: .a}", "{\"a\":" + numbers + "}"), "{\"a\":" + numbers + "}");
  EXPECT_EQ(run("map(.)", numbers), numbers);
  EXPECT_EQ(run("map(select(type == \"number\"))", numbers), numbers);
  EXPECT_EQ(run("[.[]] | reverse | reverse", numbers), numbers);
  EXPECT_EQ(run("map(tostring) | map(tonumber)", numbers), numbers);
  EXPECT_EQ(run("tojson | fromjson", numbers), numbers);
  EXPECT_EQ(run("\"\\(.[0]) \\(.[3])\"", numbers), "\"18446744073709551617 1.10\"");
  EXPECT_EQ(run("sort", "[1e1000,18446744073709551618,1.10,18446744073709551617]"),
            "[1.10,18446744073709551617,18446744073709551618,1e1000]");
  EXPECT_EQ(run("unique", "[1,1.0,18446744073709551617,18446744073709551618,18446744073709551617.0]"),
            "[1,18446744073709551617,18446744073709551618]");
  EXPECT_EQ(run("[.[0] == .[1], .[0] == .[2], .[0] < .[1]]",
                "[18446744073709551617,18446744073709551618,18446744073709551617.0]"),
            "[false,true,true]");
  EXPECT_EQ(run("[.[] | . == 1]", "[1.0,1,10e-1,1.00000000000000000000000001]"), "[true,true,true,false]");
  EXPECT_EQ(run("[1.10, 1e1000]", "null"), "[1.10,1e1000]");
  EXPECT_EQ(run("[1, 2, 3][1.0]", "null"), "2");
  EXPECT_EQ(run(". + {m: (.s | test(\"a\"))}", R"({"id":9007199254740993,"s":"a"})"),
            R"({"id":9007199254740993,"s":"a","m":true})");
}

TEST(Numbers, ArithmeticIsExactIn64Bits) {
  EXPECT_EQ(run("[. + 1, . - 1, . * 1, -., . % 10, . / 1, floor, abs]", "9007199254740993"),
            "[9007199254740994,9007199254740992,9007199254740993,-9007199254740993,3,9007199254740993,9007199254740993,"
            "9007199254740993]");
  EXPECT_EQ(run("[. + 1, . + 9223372036854775807]", "9223372036854775807"),
            "[9223372036854775808,18446744073709551614]");
  EXPECT_EQ(run("[. + 0, . - 1, . - 18446744073709551615, . / 5, . % 10]", "18446744073709551615"),
            "[18446744073709551615,18446744073709551614,0,3689348814741910323,5]");
  EXPECT_EQ(run("[. + 1, . * 2]", "18446744073709551615"), "[18446744073709552000,36893488147419103000]");
  EXPECT_EQ(run("[.[0] < .[1], .[0] == .[1]], [sort]", "[9007199254740993,9007199254740992]"), "[false,false]");
  EXPECT_EQ(run("[. + 0]", "1.10"), "[1.1]");
  EXPECT_EQ(run("[. * 2, . > 5, floor]", "1e1000"), "[1.7976931348623157e+308,true,1.7976931348623157e+308]");
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
  EXPECT_EQ(e->evaluate(Data(), {})->text(), "null");
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
  EXPECT_EQ(reads("$context.a as $x | $x | sort_by(.b)"), "$context/a");
  EXPECT_EQ(reads("$ # of the flow\n context | sort_by(.)"), "$context");
  EXPECT_EQ(reads("def f(g): $context.a | g; .x | f(.b)"), "$context/a ./x");
  EXPECT_EQ(reads("reduce .a[] as $x (.b; . + $x)"), ".");
  EXPECT_EQ(reads(".a.b = $context.c"), "$context/c .");
}

// Only what the paths lead to; where a value on the way is no container, that value.
void keep(const Value& from, const std::vector<std::string>& path, std::size_t at, Value& to) {
  if (at == path.size() || !from.is_object()) {
    to = from;
    return;
  }
  if (!to.is_object()) to = Object();
  if (const Value* inside = from.get_object().if_contains(path[at])) {
    Value& place = to.get_object()[path[at]];
    keep(*inside, path, at + 1, place);
  }
}

Value kept(const Value& from, const std::string& root, const std::vector<Read>& reads) {
  Value out;
  for (const Read& read : reads) {
    if (read.root == root && read.path.size() <= 1) keep(from, read.path, 0, out);
  }
  for (const Read& read : reads) {
    if (read.root == root && read.path.size() > 1) keep(from, read.path, 0, out);
  }
  return out;
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
                                          ".b | first?",
                                          ".a as $x | $x.b?",
                                          ".a as {b: $x} | $x",
                                          "reduce .a[]? as $x (.b; [., $x])",
                                          "[foreach .a[]? as $x (0; . + 1; [$x, .])]",
                                          "def f(g): .b | g; f(.c?)",
                                          "def f(g): $context.a | g; .a | [f(.b?)]",
                                          "def f: if type == \"object\" then .[]? | f else . end; .a | [f]",
                                          "[paths]",
                                          "try .a.b.c catch $context.b",
                                          ".a |= tojson | .a",
                                          ".b = $context.a | {a, b}",
                                          "del(.a) | keys",
                                          "[limit(2; .a, .b, .c)]",
                                          "label $f | .a, break $f",
                                          "[.a, .b] | map(.c?) | add",
                                          "$context.a.b? // .a",
                                          "[$context | .a, .b] | tojson",
                                          "any(.a, .b; . == 1)",
                                          "path(.a.b?)",
                                          "getpath([\"a\", \"b\"])?",
                                          "\"\\(.a) \\($context.c)\"",
                                          ".a | 1",
                                          "with_entries(.value |= type)",
                                          "[.. | numbers]",
                                          "first(.a, .b) | .c?",
                                          "input_of_none? // .a"};
  std::vector<Expression> expressions;
  for (const std::string& text : texts) {
    const auto e = Expression::compile(text, kVariables);
    if (e) expressions.push_back(*e);
  }
  ASSERT_EQ(expressions.size() + 1, texts.size());  // the last is none
  const auto object = [&] {
    Object out;
    for (const char* key : {"a", "b", "c"}) {
      if (random() % 3 == 0) continue;
      out[key] = random() % 2 == 0 ? Value(static_cast<std::int64_t>(random() % 3))
                                   : Value(Object{{"b", 1}, {"c", Object{{"c", 2}}}});
    }
    return Value(out);
  };
  for (int i = 0; i < 5000; ++i) {
    const Value full = object();
    const Value context = object();
    const Expression& e = expressions[random() % expressions.size()];
    const auto with_all = e.evaluate(Data::from_value(full), {{"context", Data::from_value(context)}});
    const auto with_read = e.evaluate(Data::from_value(kept(full, ".", e.reads())),
                                      {{"context", Data::from_value(kept(context, "$context", e.reads()))}});
    ASSERT_EQ(with_all.has_value(), with_read.has_value()) << e.text() << print(full) << print(context);
    if (with_all) {
      EXPECT_TRUE(equal(with_all->value(), with_read->value())) << e.text() << print(full) << print(context);
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
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t n = 1 + random() % 9; n > 0; --n) text += pieces[random() % pieces.size()];
    const auto e = Expression::compile(text, kVariables);
    if (!e) continue;
    ++compiled;
    (void)e->evaluate(data(kLoan), {{"context", data("1")}}, {.steps = 10'000});
  }
  EXPECT_GT(compiled, 100);
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
            "jq:  .a + : column 7: unexpected the end, expected a value");
  EXPECT_EQ(must_compile(R"({"a":"${ .tags.x }"})").evaluate(data(kLoan), {}).error().text,
            "Cannot index array with string \"x\"");
}

}  // namespace
}  // namespace baton::json
