#include "json/jq/library.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>

#include "base/assert.h"
#include "json/jq/parser.h"

namespace baton::json::jq {
namespace {

struct Definition {
  std::string_view name;
  std::size_t arity;
  std::string_view text;
};

// What jq's manual says of them, in jq. Loops call themselves last: they run in one frame (run.h).
constexpr Definition kDefinitions[] = {
    {"recurse", 0, "def recurse: def r: ., (.[]? | r); r;"},
    {"recurse", 1, "def recurse(f): def r: ., (f | r); r;"},
    {"recurse", 2, "def recurse(f; condition): def r: ., (f | select(condition) | r); r;"},
    {"recurse_down", 0, "def recurse_down: recurse;"},
    {"while", 2, "def while(condition; update): def loop: if condition then ., (update | loop) else empty end; loop;"},
    {"until", 2, "def until(condition; update): def loop: if condition then . else (update | loop) end; loop;"},
    {"repeat", 1, "def repeat(f): def loop: ., (f | loop); loop;"},
    {"nth", 1, "def nth($n): .[$n];"},
    {"nth", 2,
     "def nth($n; f): if $n < 0 then error(\"nth doesn't support negative indices\") else first(foreach f as $item ($n "
     "+ 1; . - 1; if . <= 0 then $item else empty end)) end;"},
    {"first", 0, "def first: .[0];"},
    {"last", 0, "def last: .[-1];"},
    {"values", 0, "def values: select(. != null);"},
    {"nulls", 0, "def nulls: select(. == null);"},
    {"booleans", 0, "def booleans: select(type == \"boolean\");"},
    {"numbers", 0, "def numbers: select(type == \"number\");"},
    {"strings", 0, "def strings: select(type == \"string\");"},
    {"arrays", 0, "def arrays: select(type == \"array\");"},
    {"objects", 0, "def objects: select(type == \"object\");"},
    {"iterables", 0, "def iterables: select(type | . == \"array\" or . == \"object\");"},
    {"scalars", 0, "def scalars: select(type | . != \"array\" and . != \"object\");"},
    {"normals", 0, "def normals: select(isnormal);"},
    {"finites", 0, "def finites: select(isfinite);"},
    {"isfinite", 0, "def isfinite: type == \"number\" and (isinfinite | not);"},
    {"isvalid", 1, "def isvalid(f): try (f | true) catch false;"},
    {"toarray", 0, "def toarray: if type == \"array\" then . else [.] end;"},
    {"debug", 1, "def debug(message): (message | empty), .;"},
    {"add", 1, "def add(f): reduce f as $x (null; . + $x);"},
    {"map_values", 1, "def map_values(f): .[] |= f;"},
    {"with_entries", 1, "def with_entries(f): to_entries | map(f) | from_entries;"},
    {"del", 1, "def del(f): delpaths([path(f)]);"},
    {"paths", 0, "def paths: path(..) | select(length > 0);"},
    {"paths", 1, "def paths(condition): path(.. | select(condition)) | select(length > 0);"},
    {"leaf_paths", 0, "def leaf_paths: paths(scalars);"},
    {"pick", 1, "def pick(f): . as $in | reduce path(f) as $p (null; setpath($p; $in | getpath($p)));"},
    {"in", 1, "def in(container): . as $key | container | has($key);"},
    {"inside", 1, "def inside(container): . as $part | container | contains($part);"},
    {"sort_by", 1, "def sort_by(f): _sort_by(map([f]));"},
    {"group_by", 1, "def group_by(f): _group_by(map([f]));"},
    {"unique_by", 1, "def unique_by(f): _unique_by(map([f]));"},
    {"min_by", 1, "def min_by(f): _min_by(map([f]));"},
    {"max_by", 1, "def max_by(f): _max_by(map([f]));"},
    {"combinations", 0,
     "def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $rest | [$x] + $rest "
     "end;"},
    {"combinations", 1, "def combinations(n): . as $in | [range(n) | $in] | combinations;"},
    {"walk", 1,
     "def walk(f): def w: if type == \"object\" then map_values(w) elif type == \"array\" then map(w) else . end | f; "
     "w;"},
    {"indices", 1,
     "def indices($part): if type == \"array\" and ($part | type) == \"array\" then .[$part]"
     " elif type == \"array\" then .[[$part]]"
     " elif type == \"string\" and ($part | type) == \"string\" then _strindices($part) else .[$part] end;"},
    {"index", 1, "def index($part): indices($part) | .[0];"},
    {"rindex", 1, "def rindex($part): indices($part) | .[-1:][0];"},
    {"ascii", 0, "def ascii: [.] | implode;"},
    // Regular expressions
    {"_pair", 0,
     "def _pair: if type == \"string\" then [., null] elif type == \"array\" and length > 1 then .[:2]"
     " elif type == \"array\" and length > 0 then [.[0], null] else error(type + \" not a string or array\") end;"},
    {"match", 2, "def match(regex; flags): _match(regex; flags; false; false) | .[];"},
    {"match", 1, "def match($regex): ($regex | _pair) as [$r, $flags] | match($r; $flags);"},
    {"test", 2, "def test(regex; flags): _match(regex; flags; true; false);"},
    {"test", 1, "def test($regex): ($regex | _pair) as [$r, $flags] | test($r; $flags);"},
    {"_names", 0, "def _names: reduce (.captures[] | select(.name != null)) as $one ({}; .[$one.name] = $one.string);"},
    {"capture", 2, "def capture(regex; flags): match(regex; flags) | _names;"},
    {"capture", 1, "def capture($regex): match($regex) | _names;"},
    {"scan", 2,
     "def scan($regex; $flags): _match($regex; $flags; false; true) | .[]"
     " | if (.captures | length) > 0 then [.captures[].string] else .string end;"},
    {"scan", 1, "def scan($regex): scan($regex; null);"},
    {"splits", 2, "def splits($regex; flags): split($regex; flags) | .[];"},
    {"splits", 1, "def splits($regex): splits($regex; null);"},
    {"sub", 2, "def sub(regex; replacement): sub(regex; replacement; \"\");"},
    {"gsub", 2, "def gsub(regex; replacement): sub(regex; replacement; \"g\");"},
    {"gsub", 3, "def gsub(regex; replacement; flags): sub(regex; replacement; flags + \"g\");"},
    // Dates
    {"todateiso8601", 0, "def todateiso8601: strftime(\"%Y-%m-%dT%H:%M:%SZ\");"},
    {"fromdateiso8601", 0, "def fromdateiso8601: strptime(\"%Y-%m-%dT%H:%M:%SZ\") | mktime;"},
    {"dateiso8601", 0, "def dateiso8601: todateiso8601;"},
    {"todate", 0, "def todate: todateiso8601;"},
    {"fromdate", 0, "def fromdate: fromdateiso8601;"},
    {"date", 0, "def date: todateiso8601;"},
    {"dateadd", 2, "def dateadd(unit; n): . + n;"},
    {"datesub", 2, "def datesub(unit; n): . - n;"},
    // Streams
    {"tostream", 0,
     "def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);"},
    {"fromstream", 1,
     "def fromstream(f): foreach f as $event ({x: null, e: false};"
     " if .e then {x: null, e: false} else . end"
     " | if ($event | length) == 2 then setpath([\"e\"]; ($event[0] | length) == 0) | setpath([\"x\"] + $event[0]; "
     "$event[1])"
     " else setpath([\"e\"]; ($event[0] | length) == 1) end;"
     " if .e then .x else empty end);"},
    {"truncate_stream", 1,
     "def truncate_stream(stream): . as $n | null | stream | . as $event"
     " | if ($event[0] | length) > $n then setpath([0]; $event[0][$n:]) else empty end;"},
    // As in SQL
    {"INDEX", 2, "def INDEX(stream; key): reduce stream as $row ({}; .[$row | key | tostring] = $row);"},
    {"INDEX", 1, "def INDEX(key): INDEX(.[]; key);"},
    {"JOIN", 2, "def JOIN($index; key): [.[] | [., $index[key]]];"},
    {"JOIN", 3, "def JOIN($index; stream; key): stream | [., $index[key]];"},
    {"JOIN", 4, "def JOIN($index; stream; key; join): stream | [., $index[key]] | join;"},
    {"IN", 1, "def IN(stream): any(stream == .; .);"},
    {"IN", 2, "def IN(source; stream): any(source == stream; .);"},
};

struct Refusal {
  std::string_view name;
  std::string_view instead;
};

constexpr std::string_view kClock =
    "an expression depends on its input alone; take the time from a variable or from the data";
constexpr std::string_view kWorld = "an expression depends on its input alone; pass the value in as data";
constexpr std::string_view kModules = "there are no modules; define the function in the expression: def f: …;";
constexpr std::string_view kStop = "an expression can't end the process; use error(…) to fail, or empty for no output";

constexpr Refusal kRefusals[] = {
    {"now", kClock},
    {"env", kWorld},
    {"$ENV", kWorld},
    {"input", kWorld},
    {"inputs", kWorld},
    {"input_filename", kWorld},
    {"input_line_number", kWorld},
    {"$__loc__", "an expression is one piece of a document; the document's line is known to who wrote it"},
    {"$__prog_args", kWorld},
    {"stderr", "nothing is written while an expression is evaluated; put what is of interest into the output"},
    {"halt", kStop},
    {"halt_error", kStop},
    {"include", kModules},
    {"import", kModules},
    {"module", kModules},
    {"modulemeta", kModules},
    {"get_search_list", kModules},
    {"get_prog_origin", kModules},
    {"get_jq_origin", kModules},
};

constexpr std::string_view kForms[] = {"empty/0", "error/0", "error/1", "select/1",  "map/1",  "first/1",
                                       "last/1",  "limit/2", "skip/2",  "any/0",     "any/1",  "any/2",
                                       "all/0",   "all/1",   "all/2",   "isempty/1", "path/1", "sub/3",
                                       "range/1", "range/2", "range/3", "getpath/1", "debug/0"};

using Key = std::pair<std::string_view, std::size_t>;

const std::map<Key, const Native*>& natives() {
  static const std::map<Key, const Native*> kAll = [] {
    std::map<Key, const Native*> all;
    for (const auto table : {natives_of_values(), natives_of_numbers(), natives_of_texts(), natives_of_lists(),
                             natives_of_paths(), natives_of_dates()}) {
      for (const Native& native : table) all.emplace(Key(native.name, native.arity), &native);
    }
    return all;
  }();
  return kAll;
}

// Those read so far. A definition may use others: reading is recursive, and none of them uses itself through another.
class Definitions {
 public:
  const Function* find(const Definition& definition) {
    const std::lock_guard lock(mutex_);
    auto& tree = trees_[&definition];
    if (!tree) {
      auto parsed = parse_definition(definition.text);
      tree = std::move(parsed);
    }
    return &tree->functions.front();
  }

 private:
  std::recursive_mutex mutex_;
  std::map<const Definition*, std::unique_ptr<const Tree>> trees_;
};

}  // namespace

const Native* find_native(std::string_view name, std::size_t arity) {
  const auto it = natives().find({name, arity});
  return it == natives().end() ? nullptr : it->second;
}

const Function* find_defined(std::string_view name, std::size_t arity) {
  static const std::map<Key, const Definition*> kByName = [] {
    std::map<Key, const Definition*> all;
    for (const Definition& one : kDefinitions) all.emplace(Key(one.name, one.arity), &one);
    return all;
  }();
  const auto it = kByName.find({name, arity});
  if (it == kByName.end()) return nullptr;
  static Definitions* const definitions = new Definitions;  // for the life of the process, whatever ends first
  return definitions->find(*it->second);
}

std::vector<std::string> function_names() {
  std::vector<std::string> names(std::begin(kForms), std::end(kForms));
  for (const auto& [key, native] : natives())
    names.push_back(std::string(key.first) + "/" + std::to_string(key.second));
  for (const Definition& one : kDefinitions) names.push_back(std::string(one.name) + "/" + std::to_string(one.arity));
  std::sort(names.begin(), names.end());
  return names;
}

std::string_view refusal(std::string_view name) {
  for (const Refusal& one : kRefusals) {
    if (one.name == name) return one.instead;
  }
  return {};
}

}  // namespace baton::json::jq
