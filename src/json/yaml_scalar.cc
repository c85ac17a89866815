#include "json/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "json/number.h"

namespace baton::json {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_null(std::string_view s) {
  return s.empty() || one_of<4>(s, {"~", "null", "Null", "NULL"});
}
bool is_true(std::string_view s) {
  return one_of<3>(s, {"true", "True", "TRUE"});
}
bool is_false(std::string_view s) {
  return one_of<3>(s, {"false", "False", "FALSE"});
}

bool is_not_finite(std::string_view s) {
  if (one_of<3>(s, {".nan", ".NaN", ".NAN"})) return true;
  if (!s.empty() && (s[0] == '-' || s[0] == '+')) s.remove_prefix(1);
  return one_of<3>(s, {".inf", ".Inf", ".INF"});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits(std::string_view s) {
  return std::min(s.find_first_not_of("0123456789"), s.size());
}

template <class T, class... Base>
std::optional<T> read(std::string_view s, Base... base) {
  T value{};
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value, base...);
  if (error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return value;
}

// 0o17 and 0xff: no sign, as the schema has it.
std::optional<Value> read_based(std::string_view s) {
  if (s.size() < 3 || s[0] != '0' || (s[1] != 'o' && s[1] != 'x')) return std::nullopt;
  const auto n = read<std::uint64_t>(s.substr(2), s[1] == 'o' ? 8 : 16);
  if (!n) return std::nullopt;
  if (*n <= static_cast<std::uint64_t>(INT64_MAX)) return Value(static_cast<std::int64_t>(*n));
  return Value(*n);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_float(std::string_view s) {
  if (!s.empty() && (s[0] == '-' || s[0] == '+')) s.remove_prefix(1);
  const std::size_t whole = digits(s);
  s.remove_prefix(whole);
  std::size_t fraction = 0;
  if (!s.empty() && s[0] == '.') {
    fraction = digits(s.substr(1));
    s.remove_prefix(1 + fraction);
  }
  if (whole == 0 && fraction == 0) return false;
  if (s.empty()) return true;
  if (s[0] != 'e' && s[0] != 'E') return false;
  s.remove_prefix(1);
  if (!s.empty() && (s[0] == '-' || s[0] == '+')) s.remove_prefix(1);
  return !s.empty() && digits(s) == s.size();
}

// YAML writes +1, 007, .5 and 5.; JSON does not.
std::string as_json(std::string_view s) {
  std::string out(s.starts_with('-') ? "-" : "");
  if (s.starts_with('-') || s.starts_with('+')) s.remove_prefix(1);
  while (s.size() > 1 && s[0] == '0' && is_digit(s[1])) s.remove_prefix(1);
  if (s.starts_with('.')) out.push_back('0');
  out.append(s);
  if (const std::size_t dot = out.find('.');
      dot != std::string::npos && (dot + 1 == out.size() || !is_digit(out[dot + 1]))) {
    out.erase(dot, 1);
  }
  return out;
}

std::optional<Value> read_number(std::string_view s) {
  if (auto based = read_based(s)) return based;
  if (!is_float(s)) return std::nullopt;
  return make_number(as_json(s));
}

Result<Value> plain(std::string_view text) {
  if (is_null(text)) return Value();
  if (is_true(text)) return Value(true);
  if (is_false(text)) return Value(false);
  if (is_not_finite(text)) return invalid("JSON has no number '" + std::string(text) + "': quote it if text is meant");
  if (auto number = read_number(text)) return *std::move(number);
  return Value(text);
}

bool fits(std::string_view type, const Value& value) {
  if (type == "null") return value.is_null();
  if (type == "bool") return value.is_bool();
  if (type == "int") return value.is_int64() || value.is_uint64();
  return type == "float" && is_number(value);
}

}  // namespace

Result<Value> yaml_scalar(const std::string& tag, const std::string& text) {
  if (tag == "?" || tag.empty()) return plain(text);
  if (tag == "!" || tag == std::string(kTagPrefix) + "str") return Value(text);
  if (!tag.starts_with(kTagPrefix)) return invalid("the tag '" + tag + "' is not supported");
  const std::string_view type = std::string_view(tag).substr(kTagPrefix.size());
  if (!one_of<4>(type, {"null", "bool", "int", "float"})) return invalid("the tag '" + tag + "' is not supported");
  BATON_TRY(Value value, plain(text));
  if (!fits(type, value)) return invalid("'" + text + "' is not a " + std::string(type));
  return value;
}

}  // namespace baton::json
