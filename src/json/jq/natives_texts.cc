#include <algorithm>
#include <cmath>

#include "json/internal.h"
#include "json/jq/lexer.h"
#include "json/jq/library.h"
#include "json/jq/run.h"

namespace baton::json::jq {

Val split(Run& run, std::string_view text, std::string_view separator);

namespace {

Val change_case(Run& run, const Val& in, char first, char last) {
  if (!in.is_string()) return run.fail("explode input must be a string");  // jq's words: it takes the text apart
  if (!run.room_and_work(in.text().size())) return {};
  std::string text(in.text());
  for (char& c : text) {
    if (c >= first && c <= last) c = static_cast<char>(c ^ 0x20);
  }
  return run.text(std::move(text));
}
Val ascii_downcase(Run& run, const Val& in, const Val*) {
  return change_case(run, in, 'A', 'Z');
}
Val ascii_upcase(Run& run, const Val& in, const Val*) {
  return change_case(run, in, 'a', 'z');
}

Val starts_or_ends(Run& run, const Val& in, const Val& part, bool starts) {
  if (!in.is_string() || !part.is_string())
    return run.fail(std::string(starts ? "startswith" : "endswith") + "() requires string inputs");
  return Val::boolean(starts ? in.text().starts_with(part.text()) : in.text().ends_with(part.text()));
}
Val startswith(Run& run, const Val& in, const Val* a) {
  return starts_or_ends(run, in, a[0], true);
}
Val endswith(Run& run, const Val& in, const Val* a) {
  return starts_or_ends(run, in, a[0], false);
}

Val ltrimstr(Run& run, const Val& in, const Val* a) {
  if (!in.is_string() || !a[0].is_string() || !in.text().starts_with(a[0].text())) return in;
  return run.text(in.text().substr(a[0].text().size()));
}
Val rtrimstr(Run& run, const Val& in, const Val* a) {
  if (!in.is_string() || !a[0].is_string() || !in.text().ends_with(a[0].text())) return in;
  return run.text(in.text().substr(0, in.text().size() - a[0].text().size()));
}

// Unicode's white space, as far as a trim may meet it.
std::size_t blank_at(std::string_view text) {
  if (text.empty()) return 0;
  const char c = text[0];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (text.starts_with("\u0085") || text.starts_with("\u00a0")) return 2;
  for (const std::string_view blank : {"\u1680", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"}) {
    if (text.starts_with(blank)) return 3;
  }
  return text.starts_with("\xe2\x80") && text.size() > 2 && static_cast<unsigned char>(text[2]) <= 0x8a ? 3 : 0;
}
Val trimmed(Run& run, const Val& in, bool left, bool right) {
  if (!in.is_string()) return run.fail(described(in) + " cannot be trimmed");
  std::string_view text = in.text();
  while (left && blank_at(text) > 0) text.remove_prefix(blank_at(text));
  while (right && !text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
    if (blank_at(text.substr(at)) == 0) break;
    text = text.substr(0, at);
  }
  return text.size() == in.text().size() ? in : run.text(text);
}
Val trim(Run& run, const Val& in, const Val*) {
  return trimmed(run, in, true, true);
}
Val ltrim(Run& run, const Val& in, const Val*) {
  return trimmed(run, in, true, false);
}
Val rtrim(Run& run, const Val& in, const Val*) {
  return trimmed(run, in, false, true);
}

Val split_text(Run& run, const Val& in, const Val* a) {
  if (!in.is_string() || !a[0].is_string()) return run.fail("split input and separator must be strings");
  return split(run, in.text(), a[0].text());
}

Val explode(Run& run, const Val& in, const Val*) {
  if (!in.is_string()) return run.fail("explode input must be a string");
  Val out = run.list();
  const std::string_view text = in.text();
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const std::size_t size = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    std::int64_t code = size == 1 ? c : c & (0xff >> (size + 1));
    for (std::size_t i = 1; i < size && at + i < text.size(); ++i)
      code = (code << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3f);
    at += size;
    if (out.absent() || !run.push(out, Val::integer(code))) return {};
  }
  return run.steps(text.size() / 4) ? out : Val();
}

Val implode(Run& run, const Val& in, const Val*) {
  if (!in.is_array()) return run.fail(described(in) + " cannot be imploded, must be an array of codepoints");
  if (!run.room_and_work(4 * in.size()) || !run.steps(in.size())) return {};
  std::string text;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Val code = in.at(i);
    if (!code.is_number())
      return run.fail(described(code) + " can't be imploded, unicode codepoint needs to be numeric");
    const double d = code.to_double();
    append_utf8(text, d >= 0 && d < 2e6 ? static_cast<std::int64_t>(d) : -1);
  }
  return run.text(std::move(text));
}

// Where `part` begins, in characters.
Val text_indices(Run& run, const Val& in, const Val* a) {
  if (!in.is_string() || !a[0].is_string()) return run.fail("_strindices input must be a string");
  const std::string_view text = in.text();
  const std::string_view part = a[0].text();
  Val out = run.list();
  if (part.empty() || out.absent()) return out;
  std::int64_t count = 0;
  std::size_t counted = 0;
  if (!run.steps(text.size() / 16)) return {};
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    count += characters(text.substr(counted, at - counted));
    counted = at;
    if (!run.steps(1 + part.size() / 16) || !run.push(out, Val::integer(count))) return {};
  }
  return out;
}

// ---- regular expressions

Val place(Run& run, std::string_view text, const Match::Place& place, std::int64_t& offset, std::int64_t& counted) {
  Val out = run.map(5);
  if (out.absent()) return out;
  if (place.from < 0) {
    const bool done = run.put(out, run.text("offset"), Val::integer(-1)) &&
                      run.put(out, run.text("string"), Val::null()) &&
                      run.put(out, run.text("length"), Val::integer(0));
    return done ? out : Val();
  }
  const auto from = static_cast<std::size_t>(place.from);
  const auto at = static_cast<std::size_t>(counted);
  offset += from >= at ? characters(text.substr(at, from - at)) : -characters(text.substr(from, at - from));
  counted = place.from;
  const std::string_view part = text.substr(from, static_cast<std::size_t>(place.to - place.from));
  const bool done = run.put(out, run.text("offset"), Val::integer(offset)) &&
                    run.put(out, run.text("length"), Val::integer(characters(part))) &&
                    run.put(out, run.text("string"), run.text(part)) && run.steps(part.size() / 64);
  return done ? out : Val();
}

// _match(regex; flags; only a test; all of them)
Val match(Run& run, const Val& in, const Val* a) {
  const bool test = a[2].truth();
  const auto matches = find_matches(run, in, a[0], a[1], test, a[3].truth());
  if (!matches) return {};
  if (test) return Val::boolean(!matches->empty());
  Val out = run.list(matches->size());
  std::int64_t offset = 0;
  std::int64_t counted = 0;
  for (const Match& one : *matches) {
    Val object = place(run, in.text(), one.places[0], offset, counted);
    Val captures = run.list(one.places.size() - 1);
    if (out.absent() || object.absent() || captures.absent()) return {};
    for (std::size_t i = 1; i < one.places.size(); ++i) {
      Val capture = place(run, in.text(), one.places[i], offset, counted);
      if (capture.absent()) return {};
      Val name = one.places[i].name ? run.text(*one.places[i].name) : Val::null();
      if (!run.put(capture, run.text("name"), std::move(name)) || !run.push(captures, std::move(capture))) return {};
    }
    if (!run.put(object, run.text("captures"), std::move(captures)) || !run.push(out, std::move(object))) return {};
  }
  return out;
}

// What stands between the matches.
Val split_regex(Run& run, const Val& in, const Val* a) {
  const auto matches = find_matches(run, in, a[0], a[1], false, true);
  if (!matches) return {};
  const std::string_view text = in.text();
  Val out = run.list(matches->size() + 1);
  std::size_t previous = 0;
  for (const Match& one : *matches) {
    const auto from = static_cast<std::size_t>(one.places[0].from);
    if (out.absent() || !run.push(out, run.text(text.substr(previous, from - previous)))) return {};
    previous = static_cast<std::size_t>(one.places[0].to);
  }
  if (out.absent() || !run.push(out, run.text(text.substr(previous)))) return {};
  return out;
}

constexpr Native kNatives[] = {
    {"ascii_downcase", 0, ascii_downcase},
    {"ascii_upcase", 0, ascii_upcase},
    {"startswith", 1, startswith},
    {"endswith", 1, endswith},
    {"ltrimstr", 1, ltrimstr},
    {"rtrimstr", 1, rtrimstr},
    {"trim", 0, trim},
    {"ltrim", 0, ltrim},
    {"rtrim", 0, rtrim},
    {"split", 1, split_text},
    {"split", 2, split_regex},
    {"explode", 0, explode},
    {"implode", 0, implode},
    {"_strindices", 1, text_indices},
    {"_match", 4, match},
};

}  // namespace

std::span<const Native> natives_of_texts() {
  return kNatives;
}

}  // namespace baton::json::jq
