#include "programs.h"

namespace baton::differential {

Programs::Type Programs::any_type() {
  static constexpr Type kTypes[] = {Type::number, Type::text, Type::list, Type::object, Type::boolean};
  return kTypes[pick(5)];
}

std::string Programs::program() {
  variables_.clear();
  switch (pick(8)) {
    case 0:
      return many(3);
    case 1:
      return update(3);
    case 2:
      return control(3);
    case 3:
      return "[" + many(3) + "]";
    case 4:
      return one_of({"[path(", "[paths(", "[del("}) + path(2) + (pick(2) == 0 ? ")]" : " | " + path(1) + ")]");
    default:
      return value(any_type(), 3) + (pick(3) == 0 ? " | " + any(2) : "");
  }
}

std::string Programs::value(Type type, int depth) {
  if (pick(10) == 0) type = any_type();
  if (depth > 0 && pick(12) == 0) return with_variable(type, depth - 1);
  switch (type) {
    case Type::number:
      return number(depth);
    case Type::text:
      return text(depth);
    case Type::list:
      return list(depth);
    case Type::object:
      return object(depth);
    case Type::boolean:
      return boolean(depth);
    default:
      return "(" + any(depth) + ")";
  }
}

std::string Programs::variable() {
  return variables_.empty() ? ".n" : "$" + variables_[pick(static_cast<unsigned>(variables_.size()))];
}

std::string Programs::with_variable(Type type, int depth) {
  const std::string name = one_of({"x", "y", "z"});
  const std::string source = value(any_type(), depth);
  switch (pick(5)) {
    case 0: {
      const std::string of = list(depth);
      variables_.push_back(name);
      const std::string body = value(type, depth);
      variables_.pop_back();
      return "(" + of + " as [$" + name + "] | " + body + ")";
    }
    case 1: {
      const std::string of = object(depth);
      variables_.push_back(name);
      const std::string body = value(type, depth);
      variables_.pop_back();
      return "(" + of + " as {" +
             one_of({"a: $" + name, "$" + name, "\"b\": [$" + name + "]", "(\"a\", \"b\"): $" + name}) + "} | " + body +
             ")";
    }
    case 2: {
      variables_.push_back(name);
      const std::string body = value(type, depth);
      variables_.pop_back();
      return "(" + source + " as [$" + name + "] ?// $" + name + " | " + body + ")";
    }
    default: {
      variables_.push_back(name);
      const std::string body = value(type, depth);
      variables_.pop_back();
      return "(" + (pick(4) == 0 ? "(" + many(depth) + ")" : source) + " as $" + name + " | " + body + ")";
    }
  }
}

std::string Programs::number(int depth) {
  if (depth <= 0 || pick(4) == 0) {
    return one_of({"1", "2", "0", "-1", "3", "2.5", "0.1", "10", "7", "100", ".n", ".n", "(.l | length)",
                   "(.s | length)", variable(), "1000"});
  }
  const int d = depth - 1;
  switch (pick(22)) {
    case 0:
    case 1:
      return "(" + number(d) + one_of({" + ", " - ", " * ", " / ", " % "}) + number(d) + ")";
    case 2:
      return "(" + value(Type::any, d) + " | length)";
    case 3:
      return "(-" + number(d) + ")";
    case 4:
      return "(" + number(d) + " | " +
             one_of({"floor", "sqrt", "fabs", "round", "ceil", "trunc", "abs", "significand", "logb", "frexp[0]",
                     "modf[1]", "exp2", "cbrt", "rint"}) +
             ")";
    case 5:
      return one_of({"pow", "fmin", "fmax", "fmod", "ldexp", "copysign", "hypot", "atan2", "drem", "scalbln"}) + "(" +
             number(d) + "; " + number(d) + ")";
    case 6:
      return "([" + number(d) + ", " + number(d) + "] | " +
             one_of({"add", "max", "min", "length", "first", "last", ".[0]", ".[-1]"}) + ")";
    case 7:
      return "(" + text(d) + " | tonumber? // " + number(d) + ")";
    case 8:
      return "(if " + boolean(d) + " then " + number(d) + " else " + number(d) + " end)";
    case 9:
      return "(" + text(d) + " | index(" + text(d) + ") // " + number(d) + ")";
    case 10:
      return "(" + list(d) + " | index(" + value(any_type(), d) + ") // 0)";
    case 11:
      return "(reduce " + list(d) + "[] as $x (first(" + number(d) + "); . + ($x | numbers)))";
    case 12:
      return "(" + list(d) + " | sort | bsearch(" + value(any_type(), d) + "))";
    case 13:
      return "(" + text(d) + " | utf8bytelength)";
    case 14:
      return "first(" + many(d) + " | numbers)";
    case 15:
      return "(" + list(d) + " | map(numbers) | add)";
    case 16:
      return "nth(" + number(d) + "; " + many(d) + ")";
    case 17:
      return "([limit(" + number(d) + "; " + many(d) + ")] | length)";
    case 18:
      return "(" + number(d) + " | until(. > 50; if . < 0 then 60 else . * 2 + 1 end))";
    case 19:
      return "(def f($a; g): $a + (g | numbers); f(" + number(d) + "; " + number(d) + "))";
    case 20:
      return "(" + number(d) + " | abs | todate | fromdate)";
    default:
      return "(" + number(d) + " | tostring | tonumber)";
  }
}

std::string Programs::regex() {
  return one_of({"\"a\"", "\"[a-z]\"", "\"(?<x>[a-z])(?<y>[0-9])?\"", "\"b+\"", "\"^\"", "\"(a)|(b)\"", "\" *, *\"",
                 "\".\"", "\"\\\\d+\"", "\"(?<n>x+)\"", "\"A\"", "\"ü\"", "\"$\""});
}

std::string Programs::text(int depth) {
  if (depth <= 0 || pick(4) == 0) {
    return one_of({"\"a\"", "\"\"", "\"ab\"", "\"a,b, c\"", "\"x1y22\"", "\"\\u00fc\\n\"", "\"\\ud83d\\ude00z\"",
                   "\"A b\"", ".s", ".s", "(.s | tostring)", "\"12\"", "\"<&>\\\"\""});
  }
  const int d = depth - 1;
  switch (pick(20)) {
    case 0:
      return "(" + text(d) + " + " + text(d) + ")";
    case 1:
      return "\"<\\(" + any(d) + ")-\\(" + text(d) + ")>\"";
    case 2:
      return "(" + value(any_type(), d) + " | " + one_of({"tostring", "tojson", "type", "@text", "@json"}) + ")";
    case 3:
      return "(" + text(d) + " | " +
             one_of({"ascii_downcase", "ascii_upcase", "@base64", "@uri", "ltrimstr(\"a\")", "rtrimstr(\"b\")",
                     "explode | implode", "@sh", ".[1:]", ".[:-1]", ".[1:2]", "@base64 | @base64d"}) +
             ")";
    case 4:
      return "(" + list(d) + " | map(tostring) | join(" + text(d) + "))";
    case 5:
      return "(" + text(d) + " | " + one_of({"sub(", "gsub("}) + regex() + "; " +
             one_of({"\"-\"", "\"<\\(.x // \"n\")>\"", text(d), "\"1\", \"2\""}) + "))";
    case 6:
      return "(" + text(d) + " | split(" + text(d) + ") | first)";
    case 7:
      return "(if " + boolean(d) + " then " + text(d) + " else " + text(d) + " end)";
    case 8:
      return "(" + text(d) + " * " + one_of({"1", "2", "3", "-1", "1.5"}) + ")";
    case 9:
      return "first(" + many(d) + " | strings)";
    case 10:
      return "(" + list(d) + " | map(strings) | add)";
    case 11:
      return one_of({"@base64", "@json", "@text", "@uri", "@sh"}) + " \"a\\(" + value(any_type(), d) + ")b\"";
    case 12:
      return "(" + list(d) + " | map(select(type != \"array\" and type != \"object\")) | " +
             one_of({"@csv", "@tsv", "@sh"}) + ")";
    case 13:
      return "(" + number(d) + " | " + one_of({"todate", "strftime(\"%Y-%m %H:%M:%S %j %a\")", "tostring"}) + ")";
    case 14:
      return "(" + object(d) + " | keys | first)";
    case 15:
      return "(" + text(d) + " | [match(" + regex() + "; \"g\").string] | join(\"|\"))";
    case 16:
      return "(" + text(d) + " | capture(" + regex() + ") | tojson)";
    case 17:
      return "(try error(" + text(d) + ") catch .)";
    case 18:
      return "(" + value(any_type(), d) + " | try " +
             one_of({"keys", "length", ".a", ".[0]", "tonumber", "add", "sort", "error", "has(\"a\")", "implode",
                     "ascii_downcase", "-.", "floor", "fromjson | 1", "to_entries | .[0].key"}) +
             " catch \"no\" | tostring)";
    default:
      return "(" + text(d) + " | tojson | fromjson)";
  }
}

std::string Programs::list(int depth) {
  if (depth <= 0 || pick(5) == 0)
    return one_of({"[]", "[1, 2, 3]", ".l", ".l", "[\"a\", 1, null]", "[[1, 2], [3]]", "[.a, .b, .c]", "[3, 1, 2, 1]",
                   "[{\"a\": 1}, {\"a\": 2, \"b\": 1}, {\"a\": 1}]"});
  const int d = depth - 1;
  switch (pick(26)) {
    case 0:
      return "[" + many(d) + "]";
    case 1:
      return "(" + list(d) + " | map(" + any(d) + "))";
    case 2:
      return "(" + list(d) + " | map(select(" + boolean(d) + ")))";
    case 3:
      return "(" + list(d) + one_of({" + ", " - "}) + list(d) + ")";
    case 4:
      return "(" + list(d) + " | " +
             one_of({"sort", "unique", "reverse", "flatten", "flatten(1)", "transpose?", "to_entries", "keys",
                     "tostream | [.]", "[paths]", "[..]", "[recurse]"}) +
             ")";
    case 5:
      return "(" + list(d) + " | " + one_of({"sort_by(", "group_by(", "unique_by("}) +
             one_of({".", "type", "tojson", "length?", ".a?", any(d)}) + "))";
    case 6:
      return "(" + object(d) + " | " +
             one_of({"keys", "to_entries", "map(.)", "[.[]]", "[paths]", "keys_unsorted", "[tostream]"}) + ")";
    case 7:
      return "(" + text(d) + " | " +
             one_of({"explode", "split(\"a\")", "split(\",\")", "[scan(" + regex() + ")]", "[splits(" + regex() + ")]",
                     "[match(" + regex() + "; \"g\")]", "indices(\"a\")", "[match(" + regex() + ") | .captures[]]",
                     "[test(" + regex() + "; \"ix\")]"}) +
             ")";
    case 8:
      return "[range(" + one_of({"3", "1; 4", "0; 10; 3", "5; 0; -2", "[9, " + number(d) + "] | min"}) + ")]";
    case 9:
      return "[limit(3; " + many(d) + ")]";
    case 10:
      return "(" + list(d) + ".[" + one_of({"1:", ":2", "-2:", "1:2", ":-1", number(d) + ":"}) + "])";
    case 11:
      return "[foreach " + list(d) + "[] as $x (first(" + value(any_type(), d) + "); " +
             one_of({"[., $x]", "$x", ". + 1?", "empty", "., 1"}) + one_of({"", "; [$x, .]", "; ., $x"}) + ")]";
    case 12:
      return "(reduce " + list(d) + "[] as $x ([]; " +
             one_of({". + [$x]", "[$x] + .", "[., $x]", ".[length] = $x", "if $x then . + [$x] else . end"}) + "))";
    case 13:
      return "[" + path(d) + " | " +
             one_of(
                 {"numbers", "strings", "arrays", "objects", "scalars", "iterables", "nulls", "booleans", "values"}) +
             "]";
    case 14:
      return "[label $out | " + many(d) + " | if " + boolean(d) + " then ., break $out else . end]";
    case 15:
      return "(" + list(d) + " | [" +
             one_of({"first", "last", "nth(1)", "min", "max", "add", "any", "all", "length", "min_by(tojson)",
                     "max_by(tojson)"}) +
             "])";
    case 16:
      return "[" + list(d) + "[" + number(d) + "]]";
    case 17:
      return "[" + object(d) + " | paths]";
    case 18:
      return "[" + value(any_type(), d) + " | tostream]";
    case 19:
      return "[fromstream(" + value(any_type(), d) + " | tostream)]";
    case 20:
      return "[" + number(d) + " | while(. < 20 and . > -20; if . < 0 then 30 else . * 2 + 1 end)]";
    case 21:
      return "[" + number(d) + " | recurse(if . < 5 and . > -5 then . + 1 else empty end)]";
    case 22:
      return "(" + list(d) + " | indices(" + value(any_type(), d) + "))";
    case 23:
      return "[" + many(d) + " as $x | $x, " + many(d) + "]";
    case 24:
      return "(" + list(d) + " | [.[:3][] | [limit(2; .[]?)]] | [combinations])";
    default:
      return "(" + update(d) + " | [.l, .a])";
  }
}

std::string Programs::object(int depth) {
  if (depth <= 0 || pick(5) == 0)
    return one_of(
        {"{}", "{\"a\": 1, \"b\": [1]}", ".", ".", ".a", "{a: .a, b: .b}", "{\"x\": null, \"a\": {\"b\": 2}}"});
  const int d = depth - 1;
  switch (pick(16)) {
    case 0:
    case 1:
      return "{" + one_of({"a", "\"x y\"", "\"k\\(1)\"", "k", "if"}) + ": " + value(any_type(), d) + ", " +
             one_of({"b", "c", "s", "a"}) + "}";
    case 2:
      return "{(" + text(d) + "): " + value(any_type(), d) + "}";
    case 3:
      return "(" + object(d) + one_of({" + ", " * "}) + object(d) + ")";
    case 4:
      return "(" + object(d) + " | map_values(" + any(d) + "))";
    case 5:
      return "(" + object(d) + " | with_entries(" +
             one_of({".", ".value |= tojson", "select(.key != \"a\")", ".key += \"x\""}) + "))";
    case 6:
      return "(" + object(d) + " | del(" + one_of({".a", ".b, .c", ".a.b?", ".[\"a\"]", ".x"}) + "))";
    case 7:
      return "(" + object(d) + " | to_entries | from_entries)";
    case 8:
      return "(" + list(d) + " | " + one_of({"INDEX(type)", "INDEX(.a?)", "INDEX(tojson)"}) + ")";
    case 9:
      return "(" + object(d) + " | walk(" +
             one_of({".", "if type == \"number\" then . + 1 else . end", "if type == \"array\" then sort else . end",
                     "numbers? // ."}) +
             "))";
    case 10:
      return "(" + update(d) + ")";
    case 11:
      return "(reduce " + list(d) + "[] as $x ({}; .[$x | tojson] " + one_of({"= $x", "+= 1", "|= [., $x]"}) + "))";
    case 12:
      return "{a: (" + many(d) + "), b: 1}";
    case 13:
      return "(" + object(d) + " | pick(" + one_of({".a", ".a.b?", ".x", ".b"}) + "))";
    case 14:
      return "(" + object(d) + " | setpath([" + text(d) + "]; " + value(any_type(), d) + "))";
    default:
      return "(" + list(d) + " | group_by(type) | map({(.[0] | type): length}) | add)";
  }
}

std::string Programs::boolean(int depth) {
  if (depth <= 0 || pick(6) == 0)
    return one_of({"true", "false", "null", ".b", ".c", "(.n > 0)", "(.s == \"a\")", "(.l | length > 1)"});
  const int d = depth - 1;
  switch (pick(14)) {
    case 0:
    case 1: {
      const Type type = any_type();
      return "(" + value(type, d) + one_of({" == ", " != ", " < ", " <= ", " > ", " >= "}) + value(type, d) + ")";
    }
    case 2:
      return "(" + boolean(d) + one_of({" and ", " or "}) + boolean(d) + ")";
    case 3:
      return "(" + boolean(d) + " | not)";
    case 4:
      return "(" + object(d) + " | has(" + one_of({"\"a\"", "\"b\"", text(d)}) + "))";
    case 5:
      return "(" + list(d) + " | has(" + number(d) + "))";
    case 6:
      return "(" + list(d) + " | " +
             one_of({"any", "all", "any(. == 1)", "all(. != null)", "any(.[]?; .)", "isempty(.[])"}) + ")";
    case 7:
      return "(" + text(d) + " | " + one_of({"startswith(", "endswith(", "contains("}) + text(d) + "))";
    case 8:
      return "(" + list(d) + one_of({" | contains(", " | inside("}) + list(d) + "))";
    case 9:
      return "(" + text(d) + " | test(" + regex() + one_of({"", "; \"i\"", "; \"x\"", "; null"}) + "))";
    case 10:
      return "(" + value(any_type(), d) + " | IN(" + many(d) + "))";
    case 11:
      return "isempty(" + many(d) + ")";
    case 12:
      return "(" + value(any_type(), d) + " | type == \"" + one_of({"number", "string", "array", "object", "null"}) +
             "\")";
    default:
      return "(" + text(d) + " | in({\"a\": 1, \"ab\": 2}))";
  }
}

std::string Programs::any(int depth) {
  const int d = depth - 1;
  if (depth <= 0)
    return one_of({".", ".a", ".b?", "1", "\"x\"", "null", ".[]?", ".[0]?", "length?", "tojson", variable()});
  switch (pick(12)) {
    case 0:
      return value(any_type(), d) + " | " + any(d);
    case 1:
      return value(any_type(), d) + " // " + value(any_type(), d);
    case 2:
      return "try " + value(any_type(), d) + (pick(2) == 0 ? " catch ." : "");
    case 3:
      return path(d);
    case 4:
      return "if " + boolean(d) + " then " + any(d) +
             one_of({"", " elif " + boolean(d) + " then 2", " else " + any(d)}) + " end";
    case 5:
      return "first(" + many(d) + ")";
    case 6:
      return "def f: " + any(d) + "; f";
    case 7:
      return "last(" + many(d) + ")";
    default:
      return value(any_type(), d);
  }
}

std::string Programs::many(int depth) {
  const int d = depth - 1;
  if (depth <= 0)
    return one_of({".[]?", "1, 2", ".a, .b", "empty", ".l[]", "..", "range(3)", "(1, null, 2)", ".[\"a\", \"b\"]?"});
  switch (pick(16)) {
    case 0:
      return any(d) + ", " + any(d);
    case 1:
      return list(d) + "[]";
    case 2:
      return object(d) + "[]";
    case 3:
      return "range([" + number(d) + ", 9] | min; [" + number(d) + ", 9] | min" +
             (pick(2) == 0 ? "; " + one_of({"1", "-1", "2", "0.5"}) : "") + ")";
    case 4:
      return "(" + many(d) + ") | " + any(d);
    case 5:
      return "limit(" + one_of({"0", "1", "2", "3"}) + "; " + many(d) + ")";
    case 6:
      return "(" + many(d) + ") as $q | [$q, " + any(d) + "]";
    case 7:
      return "(" + many(d) + ") // " + value(any_type(), d);
    case 8:
      return "try (" + many(d) + ", error(" + text(d) + ")) catch .";
    case 9:
      return "label $f | " + many(d) + ", break $f, 7";
    case 10:
      return value(any_type(), d) + " | .. ";
    case 11:
      return "def g(f): f, (f | " + any(d) + "); g(" + many(d) + ")";
    case 12:
      return "(" + many(d) + ") + (" + many(d) + ")";
    case 13:
      return "[(" + many(d) + ")] | .[]";
    case 14:
      return "def r: if . > 3 or . < -3 then . else (. + 1 | r), . end; " + number(d) + " | r";
    default:
      return path(d) + "[]?";
  }
}

std::string Programs::path(int depth) {
  const int d = depth - 1;
  std::string begin =
      one_of({".a", ".b", ".l", ".c", ".", ".l[0]", ".l[1:]", ".l[-1]", ".a.b?", ".l[]?", ".[]?", ".a[\"b\"]?"});
  if (depth <= 0) return begin;
  switch (pick(13)) {
    case 0:
      return "(" + path(d) + " | " + path(d) + ")";
    case 1:
      return "(" + path(d) + ", " + path(d) + ")";
    case 2:
      return "(" + path(d) + " // " + path(d) + ")";
    case 3:
      return "(if " + boolean(d) + " then " + path(d) + " else " + path(d) + " end)";
    case 4:
      return "(" + path(d) + " | select(" + boolean(d) + "))";
    case 5:
      return "first(" + path(d) + ")";
    case 6:
      return "(" + path(d) + " | ..?)";
    case 7:
      return "getpath([" + one_of({"\"a\"", "\"l\"", "\"x\", \"y\"", "\"l\", 0", "\"a\", \"b\""}) + "])";
    case 8:
      return "(" + path(d) + " | recurse(.[]?; . != 2))";
    case 9:
      return "(.n as $p | " + path(d) + ")";
    case 10:
      return "(try " + path(d) + " catch empty)";
    case 11:
      return "(def h(f): f | select(. != null); h(" + path(d) + "))";
    default:
      return begin;
  }
}

std::string Programs::update(int depth) {
  const int d = depth - 1;
  switch (pick(8)) {
    case 0:
      return path(d) + " = " + value(any_type(), d);
    case 1:
      return path(d) + " |= " + value(any_type(), d);
    case 2:
      return path(d) + " " + one_of({"+=", "-=", "*=", "/=", "%=", "//="}) + " " + value(Type::number, d);
    case 3:
      return "del(" + path(d) + ")";
    case 4:
      return path(d) + " |= empty";
    case 5:
      return "delpaths([" + one_of({"paths", "path(" + path(d) + ")", "[\"a\"], [\"l\", 0], [\"l\", 1]"}) + "])";
    case 6:
      return "setpath(" +
             one_of({"[\"a\", \"b\"]", "[\"l\", 2]", "[]", "[\"x\", 0, \"y\"]", "[\"l\", -1]",
                     "[\"l\", {\"start\": 1, \"end\": null}]"}) +
             "; " + value(any_type(), d) + ")";
    default:
      return path(d) + " = (" + many(d) + ")";
  }
}

std::string Programs::control(int depth) {
  const int d = depth - 1;
  switch (pick(8)) {
    case 0:
      return "reduce (" + many(d) + ") as $x (first(" + value(any_type(), d) + "); " +
             one_of({"[., $x]", "$x", ". + $x?", "empty", "., $x", any(d)}) + ")";
    case 1:
      return "[foreach (" + many(d) + ") as [$x, $y] (first(" + value(any_type(), d) + "); " + any(d) + ")]";
    case 2:
      return "try (" + many(d) + ") catch [.]";
    case 3:
      return "[.[]? as {a: $x, $b} ?// [$x, $b] ?// $x | [$x, $b]]";
    case 4:
      return "[(" + many(d) + ") | try (if " + boolean(d) + " then error(" + value(any_type(), d) +
             ") else . end) catch [.]]";
    case 5:
      return "[label $a | label $b | (" + many(d) + ") | if " + boolean(d) + " then break $a elif " + boolean(d) +
             " then break $b else . end]";
    case 6:
      return "def f(g; $n): if $n > 0 then g | f(g; $n - 1) else . end; f(" + any(d) + "; 2)";
    default:
      return "[limit(5; def f: ., (.[]? | f); " + value(any_type(), d) + " | f)]";
  }
}

std::string Programs::key() {
  return one_of({"a", "b", "c", "k", "x y", "", "ü", "aa"});
}

std::string Programs::json_number() {
  return one_of({"0", "1", "2", "-1", "3", "7", "10", "-0.125", "2.5", "0.1", "12345.678", "1000000007", "1.0", "1.10",
                 "-3", "4503599627370497"});
}

std::string Programs::json_text() {
  return one_of({"\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"12\"", "\"3.5\"", "\"Ü😀\"", "\"a,b, c\"", "\"x1y2z\"",
                 "\"\\\"\\\\\\n\"", "\"\\u0000\"", "\"aXbXc\"", "\" pad \"", "\"true\"", "\"2015-03-05T23:51:47Z\"",
                 "\"YWJj\"", "\"[1,2]\"", "\"<a href='x'>\""});
}

std::string Programs::json(int depth) {
  switch (pick(depth > 0 ? 9 : 5)) {
    case 0:
      return one_of({"null", "true", "false"});
    case 1:
    case 2:
      return json_number();
    case 3:
    case 4:
      return json_text();
    case 5:
    case 6: {
      std::string out = "[";
      for (unsigned i = pick(5); i > 0; --i) out += (out.size() > 1 ? "," : "") + json(depth - 1);
      return out + "]";
    }
    default: {
      std::string out = "{";
      std::vector<std::string> keys;
      for (unsigned i = pick(4); i > 0; --i) {
        const std::string k = key();
        if (out.find("\"" + k + "\":") != std::string::npos) continue;
        out += (out.size() > 1 ? ",\"" : "\"") + k + "\":" + json(depth - 1);
      }
      return out + "}";
    }
  }
}

std::string Programs::input() {
  std::string list = "[";
  for (unsigned i = pick(5); i > 0; --i) list += (list.size() > 1 ? "," : "") + json(2);
  return "{\"a\":" + json(2) + ",\"b\":" + json(1) + ",\"c\":" + json(2) + ",\"n\":" + json_number() +
         ",\"s\":" + json_text() + ",\"l\":" + list + "]}";
}

}  // namespace baton::differential
