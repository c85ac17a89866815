// Functions that any value has, and numbers from and to texts.
#include <algorithm>
#include <cmath>

#include "json/internal.h"
#include "json/jq/library.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

Val length(Run& run, const Val& in, const Val*) {
  switch (in.kind()) {
    case Kind::null:
      return Val::integer(0);
    case Kind::number:
      if (in.is_integer() && in.get_integer() >= 0) return in;
      if (in.is_integer()) return negate(run, in);
      return real(std::fabs(in.to_double()));
    case Kind::string:
      return run.steps(in.text().size() / 64) ? Val::integer(characters(in.text())) : Val();
    case Kind::array:
    case Kind::object:
      return Val::integer(static_cast<std::int64_t>(in.size()));
    default:
      return run.fail(described(in) + " has no length");
  }
}

Val utf8bytelength(Run& run, const Val& in, const Val*) {
  if (!in.is_string()) return run.fail(described(in) + " only strings have UTF-8 byte length");
  return Val::integer(static_cast<std::int64_t>(in.text().size()));
}

Val not_(Run&, const Val& in, const Val*) {
  return Val::boolean(!in.truth());
}

Val type(Run& run, const Val& in, const Val*) {
  return run.text(kind_name(in));
}

Val tojson(Run& run, const Val& in, const Val*) {
  return format(run, Format::json, in);
}
Val tostring(Run& run, const Val& in, const Val*) {
  return to_text(run, in);
}

Val format_as(Run& run, const Val& in, const Val* arguments) {
  if (!arguments[0].is_string()) return run.fail(described(arguments[0]) + " is not a valid format");
  const auto known = format_by_name(arguments[0].text());
  if (!known) return run.fail(std::string(arguments[0].text().substr(0, 60)) + " is not a valid format");
  return format(run, *known, in);
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// A number as jq reads it: JSON's, and also +1, .5, 5., 007, nan, and blanks around. Nothing: none.
Val read_number(Run& run, std::string_view text) {
  static constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text = text.substr(begin, text.find_last_not_of(kBlanks) + 1 - std::min(begin, text.find_last_not_of(kBlanks) + 1));
  if (!run.room_and_work(3 * text.size())) return {};
  std::string json;
  if (text.starts_with('-') || text.starts_with('+')) {
    if (text[0] == '-') json = "-";
    text.remove_prefix(1);
  }
  if (text == "nan") return Val::real(std::nan(""));
  std::size_t whole = 0;
  while (whole < text.size() && digit(text[whole])) ++whole;
  std::string_view integer = text.substr(0, whole);
  text.remove_prefix(whole);
  std::string_view fraction;
  if (text.starts_with('.')) {
    std::size_t end = 1;
    while (end < text.size() && digit(text[end])) ++end;
    fraction = text.substr(1, end - 1);
    text.remove_prefix(end);
  }
  if (integer.empty() && fraction.empty()) return {};
  while (integer.size() > 1 && integer[0] == '0') integer.remove_prefix(1);
  json += integer.empty() ? "0" : integer;
  if (!fraction.empty()) json.append(".").append(fraction);
  if (!text.empty()) {
    if (text[0] != 'e' && text[0] != 'E') return {};
    std::size_t digits = text.size() > 1 && (text[1] == '+' || text[1] == '-') ? 2 : 1;
    if (digits == text.size() || !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(digits), text.end(), digit))
      return {};
    json += text;
  }
  return run.number_from_text(json);
}

Val tonumber(Run& run, const Val& in, const Val*) {
  if (in.is_number()) return in;
  if (!in.is_string()) return run.fail(described(in) + " cannot be parsed as a number");
  Val number = read_number(run, in.text());
  if (number.absent() && !run.unwinding()) return run.fail(described(in) + " cannot be parsed as a number");
  return number;
}

Val fromjson(Run& run, const Val& in, const Val*) {
  if (!in.is_string()) return run.fail(described(in) + " cannot be parsed as JSON");
  const std::string_view text = in.text();
  if (!run.room_and_work(24 * text.size())) return {};
  if (text == "nan" || text == "NaN") return Val::real(std::nan(""));
  const auto value =
      json::parse(text, {.bytes_max = text.size(), .depth_max = static_cast<std::size_t>(kNestingMax) - 1});
  if (!value) return run.fail(value.error().text + " (while parsing '" + std::string(text.substr(0, 60)) + "')");
  return run.import(*value);
}

Val keys_of(Run& run, const Val& in, bool sorted) {
  if (!in.is_array() && !in.is_object()) return run.fail(described(in) + " has no keys");
  Val out = run.list(in.size());
  if (out.absent() || !run.steps(in.size())) return {};
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!run.push(out, in.is_array() ? Val::integer(static_cast<std::int64_t>(i)) : in.key_value(i))) return {};
  }
  if (sorted && in.is_object()) {
    auto& items = out.list()->items;
    std::sort(items.begin(), items.end(), [](const Val& a, const Val& b) { return a.text() < b.text(); });
  }
  return out;
}
Val keys(Run& run, const Val& in, const Val*) {
  return keys_of(run, in, true);
}
Val keys_unsorted(Run& run, const Val& in, const Val*) {
  return keys_of(run, in, false);
}

Val has(Run& run, const Val& in, const Val* arguments) {
  const Val& key = arguments[0];
  if (in.is_object() && key.is_string()) return Val::boolean(!in.find(key.text()).absent());
  if (in.is_array() && key.is_number()) {
    const double at = std::trunc(key.to_double());
    return Val::boolean(at >= 0 && at < static_cast<double>(in.size()));
  }
  if (in.is_null()) return Val::boolean(false);
  return run.fail("Cannot check whether " + std::string(kind_name(in)) + " has a " +
                  (key.is_string() ? "string" : std::string(kind_name(key))) + " key");
}

Val contains_in(Run& run, const Val& a, const Val& b) {
  if (!run.step()) return {};
  if (a.kind() != b.kind())
    return run.fail(described(a) + " and " + described(b) + " cannot have their containment checked");
  if (a.is_object()) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      const Val member = a.find(b.key(i));
      if (member.absent()) return Val::boolean(false);
      const Val inside = b.entry(i);
      const Val answer =
          member.kind() == inside.kind() ? contains_in(run, member, inside) : Val::boolean(equal(run, member, inside));
      if (answer.absent() || !answer.truth()) return answer;
    }
    return Val::boolean(true);
  }
  if (a.is_array()) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      bool found = false;
      for (std::size_t j = 0; j < a.size() && !found; ++j) {
        if (a.at(j).kind() != b.at(i).kind()) continue;
        const Val answer = contains_in(run, a.at(j), b.at(i));
        if (answer.absent()) return answer;
        found = answer.truth();
      }
      if (!found) return Val::boolean(false);
    }
    return Val::boolean(true);
  }
  if (a.is_string()) {
    if (!run.steps(a.text().size() / 16)) return {};
    return Val::boolean(a.text().find(b.text()) != std::string_view::npos);
  }
  return Val::boolean(equal(run, a, b));
}
Val contains(Run& run, const Val& in, const Val* arguments) {
  return contains_in(run, in, arguments[0]);
}

Val builtins(Run& run, const Val&, const Val*) {
  Val out = run.list();
  for (const std::string& name : function_names()) {
    if (name.starts_with('_')) continue;
    if (out.absent() || !run.push(out, run.text(name))) return {};
  }
  return out;
}

Val yes(Run&, const Val&, const Val*) {
  return Val::boolean(true);
}
Val no(Run&, const Val&, const Val*) {
  return Val::boolean(false);
}

constexpr Native kNatives[] = {
    {"length", 0, length},
    {"utf8bytelength", 0, utf8bytelength},
    {"not", 0, not_},
    {"type", 0, type},
    {"tojson", 0, tojson},
    {"tostring", 0, tostring},
    {"format", 1, format_as},
    {"tonumber", 0, tonumber},
    {"fromjson", 0, fromjson},
    {"keys", 0, keys},
    {"has", 1, has},
    {"keys_unsorted", 0, keys_unsorted},
    {"contains", 1, contains},
    {"builtins", 0, builtins},
    {"have_literal_numbers", 0, yes},
    {"have_decnum", 0, no},
};

}  // namespace

std::span<const Native> natives_of_values() {
  return kNatives;
}

}  // namespace baton::json::jq
