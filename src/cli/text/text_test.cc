#include <gtest/gtest.h>

#include "cli/text/style.h"
#include "cli/text/suggest.h"

namespace baton::cli {
namespace {

TEST(Suggest, FindsWhatWasMeant) {
  const std::vector<std::string> commands = {"deploy", "start", "flows", "flow", "publish"};
  EXPECT_EQ(nearest("deplyo", commands), "deploy");
  EXPECT_EQ(nearest("flwos", commands), "flows");
  EXPECT_EQ(nearest("publsih", commands), "publish");
  EXPECT_EQ(nearest("xyzzy", commands), "");
  EXPECT_EQ(nearest("", commands), "");
  EXPECT_EQ(nearest("a", {}), "");
}

TEST(Suggest, CountsASwapAsOneEdit) {
  EXPECT_EQ(distance("ab", "ba"), 1u);
  EXPECT_EQ(distance("kitten", "sitting"), 3u);
  EXPECT_EQ(distance("", "abc"), 3u);
}

TEST(Text, ATableFitsEverywhereAndKeepsItsFirstColumnLongest) {
  const std::vector<std::vector<Cell>> rows{{{"ID"}, {"HEADING-OF-18-LONG"}, {"WHY"}},
                                            {{"L-01234567"}, {"x"}, {std::string(100, 'y')}}};
  for (std::size_t columns = 24; columns < 140; ++columns) {
    const std::string out = table(rows, false, "", columns);
    for (std::size_t at = 0; at < out.size();) {
      const std::string line = out.substr(at, out.find('\n', at) - at);
      EXPECT_LE(columns_of(line), columns) << line;
      at += line.size() + 1;
    }
    EXPECT_NE(out.find("L-01234567"), std::string::npos) << out;
    EXPECT_EQ(out.find("HEADING-OF-18-LONG") != std::string::npos, columns >= 40) << out;
  }
}

TEST(Style, AlignsColumnsByWhatIsSeen) {
  EXPECT_EQ(table({{{"A"}, {"B"}}, {{"é1", Colour::red}, {"x"}}, {{"long"}, {""}}}, false), "A     B\né1    x\nlong\n");
  EXPECT_EQ(table({{{"A"}, {"B"}}, {{"é", Colour::red}, {"x"}}}, true),
            "\x1b[1mA\x1b[0m  \x1b[1mB\x1b[0m\n\x1b[31mé\x1b[0m  x\n");
}

TEST(Style, CutsWhatIsTooWide) {
  EXPECT_EQ(clip("größe", 5), "größe");
  EXPECT_EQ(clip("größe", 4), "grö…");
  EXPECT_EQ(clip("ab", 1), "…");
  EXPECT_EQ(clip("ab", 0), "");
  EXPECT_EQ(clip("", 0), "");
}

TEST(Style, LetsNothingSteerTheTerminal) {
  EXPECT_EQ(harmless("a\x1b[2J\nb\x7f"), "a?[2J?b?");
}

TEST(Time, IsReadable) {
  EXPECT_EQ(duration(0), "0 ms");
  EXPECT_EQ(duration(1250), "1.25 s");
  EXPECT_EQ(duration(12'000), "12 s");
  EXPECT_EQ(duration(250'000), "4 min 10 s");
  EXPECT_EQ(duration(7'500'000), "2 h 5 min");
  EXPECT_EQ(duration(270'000'000), "3 d 3 h");
  EXPECT_EQ(duration(-5), "-5 ms");
  const Instant now(1'769'850'000'000);
  EXPECT_EQ(relative(now + -12'340, now), "12 s ago");
  EXPECT_EQ(relative(now + 250'000, now), "in 4 min 10 s");
  EXPECT_EQ(relative(now + -100'000'000, now), "2026-01-30 05:13");
  EXPECT_EQ(date_and_time(now + 250), "2026-01-31 09:00:00.250 UTC");
}

TEST(Time, IsReadInTheFormsThatPeopleUse) {
  const Instant now(1'769'850'000'000);
  EXPECT_EQ(parse_when("10m", now).value(), now + -600'000);
  EXPECT_EQ(parse_when("1d", now).value(), now + -86'400'000);
  EXPECT_EQ(parse_when("2026-01-31", now).value(), now + -9 * 3'600'000LL);
  EXPECT_EQ(parse_when("2026-01-31T09:00:00Z", now).value(), now);
  for (const char* bad : {"", "m", "-1m", "1y", "soon", "1m2", "99999999999999999999d"})
    EXPECT_FALSE(parse_when(bad, now)) << bad;
}

}  // namespace
}  // namespace baton::cli
