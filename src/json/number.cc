#include "json/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/assert.h"
#include "json/internal.h"

namespace baton::json {
namespace {

// 0.digits * 10^point. No zeros at either end of the digits; zero has none.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t point = 0;
};

constexpr std::int64_t kExponentMax = std::int64_t{1} << 60;  // what is beyond is as good as this

std::int64_t read_exponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  for (const char c : text) exponent = std::min(exponent * 10 + (c - '0'), kExponentMax);
  return negative ? -exponent : exponent;
}

Decimal to_decimal(std::string_view text) {
  Decimal out;
  out.negative = text.starts_with('-');
  if (out.negative) text.remove_prefix(1);
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::size_t whole = 0;
  bool fraction = false;
  for (const char c : text.substr(0, e)) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (!fraction) ++whole;
    out.digits.push_back(c);
  }
  const std::size_t zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size());
  out.digits.erase(0, zeros);
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  if (out.digits.empty()) return {};
  out.point = static_cast<std::int64_t>(whole) - static_cast<std::int64_t>(zeros);
  if (e < text.size()) out.point += read_exponent(text.substr(e + 1));
  return out;
}

int sign(std::int64_t difference) {
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

int compare_decimals(const Decimal& a, const Decimal& b) {
  const auto way = [](const Decimal& d) { return d.digits.empty() ? 0 : d.negative ? -1 : 1; };
  if (way(a) != way(b) || way(a) == 0) return sign(way(a) - way(b));
  if (a.point != b.point) return way(a) * (a.point < b.point ? -1 : 1);
  return way(a) * sign(a.digits.compare(b.digits));
}

template <class T>
int order(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

bool is_nan(const Value& value) {
  return value.is_double() && std::isnan(value.get_double());
}

// Integers in here are doubles exactly, and a double in here is an integer exactly or none at all.
bool is_small(const Value& value) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  return value.is_int64() && value.get_int64() >= -kExact && value.get_int64() <= kExact;
}

template <class T>
std::optional<T> read(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool is_literal(const Value& value) {
  const auto* text = value.if_string();
  return text != nullptr && marks_literal(view(*text));
}
bool is_number(const Value& value) {
  return value.is_number() || is_literal(value);
}
bool is_string(const Value& value) {
  return value.is_string() && !is_literal(value);
}
std::optional<std::string_view> if_string(const Value& value) {
  if (!is_string(value)) return std::nullopt;
  return view(value.get_string());
}

std::string number_text(const Value& number) {
  BATON_ASSERT(is_number(number));
  return print(number);
}

Value make_number(std::string_view text) {
  const bool integer = text.find_first_not_of("-0123456789") == std::string_view::npos;
  if (integer && text != "-0" && text.size() <= 20) {
    if (const auto n = read<std::int64_t>(text)) return Value(*n);
    if (const auto n = read<std::uint64_t>(text)) return Value(*n);
  }
  double d = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), d);
  if (error == std::errc() && std::isfinite(d)) {
    if (print(Value(d)) == text) return Value(d);
  }
  boost::json::string literal;
  literal.reserve(text.size() + 1);
  literal.push_back(kLiteralMark);
  literal.append(text);
  return Value(std::move(literal));
}

double to_double(std::string_view text) {
  double d = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), d);
  if (error != std::errc::result_out_of_range) return d;
  const Decimal decimal = to_decimal(text);
  const double size = decimal.point > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return decimal.negative ? -size : size;
}

double to_double(const Value& number) {
  if (number.is_int64()) return static_cast<double>(number.get_int64());
  if (number.is_uint64()) return static_cast<double>(number.get_uint64());
  if (number.is_double()) return number.get_double();
  BATON_ASSERT(is_literal(number));
  return to_double(view(number.get_string()).substr(1));
}

std::optional<std::int64_t> to_int64(const Value& number) {
  if (number.is_int64()) return number.get_int64();
  if (!is_number(number) || number.is_uint64()) return std::nullopt;
  if (number.is_double()) {
    const double d = number.get_double();
    if (!(std::fabs(d) < 9.2e18) || std::trunc(d) != d) return std::nullopt;
    return static_cast<std::int64_t>(d);
  }
  return read<std::int64_t>(canonical_number(view(number.get_string()).substr(1)));
}

bool is_whole(const Value& number) {
  if (number.is_int64() || number.is_uint64()) return true;
  if (number.is_double()) return std::trunc(number.get_double()) == number.get_double();
  BATON_ASSERT(is_literal(number));
  const Decimal d = to_decimal(view(number.get_string()).substr(1));
  return d.point >= static_cast<std::int64_t>(d.digits.size());
}

std::optional<std::int64_t> remainder(const Value& whole, std::int64_t divisor) {
  BATON_ASSERT(divisor > 0);
  const std::string digits = canonical_number(number_text(whole));
  const bool negative = digits.starts_with('-');
  if (digits.find_first_not_of("0123456789", negative ? 1 : 0) != std::string::npos) return std::nullopt;
  __extension__ using Wide = unsigned __int128;
  Wide left = 0;
  for (const char c : digits.substr(negative ? 1 : 0))
    left = (left * 10 + static_cast<unsigned>(c - '0')) % static_cast<std::uint64_t>(divisor);
  return negative ? -static_cast<std::int64_t>(left) : static_cast<std::int64_t>(left);
}

int compare_number_texts(std::string_view a, std::string_view b) {
  return compare_decimals(to_decimal(a), to_decimal(b));
}

int compare_numbers(const Value& a, const Value& b) {
  if (a.is_int64() && b.is_int64()) return order(a.get_int64(), b.get_int64());
  if (is_nan(a) || is_nan(b)) return is_nan(a) ? -1 : 1;
  if ((a.is_double() || is_small(a)) && (b.is_double() || is_small(b))) return order(to_double(a), to_double(b));
  if (a.is_uint64() && b.is_uint64()) return order(a.get_uint64(), b.get_uint64());
  if (const int c = order(to_double(a), to_double(b)); c != 0) return c;
  if (a.is_double() && std::isinf(a.get_double())) return a.get_double() > 0 ? 1 : -1;
  if (b.is_double() && std::isinf(b.get_double())) return b.get_double() > 0 ? -1 : 1;
  return compare_number_texts(number_text(a), number_text(b));
}

std::string canonical_number(std::string_view text) {
  const Decimal d = to_decimal(text);
  if (d.digits.empty()) return "0";
  const auto count = static_cast<std::int64_t>(d.digits.size());
  std::string out(d.negative ? "-" : "");
  if (d.point >= count && d.point <= 40)
    return out + d.digits + std::string(static_cast<std::size_t>(d.point - count), '0');
  if (d.point > 0 && d.point < count) {
    const auto whole = static_cast<std::size_t>(d.point);
    return out + d.digits.substr(0, whole) + "." + d.digits.substr(whole);
  }
  if (d.point <= 0 && d.point > -6) return out + "0." + std::string(static_cast<std::size_t>(-d.point), '0') + d.digits;
  out.push_back(d.digits[0]);
  if (count > 1) out.append(".").append(d.digits, 1);
  return out + (d.point > 0 ? "e+" : "e-") + std::to_string(d.point > 0 ? d.point - 1 : 1 - d.point);
}

std::string key_text(const Value& value) {
  if (const auto text = if_string(value)) return std::string(*text);
  if (is_number(value)) return canonical_number(number_text(value));
  return print(value);
}

void round_literals(Value& value) {
  if (value.is_array()) {
    for (Value& item : value.get_array()) round_literals(item);
  } else if (value.is_object()) {
    for (auto& entry : value.get_object()) round_literals(entry.value());
  } else if (is_literal(value)) {
    const auto integer = to_int64(value);
    value = integer ? Value(*integer) : Value(to_double(value));
  }
}

}  // namespace baton::json
