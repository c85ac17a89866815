#include "cli/demo/screen.h"

#include <gtest/gtest.h>

#include "cli/testing/memory_file.h"

namespace baton::cli {
namespace {

using testing::MemoryFile;

std::string times(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Screen, KeepsTheBarBelowTheLines) {
  MemoryFile out;
  Screen screen(true, false, false, out.file());
  screen.bar("b", 3, 10);
  const std::string bar = "b " + times(12, "█") + times(28, "░") + "  3/10";
  EXPECT_EQ(out.take(), bar);
  screen.say("line");
  EXPECT_EQ(out.take(), "\r\033[Kline\n" + bar);
  screen.bar("b", 3, 10);
  EXPECT_EQ(out.take(), "");  // nothing has changed: nothing flickers
  screen.bar("b", 10, 10);
  EXPECT_EQ(out.take(), "\r\033[Kb " + times(40, "█") + " 10/10");
  screen.end_bar();
  screen.say("after");
  EXPECT_EQ(out.take(), "\nafter\n");
}

TEST(Screen, CutsRowsAndTheBarToTheTerminal) {  // 80 columns when it does not say
  MemoryFile out;
  Screen screen(true, true, false, out.file());
  screen.say_row(std::string(70, 'a'), std::string(20, 'b'));
  EXPECT_EQ(out.take(), std::string(70, 'a') + "\033[2m" + std::string(9, 'b') + "…\033[0m\n");
  screen.say_row(std::string(90, 'a'), "b");
  EXPECT_EQ(out.take(), std::string(79, 'a') + "…\n");
  screen.bar(std::string(60, 'l'), 1, 2);
  EXPECT_EQ(out.take(), std::string(60, 'l') + " " + times(7, "█") + times(7, "░") + " 1/2");
}

TEST(Screen, PrintsPlainLinesToAPipe) {
  MemoryFile out;
  Screen screen(false, false, false, out.file());
  screen.say_row(std::string(90, 'a'), "b");
  EXPECT_EQ(out.take(), std::string(90, 'a') + "b\n");
  for (std::uint64_t i = 0; i <= 20; ++i) screen.bar("flows", i, 200);
  screen.end_bar();
  EXPECT_EQ(out.take(), "flows: 20 of 200 flows have ended\n");
}

TEST(Screen, IsSilentWhenJsonIsWanted) {
  MemoryFile out;
  Screen screen(false, false, true, out.file());
  screen.headline("h");
  screen.bar("b", 1, 1);
  screen.end_bar();
  EXPECT_EQ(out.take(), "");
}

}  // namespace
}  // namespace baton::cli
