// Text for a terminal: colour where it is wanted, columns that stand under each other, times that people read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace baton::cli {

enum class Colour { none, bold, dim, red, green, yellow, cyan };
/// `on` false: the text as it is.
std::string paint(std::string_view text, Colour colour, bool on);
/// What comes from a server must not steer the terminal: control characters, except those of `kept`, become '?'.
std::string harmless(std::string_view text, std::string_view kept = "");
/// Columns it takes: UTF-8 code points.
std::size_t columns_of(std::string_view text);
/// As it is when it takes no more than these columns; else cut, with "…" in the last.
std::string clip(std::string_view text, std::size_t columns);

struct Cell {
  std::string text;
  Colour colour = Colour::none;
};
/// Columns two blanks apart; the last is not padded; an empty table prints nothing. The first row is the heading. One
/// that takes more than `columns` (0: any number) is made to fit: the widest columns are cut first, headings later, and
/// last of all the first column, by which people name things.
std::string table(const std::vector<std::vector<Cell>>& rows, bool colour, std::string_view indent = "",
                  std::size_t columns = 0);

Colour colour_of_status(std::string_view status);

/// "3 ms", "1.25 s", "4 min 10 s", "2 h 5 min", "3 d 4 h".
std::string duration(Millis ms);
/// "12 s ago", "in 4 min 10 s"; from a day on the date.
std::string relative(Instant at, Instant now);
/// "2026-01-31 09:00:00.250 UTC"; "09:00:00.250".
std::string date_and_time(Instant at);
std::string time_of_day(Instant at);

/// RFC 3339, a date, or how long ago: "10m", "2h", "1d", "30s". Errors: invalid.
Result<Instant> parse_when(std::string_view text, Instant now);

}  // namespace baton::cli
