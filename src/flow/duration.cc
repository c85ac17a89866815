#include "flow/duration.h"

#include <string>

namespace baton::flow {
namespace {

constexpr Millis kSecond = 1000;
constexpr Millis kMinute = 60 * kSecond;
constexpr Millis kHour = 60 * kMinute;
constexpr Millis kDay = 24 * kHour;

struct Unit {
  char letter;
  Millis ms;
};
constexpr Unit kDateUnits[] = {{'Y', 365 * kDay}, {'M', 30 * kDay}, {'W', 7 * kDay}, {'D', kDay}};
constexpr Unit kTimeUnits[] = {{'H', kHour}, {'M', kMinute}, {'S', kSecond}};

bool digit(std::string_view text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

struct Number {
  Millis whole = 0;
  Millis fraction_ppm = 0;  // millionths
  bool ok = false;
};

/// Takes "12" or "1.5" from the front. More whole digits than a bounded duration can have is not ok.
Number take_number(std::string_view& text) {
  Number n;
  int digits = 0;
  for (; digit(text); text.remove_prefix(1), ++digits) {
    if (digits == 15) return {};
    n.whole = n.whole * 10 + (text[0] - '0');
  }
  if (digits == 0) return {};
  n.ok = true;
  if (!text.starts_with('.') && !text.starts_with(',')) return n;
  text.remove_prefix(1);
  n.ok = digit(text);
  for (Millis scale = 100'000; digit(text); text.remove_prefix(1), scale /= 10)
    n.fraction_ppm += (text[0] - '0') * scale;
  return n;
}

/// Takes the parts of one half (date or time), each unit once, from large to small. Negative: malformed.
template <std::size_t N>
Millis take_parts(std::string_view& text, const Unit (&units)[N]) {
  Millis sum = 0;
  std::size_t next = 0;
  while (digit(text)) {
    const Number n = take_number(text);
    if (!n.ok || text.empty()) return -1;
    while (next < N && units[next].letter != text[0]) ++next;
    if (next == N || n.whole > kDurationMax / units[next].ms) return -1;
    sum += n.whole * units[next].ms + units[next].ms / 1000 * n.fraction_ppm / 1000;
    text.remove_prefix(1);
    ++next;
  }
  return sum;
}

}  // namespace

Result<Millis> parse_duration(std::string_view text) {
  const Error bad =
      invalid("'" + std::string(text.substr(0, 40)) + "' is no ISO 8601 duration such as PT30S or P1DT12H");
  std::string_view rest = text;
  if (!rest.starts_with('P')) return bad;
  rest.remove_prefix(1);
  if (rest.empty()) return bad;
  const Millis date = take_parts(rest, kDateUnits);
  if (date < 0) return bad;
  Millis time = 0;
  if (rest.starts_with('T')) {
    rest.remove_prefix(1);
    if (!digit(rest)) return bad;
    time = take_parts(rest, kTimeUnits);
    if (time < 0) return bad;
  }
  if (!rest.empty()) return bad;
  if (date + time > kDurationMax) return invalid("'" + std::string(text) + "' is longer than 100 years");
  return date + time;
}

}  // namespace baton::flow
