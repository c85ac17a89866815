#include "base/clock.h"

#include <time.h>

#include <fmt/format.h>

#include <chrono>

#include "base/assert.h"

namespace baton {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

// Reads exactly `digits` digits at `at` and moves past them; -1 where there are none.
int read_number(std::string_view text, std::size_t& at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  at += digits;
  return value;
}

bool read_char(std::string_view text, std::size_t& at, std::string_view allowed) {
  if (at >= text.size() || allowed.find(text[at]) == std::string_view::npos) return false;
  ++at;
  return true;
}

int read_fraction_ms(std::string_view text, std::size_t& at) {
  int ms = 0;
  int scale = 100;
  const std::size_t begin = at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) ms += (text[at] - '0') * scale;
  return at == begin ? -1 : ms;
}

// Every event that is published has its time as text: formatting by a pattern was 2 % of all CPU under load.
void write_number(std::string& text, std::size_t at, std::size_t digits, unsigned number) {
  for (std::size_t i = digits; i-- > 0; number /= 10) text[at + i] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string to_rfc3339(Instant instant) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(instant.value)};
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::string text = "0000-00-00T00:00:00.000Z";
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) {
    text.replace(0, 4, fmt::format("{:04}", year));
  } else {
    write_number(text, 0, 4, static_cast<unsigned>(year));
  }
  const std::size_t end = text.size();
  write_number(text, end - 19, 2, static_cast<unsigned>(date.month()));
  write_number(text, end - 16, 2, static_cast<unsigned>(date.day()));
  write_number(text, end - 13, 2, static_cast<unsigned>(clock.hours().count()));
  write_number(text, end - 10, 2, static_cast<unsigned>(clock.minutes().count()));
  write_number(text, end - 7, 2, static_cast<unsigned>(clock.seconds().count()));
  write_number(text, end - 4, 3, static_cast<unsigned>(clock.subseconds().count()));
  return text;
}

Result<Instant> parse_rfc3339(std::string_view text) {
  const auto bad = [&] {
    return invalid("'" + std::string(text) + "' is not an RFC 3339 time (2026-01-31T09:00:00Z)");
  };
  std::size_t at = 0;
  const int year = read_number(text, at, 4);
  if (year < 0 || !read_char(text, at, "-")) return bad();
  const int month = read_number(text, at, 2);
  if (month < 0 || !read_char(text, at, "-")) return bad();
  const int day = read_number(text, at, 2);
  if (day < 0 || !read_char(text, at, "Tt ")) return bad();
  const int hour = read_number(text, at, 2);
  if (hour < 0 || hour > 23 || !read_char(text, at, ":")) return bad();
  const int minute = read_number(text, at, 2);
  if (minute < 0 || minute > 59 || !read_char(text, at, ":")) return bad();
  const int second = read_number(text, at, 2);
  if (second < 0 || second > 60) return bad();
  int ms = 0;
  if (read_char(text, at, ".")) ms = read_fraction_ms(text, at);
  if (ms < 0) return bad();
  int offset_minutes = 0;
  if (!read_char(text, at, "Zz")) {
    const bool west = at < text.size() && text[at] == '-';
    if (!read_char(text, at, "+-")) return bad();
    const int hours = read_number(text, at, 2);
    if (hours < 0 || hours > 23 || !read_char(text, at, ":")) return bad();
    const int minutes = read_number(text, at, 2);
    if (minutes < 0 || minutes > 59) return bad();
    offset_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (at != text.size() || !date.ok()) return bad();
  const Millis days_ms = sys_days(date).time_since_epoch().count() * Millis{86'400'000};
  return Instant(days_ms + ((hour * Millis{60} + minute - offset_minutes) * 60 + second) * 1000 + ms);
}

Instant SystemClock::now() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

ClockSources machine_clocks() {
  return {[] { return SystemClock().now().value; },
          [] {
            timespec time{};
            const int done = clock_gettime(CLOCK_BOOTTIME, &time);
            BATON_ASSERT(done == 0);
            return Millis{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
          }};
}

RunningClock::RunningClock(ClockSources sources)
    : sources_(std::move(sources)), running_at_start_(sources_.running()), start_(sources_.wall()) {}

Instant RunningClock::now() const {
  const Millis passed = sources_.running() - running_at_start_;
  BATON_ASSERT(passed >= 0);
  return Instant(start_.load(std::memory_order_relaxed) + passed);
}

void RunningClock::start_after(Instant last) {
  const Millis behind = last - now();
  if (behind > 0) start_.fetch_add(behind, std::memory_order_relaxed);
}

Millis RunningClock::drift() const {
  return sources_.wall() - now().value;
}

}  // namespace baton
