// The regular expressions of jq's match, test … on Oniguruma: the syntax and flags of jq 1.7. Steps of a search are
// steps of the evaluation's budget.
#include <oniguruma.h>

#include <algorithm>
#include <climits>
#include <cstdint>
#include <memory>
#include <mutex>

#include "json/internal.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

constexpr unsigned kStackMax = 200'000;  // entries of some 40 bytes
constexpr std::size_t kRegexMax = 64 << 10;
constexpr std::size_t kCompileSteps = 100;

struct Free {
  void operator()(regex_t* regex) const { onig_free(regex); }
  void operator()(OnigRegion* region) const { onig_region_free(region, 1); }
  void operator()(OnigMatchParam* param) const { onig_free_match_param(param); }
};

struct Flags {
  bool global = false;
  OnigOptionType options = ONIG_OPTION_CAPTURE_GROUP;
};

std::optional<Flags> read_flags(Run& run, const Val& value) {
  Flags flags;
  if (value.is_null()) return flags;
  if (!value.is_string()) return run.fail(described(value) + " is not a string"), std::nullopt;
  for (const char c : value.text()) {
    if (c == 'g') {
      flags.global = true;
    } else if (c == 'i') {
      flags.options |= ONIG_OPTION_IGNORECASE;
    } else if (c == 'x') {
      flags.options |= ONIG_OPTION_EXTEND;
    } else if (c == 's') {
      flags.options |= ONIG_OPTION_SINGLELINE;
    } else if (c == 'p') {
      flags.options |= ONIG_OPTION_MULTILINE | ONIG_OPTION_SINGLELINE;
    } else if (c == 'l') {
      flags.options |= ONIG_OPTION_FIND_LONGEST;
    } else if (c == 'n') {
      flags.options |= ONIG_OPTION_FIND_NOT_EMPTY;
    } else {
      return run.fail(brief(value, 60).substr(1, brief(value, 60).size() - 2) + " is not a valid modifier string"),
             std::nullopt;
    }
  }
  return flags;
}

const OnigUChar* bytes(const char* text) {
  return reinterpret_cast<const OnigUChar*>(text);
}

std::string message(int code, OnigErrorInfo* info = nullptr) {
  OnigUChar text[ONIG_MAX_ERROR_MESSAGE_LEN] = {};
  const int size = info != nullptr ? onig_error_code_to_str(text, code, info) : onig_error_code_to_str(text, code);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(std::max(size, 0))};
}

// The next character's place; behind the end there is one more.
std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  return at;
}

// One expression on one text.
class Search {
 public:
  Search(Run& run, std::string_view text)
      : run_(run), text_(text), region_(onig_region_new()), param_(onig_new_match_param()) {
    onig_initialize_match_param(param_.get());
    onig_set_match_stack_limit_size_of_match_param(param_.get(), kStackMax);
    onig_set_retry_limit_in_match_of_match_param(param_.get(), ULONG_MAX);  // the search's counts them all
  }

  bool compile(std::string_view regex, const Flags& flags) {
    static std::once_flag once;
    std::call_once(once, [] {
      OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
      onig_initialize(encodings, 1);
      onig_set_parse_depth_limit(250);
    });
    if (regex.size() > kRegexMax)
      return run_.fail("Regex failure: a regular expression of " + std::to_string(regex.size()) + " bytes is too long"),
             false;
    if (!run_.steps(kCompileSteps + 4 * regex.size())) return false;
    regex_t* compiled = nullptr;
    OnigErrorInfo info;
    const int code = onig_new(&compiled, bytes(regex.data()), bytes(regex.data() + regex.size()), flags.options,
                              ONIG_ENCODING_UTF8, ONIG_SYNTAX_PERL_NG, &info);
    if (code != ONIG_NORMAL) return run_.fail("Regex failure: " + message(code, &info)), false;
    regex_.reset(compiled);
    onig_foreach_name(
        compiled,
        [](const OnigUChar* name, const OnigUChar* end, int count, int* groups, regex_t*, void* out) {
          const std::string_view text(reinterpret_cast<const char*>(name), static_cast<std::size_t>(end - name));
          for (int i = 0; i < count; ++i) static_cast<Search*>(out)->name(groups[i], text);
          return 0;
        },
        this);
    return true;
  }

  // The next match at `at` or behind it. How many steps a search took is not to be had: a limit that grows tells it
  // roughly.
  std::optional<bool> find(std::size_t at) {
    for (std::size_t limit = 16;; limit *= 4) {
      if (!run_.steps(limit / 4 + 1)) return std::nullopt;
      onig_set_retry_limit_in_search_of_match_param(param_.get(), limit);
      const OnigUChar* const begin = bytes(text_.data());
      const int found = onig_search_with_param(regex_.get(), begin, begin + text_.size(), begin + at,
                                               begin + text_.size(), region_.get(), ONIG_OPTION_NONE, param_.get());
      if (found >= 0) return true;
      if (found == ONIG_MISMATCH) return run_.steps((text_.size() - at) / 64) ? std::optional(false) : std::nullopt;
      if (found == ONIGERR_MATCH_STACK_LIMIT_OVER)
        return run_.exhaust("the regular expression takes too much memory on this text"), std::nullopt;
      if (found != ONIGERR_RETRY_LIMIT_IN_SEARCH_OVER)
        return run_.fail("Regex failure: " + message(found)), std::nullopt;
    }
  }

  std::size_t end() const { return static_cast<std::size_t>(region_->end[0]); }
  // \K may put it anywhere.
  std::size_t begin() const { return std::min(static_cast<std::size_t>(region_->beg[0]), end()); }

  Match found() const {
    Match match;
    match.places.push_back({static_cast<std::int64_t>(begin()), static_cast<std::int64_t>(end()), {}});
    for (int group = 1; group < region_->num_regs; ++group) match.places.push_back(capture(group));
    return match;
  }
  std::size_t groups() const { return static_cast<std::size_t>(region_->num_regs); }

 private:
  void name(int group, std::string_view text) {
    if (names_.size() <= static_cast<std::size_t>(group)) names_.resize(static_cast<std::size_t>(group) + 1);
    names_[static_cast<std::size_t>(group)] = std::string(text);
  }

  Match::Place capture(int group) const {
    Match::Place place;
    const int from = region_->beg[group];
    const int to = region_->end[group];
    if (from >= 0) {
      place.from = std::min(from, to);
      place.to = to;
    }
    const auto index = static_cast<std::size_t>(group);
    if (index < names_.size()) place.name = names_[index];
    return place;
  }

  Run& run_;
  std::string_view text_;
  std::unique_ptr<regex_t, Free> regex_;
  std::unique_ptr<OnigRegion, Free> region_;
  std::unique_ptr<OnigMatchParam, Free> param_;
  std::vector<std::optional<std::string>> names_;  // by group
};

}  // namespace

std::optional<std::vector<Match>> find_matches(Run& run, const Val& text, const Val& regex, const Val& flags, bool test,
                                               bool force_global) {
  if (!text.is_string()) return run.fail(described(text) + " cannot be matched, as it is not a string"), std::nullopt;
  if (!regex.is_string()) return run.fail(described(regex) + " cannot be matched, as it is not a string"), std::nullopt;
  const auto options = read_flags(run, flags);
  if (!options) return std::nullopt;
  const std::string_view whole = text.text();
  Search search(run, whole);
  if (!search.compile(regex.text(), *options)) return std::nullopt;
  std::vector<Match> matches;
  const bool global = (options->global || force_global) && !test;
  std::size_t bytes = 0;
  for (std::size_t at = 0; at <= whole.size();) {
    const auto found = search.find(at);
    if (!found) return std::nullopt;
    if (!*found) break;
    bytes += sizeof(Match) + search.groups() * sizeof(Match::Place);
    if (!run.room(2 * bytes) || !run.steps(search.groups())) return std::nullopt;
    matches.push_back(search.found());
    if (!global) break;
    at = search.begin() == search.end() ? next_character(whole, search.end()) : search.end();
  }
  return matches;
}

}  // namespace baton::json::jq
