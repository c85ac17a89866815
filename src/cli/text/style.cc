#include "cli/text/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace baton::cli {
namespace {

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::none:
      return "";
    case Colour::bold:
      return "1";
    case Colour::dim:
      return "2";
    case Colour::red:
      return "31";
    case Colour::green:
      return "32";
    case Colour::yellow:
      return "33";
    case Colour::cyan:
      return "36";
  }
  return "";
}

constexpr Millis kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

std::string two(Millis ms, Millis big, const char* big_name, Millis small, const char* small_name) {
  const Millis rest = ms % big / small;
  return rest == 0 ? fmt::format("{} {}", ms / big, big_name)
                   : fmt::format("{} {} {} {}", ms / big, big_name, rest, small_name);
}

}  // namespace

std::string paint(std::string_view text, Colour colour, bool on) {
  if (!on || colour == Colour::none || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(colour), text);
}

// U+0000 to U+001F, U+007F, and U+0080 to U+009F, which are two bytes and steer some terminals, too.
std::string harmless(std::string_view text, std::string_view kept) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    const bool two = byte == 0xc2 && next >= 0x80 && next <= 0x9f;
    const bool control = byte < 0x20 || byte == 0x7f || two;
    out += control && kept.find(text[i]) == std::string_view::npos ? '?' : text[i];
    i += two ? 1 : 0;
  }
  return out;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string clip(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (begins && seen++ == columns - 1) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

namespace {

// Takes from the widest column until all fit: first from those wider than their heading, then from any but the first,
// then from that too.
void narrow(std::vector<std::size_t>& widths, const std::vector<Cell>& heading, std::size_t columns) {
  constexpr std::size_t kLeast = 4;
  const auto least = [&](std::size_t i, int round) {
    return round == 0 ? std::max<std::size_t>(columns_of(heading[i].text), 2 * kLeast) : kLeast;
  };
  std::size_t all = 2 * (widths.size() - 1);
  for (const std::size_t width : widths) all += width;
  for (int round = 0; round < 3; ++round) {
    while (all > columns) {
      std::size_t widest = widths.size();
      for (std::size_t i = round < 2 ? 1 : 0; i < widths.size(); ++i) {
        if (widths[i] > least(i, round) && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
      }
      if (widest == widths.size()) break;
      --widths[widest];
      --all;
    }
  }
}

}  // namespace

std::string table(const std::vector<std::vector<Cell>>& rows, bool colour, std::string_view indent,
                  std::size_t columns) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i].text));
  }
  if (columns > 0 && !rows.empty()) narrow(widths, rows.front(), columns - std::min(columns, columns_of(indent)));
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line(indent);
    std::size_t blanks = 0;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const std::string text = clip(harmless(rows[r][i].text), widths[i]);
      if (!text.empty())
        line +=
            std::string(std::exchange(blanks, 0), ' ') + paint(text, r == 0 ? Colour::bold : rows[r][i].colour, colour);
      blanks += widths[i] - columns_of(text) + 2;
    }
    out += line + "\n";
  }
  return out;
}

Colour colour_of_status(std::string_view status) {
  if (status == "completed") return Colour::green;
  if (status == "faulted") return Colour::red;
  if (status == "cancelled" || status == "suspended") return Colour::yellow;
  return Colour::cyan;
}

std::string duration(Millis ms) {
  if (ms < 0) return "-" + duration(-ms);
  if (ms < kSecond) return fmt::format("{} ms", ms);
  if (ms < kMinute) {
    std::string text = fmt::format("{:.2f}", static_cast<double>(ms) / 1000.0);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text + " s";
  }
  if (ms < kHour) return two(ms, kMinute, "min", kSecond, "s");
  if (ms < kDay) return two(ms, kHour, "h", kMinute, "min");
  return two(ms, kDay, "d", kHour, "h");
}

std::string relative(Instant at, Instant now) {
  const Millis ago = now - at;
  if (ago >= kDay || ago <= -kDay) return to_rfc3339(at).substr(0, 10) + " " + to_rfc3339(at).substr(11, 5);
  // Whole seconds: nobody reads the rest of "12.34 s ago".
  const auto rounded = [](Millis ms) { return ms < kSecond ? ms : ms / kSecond * kSecond; };
  return ago >= 0 ? duration(rounded(ago)) + " ago" : "in " + duration(rounded(-ago));
}

std::string date_and_time(Instant at) {
  const std::string text = to_rfc3339(at);
  return text.substr(0, 10) + " " + text.substr(11, 12) + " UTC";
}

std::string time_of_day(Instant at) {
  return to_rfc3339(at).substr(11, 12);
}

Result<Instant> parse_when(std::string_view text, Instant now) {
  if (auto time = parse_rfc3339(text)) return *time;
  if (auto date = parse_rfc3339(std::string(text) + "T00:00:00Z")) return *date;
  Millis count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const Millis ms = unit == "s"                    ? kSecond
                    : unit == "m" || unit == "min" ? kMinute
                    : unit == "h"                  ? kHour
                    : unit == "d"                  ? kDay
                                                   : 0;
  if (error == std::errc() && ms != 0 && count >= 0 && count < 100'000) return now + -count * ms;
  return invalid("'" + std::string(text) +
                 "' is no time: use 2026-01-31T09:00:00Z, 2026-01-31, or how long ago: 30s, 10m, 2h, 1d");
}

}  // namespace baton::cli
