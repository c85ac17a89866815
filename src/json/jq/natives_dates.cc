// Dates: broken-down times as jq has them, [year, month from 0, day, hour, minute, second, weekday, day of the year].
// UTC only: no zone of the machine is ever read.
#include <algorithm>
#include <cmath>
#include <ctime>

#include "json/jq/library.h"
#include "json/jq/run.h"

namespace baton::json::jq {
namespace {

constexpr double kSecondsMax = 67e15;  // years that fit an int
constexpr std::size_t kFormatMax = 4096;

Val broken_down(Run& run, const std::tm& tm, double seconds) {
  Val out = run.list(8);
  if (out.absent()) return out;
  for (const int part : {tm.tm_year + 1900, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min}) {
    if (!run.push(out, Val::integer(part))) return {};
  }
  if (!run.push(out, real(seconds)) || !run.push(out, Val::integer(tm.tm_wday)) ||
      !run.push(out, Val::integer(tm.tm_yday)))
    return {};
  return out;
}

Val gmtime(Run& run, const Val& in, const Val*) {
  if (!in.is_number()) return run.fail("gmtime() requires numeric inputs");
  const double d = in.to_double();
  if (!(d > -kSecondsMax && d < kSecondsMax))
    return run.fail("error converting number of seconds since epoch to datetime");
  const auto seconds = static_cast<std::time_t>(d);  // towards zero, as jq has it
  std::tm tm{};
  if (gmtime_r(&seconds, &tm) == nullptr) return run.fail("error converting number of seconds since epoch to datetime");
  return broken_down(run, tm, tm.tm_sec + (d - std::floor(d)));
}

bool read_broken_down(const Val& in, std::tm& tm) {
  if (!in.is_array() || in.size() < 8) return false;
  int* const parts[] = {&tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
                        &tm.tm_min,  &tm.tm_sec, &tm.tm_wday, &tm.tm_yday};
  for (std::size_t i = 0; i < 8; ++i) {
    const Val part = in.at(i);
    if (!part.is_number()) return false;
    const double d = part.to_double() - (i == 0 ? 1900 : 0);
    *parts[i] = static_cast<int>(std::isnan(d) ? 0 : std::clamp(d, -2e9, 2e9));
  }
  tm.tm_gmtoff = 0;
  tm.tm_zone = "UTC";
  return true;
}

Val mktime(Run& run, const Val& in, const Val*) {
  std::tm tm{};
  if (!in.is_array()) return run.fail("mktime requires array of 6 numbers");
  if (!read_broken_down(in, tm)) return run.fail("mktime requires parsed datetime inputs");
  const std::time_t seconds = timegm(&tm);
  if (seconds == -1 && tm.tm_year != 69) return run.fail("invalid gmtime representation");
  return Val::integer(seconds);
}

// %s asks the C library for the machine's zone: it is put in as what it is.
std::string without_seconds(std::string_view format, std::tm tm) {
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size()) {
      if (format[i + 1] == 's') {
        out += std::to_string(timegm(&tm));
      } else {
        out.append(format, i, 2);
      }
      ++i;
    } else {
      out.push_back(format[i]);
    }
  }
  return out;
}

Val strftime(Run& run, const Val& in, const Val* a) {
  Val time = in;
  if (in.is_number()) time = gmtime(run, in, nullptr);
  if (time.absent()) return time;
  if (!time.is_array()) return run.fail("strftime/1 requires parsed datetime inputs");
  if (!a[0].is_string()) return run.fail("strftime/1 requires a string format");
  std::tm tm{};
  if (!read_broken_down(time, tm)) return run.fail("strftime/1 requires parsed datetime inputs");
  if (a[0].text().size() > kFormatMax) return run.fail("strftime/1: the format is too long");
  // Weekday and month are looked up by the C library without a look at the bounds of its tables.
  tm.tm_wday = std::clamp(tm.tm_wday, 0, 6);
  tm.tm_mon = std::clamp(tm.tm_mon, 0, 11);
  const std::string format = without_seconds(a[0].text(), tm);
  if (!run.room_and_work(32 * format.size() + 1024)) return {};
  std::string out(32 * format.size() + 1024, '\0');
  out.resize(std::strftime(out.data(), out.size(), format.c_str(), &tm));
  if (out.empty()) return run.fail("strftime/1: unknown system failure");
  return run.text(std::move(out));
}

// What the C library leaves open: weekday and day of the year, by the calendar.
void complete(std::tm& tm) {
  if (tm.tm_mday < 1 || tm.tm_mday > 31) return;
  std::tm copy = tm;
  copy.tm_isdst = 0;
  timegm(&copy);
  if (tm.tm_wday == 8) tm.tm_wday = copy.tm_wday;
  if (tm.tm_yday == 367) tm.tm_yday = copy.tm_yday;
}

Val strptime(Run& run, const Val& in, const Val* a) {
  if (!in.is_string() || !a[0].is_string()) return run.fail("strptime/1 requires string inputs and arguments");
  if (a[0].text().size() > kFormatMax) return run.fail("strptime/1: the format is too long");
  if (!run.room_and_work(in.text().size() + kFormatMax)) return {};
  const std::string text(in.text());
  const std::string format(a[0].text());
  if (format.find("%s") != std::string::npos || format.find("%+") != std::string::npos) {
    return run.fail("strptime/1: %s and %+ depend on the machine's zone; seconds since 1970 are a number: tonumber");
  }
  std::tm tm{};
  tm.tm_wday = 8;
  tm.tm_yday = 367;
  const char* const end = ::strptime(text.c_str(), format.c_str(), &tm);
  const bool blank = end != nullptr && (*end == ' ' || (*end >= '\t' && *end <= '\r'));
  if (end == nullptr || (*end != '\0' && !blank)) {
    return run.fail("date \"" + text.substr(0, 200) + "\" does not match format \"" + format.substr(0, 200) + "\"");
  }
  complete(tm);
  Val out = broken_down(run, tm, tm.tm_sec);
  if (*end != '\0' && (out.absent() || !run.push(out, run.text(std::string_view(end))))) return {};
  return out;
}

constexpr Native kNatives[] = {
    {"gmtime", 0, gmtime},     {"localtime", 0, gmtime},       {"mktime", 0, mktime},
    {"strftime", 1, strftime}, {"strflocaltime", 1, strftime}, {"strptime", 1, strptime},
};

}  // namespace

std::span<const Native> natives_of_dates() {
  return kNatives;
}

}  // namespace baton::json::jq
