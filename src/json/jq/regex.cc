#include "json/jq/regex.h"

#include <oniguruma.h>

#include <algorithm>
#include <climits>
#include <cstdint>
#include <memory>
#include <mutex>

#include "json/internal.h"
#include "json/jq/operators.h"

namespace baton::json::jq {
namespace {

constexpr std::uint64_t kStepsMax = 10'000'000;
constexpr std::uint64_t kStepsPerByte = 64;
constexpr unsigned kStackMax = 1'000'000;  // entries of some 40 bytes

struct Free {
  void operator()(regex_t* regex) const { onig_free(regex); }
  void operator()(OnigRegion* region) const { onig_region_free(region, 1); }
  void operator()(OnigMatchParam* param) const { onig_free_match_param(param); }
};

struct Flags {
  bool global = false;
  OnigOptionType options = ONIG_OPTION_CAPTURE_GROUP;
};

Result<Flags> read_flags(const Value& value) {
  Flags flags;
  if (value.is_null()) return flags;
  if (!value.is_string()) return invalid(described(value) + " is not a string");
  for (const char c : value.get_string()) {
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
      return invalid(std::string(view(value.get_string())) + " is not a valid modifier string");
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

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

/// The next character's place; behind the end there is one more.
std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && !begins_character(text[at])) ++at;
  return at;
}

/// One expression on one text.
class Search {
 public:
  explicit Search(std::string_view text)
      : text_(text), region_(onig_region_new()), param_(onig_new_match_param()), steps_(0) {
    steps_ = kStepsMax + kStepsPerByte * text.size();
    onig_set_match_stack_limit_size_of_match_param(param_.get(), kStackMax);
    onig_set_retry_limit_in_match_of_match_param(param_.get(), ULONG_MAX);  // the search's counts them all
  }

  Result<void> compile(std::string_view regex, const Flags& flags) {
    static std::once_flag once;
    std::call_once(once, [] {
      OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
      onig_initialize(encodings, 1);
    });
    regex_t* compiled = nullptr;
    OnigErrorInfo info;
    const int code = onig_new(&compiled, bytes(regex.data()), bytes(regex.data() + regex.size()), flags.options,
                              ONIG_ENCODING_UTF8, ONIG_SYNTAX_PERL_NG, &info);
    if (code != ONIG_NORMAL) return invalid("Regex failure: " + message(code, &info));
    regex_.reset(compiled);
    onig_foreach_name(
        compiled,
        [](const OnigUChar* name, const OnigUChar* end, int count, int* groups, regex_t*, void* out) {
          const std::string_view text(reinterpret_cast<const char*>(name), static_cast<std::size_t>(end - name));
          for (int i = 0; i < count; ++i) static_cast<Search*>(out)->name(groups[i], text);
          return 0;
        },
        this);
    return {};
  }

  /// The next match at `at` or behind it.
  Result<bool> find(std::size_t at) {
    // How many steps a search took is not to be had: a limit that grows tells it roughly.
    for (std::uint64_t limit = 16;; limit *= 4) {
      if (limit > steps_) return invalid("the regular expression takes too long on this text");
      steps_ -= limit;
      onig_set_retry_limit_in_search_of_match_param(param_.get(), limit);
      const OnigUChar* const begin = bytes(text_.data());
      const int found = onig_search_with_param(regex_.get(), begin, begin + text_.size(), begin + at,
                                               begin + text_.size(), region_.get(), ONIG_OPTION_NONE, param_.get());
      if (found >= 0) return true;
      if (found == ONIG_MISMATCH) return false;
      if (found != ONIGERR_RETRY_LIMIT_IN_SEARCH_OVER) return invalid("Regex failure: " + message(found));
    }
  }

  std::size_t end() const { return static_cast<std::size_t>(region_->end[0]); }
  /// \K may put it anywhere.
  std::size_t begin() const { return std::min(static_cast<std::size_t>(region_->beg[0]), end()); }

  Value found() {
    Object match = place(begin(), end());
    Array captures;
    for (int group = 1; group < region_->num_regs; ++group) captures.push_back(capture(group));
    match["captures"] = std::move(captures);
    return match;
  }

 private:
  void name(int group, std::string_view text) {
    if (names_.size() <= static_cast<std::size_t>(group)) names_.resize(static_cast<std::size_t>(group) + 1);
    names_[static_cast<std::size_t>(group)] = Value(text);
  }

  Value capture(int group) {
    const int from = region_->beg[group];
    const int to = region_->end[group];
    Object out;
    if (from >= 0) {
      out = place(static_cast<std::size_t>(std::min(from, to)), static_cast<std::size_t>(to));
    } else {
      out = {{"offset", -1}, {"length", 0}, {"string", nullptr}};
    }
    const auto index = static_cast<std::size_t>(group);
    out["name"] = index < names_.size() ? names_[index] : Value();
    return out;
  }

  Object place(std::size_t from, std::size_t to) {
    const std::string_view part = text_.substr(from, to - from);
    return {{"offset", offset(from)}, {"length", characters(part)}, {"string", part}};
  }

  static std::int64_t characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(), begins_character);
  }

  /// Code points before `at`: counted on from the last one asked.
  std::int64_t offset(std::size_t at) {
    offset_ += at >= counted_ ? characters(text_.substr(counted_, at - counted_))
                              : -characters(text_.substr(at, counted_ - at));
    counted_ = at;
    return offset_;
  }

  std::string_view text_;
  std::unique_ptr<regex_t, Free> regex_;
  std::unique_ptr<OnigRegion, Free> region_;
  std::unique_ptr<OnigMatchParam, Free> param_;
  std::vector<Value> names_;  // by group
  std::uint64_t steps_;       // left
  std::size_t counted_ = 0;   // bytes, that have offset_ code points
  std::int64_t offset_ = 0;
};

}  // namespace

Result<Value> match(const Value& text, const Value& regex, const Value& flags, Want want) {
  if (!text.is_string()) return invalid(described(text) + " cannot be matched, as it is not a string");
  if (!regex.is_string()) return invalid(described(regex) + " is not a string");
  BATON_TRY(const Flags options, read_flags(flags));
  const std::string_view whole = view(text.get_string());
  Search search(whole);
  BATON_CHECK(search.compile(view(regex.get_string()), options));
  Array matches;
  for (std::size_t at = 0; at <= whole.size();) {
    BATON_TRY(const bool found, search.find(at));
    if (want == Want::test) return Value(found);
    if (!found) break;
    matches.push_back(search.found());
    if (!options.global) break;
    at = search.begin() == search.end() ? next_character(whole, search.end()) : search.end();
  }
  return Value(std::move(matches));
}

}  // namespace baton::json::jq
