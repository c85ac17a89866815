// What stands before every program that libjq 1.6 runs: safe versions of those of its functions that abort, crash or
// never end on what data may bring. Found by calling every function with hostile values (expression_test.cc,
// DataCannotBringLibjqDown).
#pragma once

#include <string_view>

namespace baton::json::jq {

/// _baton_call: a function of ours (libjq.cc).
///   match, test …        empty matches in text that is not ASCII crash, gsub("") never ends: ours (regex.h), as
///   jq 1.7's strftime, todate …   a time that no calendar has, a format that is no text: an assertion fails indices,
///   index …     an empty text to look for: never ends
///   .[n] = …, setpath    an array as long as the index says: memory
///   "text" * n           a text as long as the number says: memory
///   x % -1               the processor divides the least integer, and traps
///   jn, yn               an order of 10^18: never ends
///   tonumber, fromjson   "nan" gives what is no number, which .[nan:] and del(.[nan]) do not survive
/// Left open: a slice whose bound the expression itself computes to no number, as .[(.x | sqrt):] with x below zero.
/// Arguments are evaluated as libjq does it: the right one is the outer loop.
inline constexpr std::string_view kPrelude = R"jq(
def _baton_call($name; $arguments): [$name, $arguments] | debug | _input;

def match($re; $flags): _baton_call("match"; [., $re, $flags, false]) | .[];
def test($re; $flags): _baton_call("match"; [., $re, $flags, true]);
def _baton_pair: if type == "string" then [., null]
  elif type == "array" and length > 0 then [.[0], .[1]]
  else error(type + " not a string or array") end;
def match($val): ($val | _baton_pair) as [$re, $flags] | match($re; $flags);
def test($val): ($val | _baton_pair) as [$re, $flags] | test($re; $flags);
def _baton_names: reduce (.captures[] | select(.name != null)) as $one ({}; . + {($one.name): $one.string});
def capture($re; $flags): match($re; $flags) | _baton_names;
def capture($val): match($val) | _baton_names;
def scan($re): match($re; "g") | if .captures == [] then .string else [.captures[].string] end;
def splits($re; $flags): . as $text
  | [0, (match($re; "g" + $flags) | .offset, .offset + .length), ($text | length)] as $ends
  | range(0; $ends | length; 2) | $text[$ends[.]:$ends[. + 1]];
def splits($re): splits($re; null);
def split($re; $flags): [splits($re; $flags)];
def sub($re; replacement; $flags): . as $text | [match($re; $flags)] as $matches
  | def from($i; $at):
      if $i == ($matches | length) then $text[$at:]
      else $matches[$i] as $one
        | $text[$at:$one.offset] + ($one | _baton_names | replacement) + from($i + 1; $one.offset + $one.length)
      end;
    if $matches == [] then . else from(0; 0) end;
def sub($re; replacement): sub($re; replacement; null);
def gsub($re; replacement; $flags): sub($re; replacement; $flags + "g");
def gsub($re; replacement): sub($re; replacement; "g");

def _baton_time: if type == "number" and (. > -67e15 and . < 67e15 | not) then error("time out of range") else . end;
def _baton_strftime($format): strftime($format);
def strftime($format): if ($format | type) != "string" then error("strftime/1 requires a string format")
  else _baton_time | _baton_strftime($format) end;
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def todate: todateiso8601;

def _baton_indices($part): indices($part);
def indices($part): if . == null then null elif $part == "" and type == "string" then [] else _baton_indices($part) end;
def index($part): indices($part) | .[0];
def rindex($part): indices($part) | .[-1:][0];

def _baton_path: if type == "array" and any(.[]; type == "number" and . > 1000000) then . else null end;
def _baton_setpath($path; $value): setpath($path; $value);
def setpath(path; value): value as $value | path as $path
  | if ($path | _baton_path) and getpath($path) == null then error("Array index too large") else _baton_setpath($path; $value) end;
def _assign(paths; value): value as $value | reduce path(paths) as $path (.; setpath($path; $value));
def _modify(paths; update): reduce path(paths) as $path (.;
  label $out | (setpath($path; getpath($path) | update) | ., break $out), delpaths([$path]));
def _baton_no_nan: if type == "number" and isnan then error("not a number") else . end;
def _baton_delpaths($paths): delpaths($paths);
def delpaths($paths): [$paths | .[]? | .[]? | _baton_no_nan] as $checked | _baton_delpaths($paths);
def del(f): delpaths([path(f)]);
def _baton_tonumber: tonumber;
def tonumber: _baton_tonumber | _baton_no_nan;
def _baton_fromjson: fromjson;
def fromjson: _baton_fromjson | [.. | _baton_no_nan] as $checked | .;
def _baton_fromstream(events): fromstream(events);
def fromstream(events): _baton_fromstream(events
  | if type == "array" and (.[0] | _baton_path) then error("Array index too large") else . end);

def _baton_length($times): if type == "string" and ($times | type) == "number" then (utf8bytelength + 1) * $times else 0 end;
def _baton_multiply($a; $b): $a * $b;
def _multiply(a; b): b as $b | a as $a
  | if ($a | _baton_length($b)) > 8388608 or ($b | _baton_length($a)) > 8388608 then error("the text would be too long")
    else _baton_multiply($a; $b) end;
def _baton_mod($a; $b): $a % $b;
def _mod(a; b): b as $b | a as $a
  | if ([$a, $b] | all(type == "number")) and $b <= -1 and $b > -2 then 0 else _baton_mod($a; $b) end;
def _baton_order($n): if ($n | type) == "number" and $n > -1000000 and $n < 1000000 then . else error("order out of range") end;
def _baton_jn($n; $x): jn($n; $x);
def jn(n; x): x as $x | n as $n | _baton_order($n) | _baton_jn($n; $x);
def _baton_yn($n; $x): yn($n; $x);
def yn(n; x): x as $x | n as $n | _baton_order($n) | _baton_yn($n; $x);
)jq";

}  // namespace baton::json::jq
