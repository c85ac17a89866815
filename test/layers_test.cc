// src/layers.txt is law: every #include of a house header must be an arrow of that table; every folder a row, every row
// a folder.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/testing/source_dir.h"

namespace {

namespace fs = std::filesystem;
using Table = std::map<std::string, std::set<std::string>>;

Table read_table(std::istream& in) {
  Table table;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto colon = line.find(':');
    std::istringstream row(line.substr(colon + 1));
    std::set<std::string>& allowed = table[line.substr(0, colon)];
    for (std::string folder; row >> folder;) allowed.insert(folder);
  }
  return table;
}

// The folder of the house that an include names; "" for system headers. The SDK's public headers belong to sdk.
std::string folder_of(const std::string& include) {
  const std::string first = include.substr(0, include.find('/'));
  return first == "baton" ? "sdk" : first;
}

struct Arrow {
  std::string from, to, file;
};

std::vector<Arrow> arrows_of(const fs::path& file, const std::string& folder) {
  static const std::regex kInclude(R"(^\s*#\s*include\s+"([^"]+/[^"]+)\")");
  std::vector<Arrow> arrows;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_search(line, match, kInclude))
      arrows.push_back({folder, folder_of(match[1]), file.string() + ": " + line});
  }
  return arrows;
}

std::vector<Arrow> all_arrows(const fs::path& source_dir, const Table& table) {
  std::vector<Arrow> arrows;
  const auto scan = [&](const fs::path& root, const std::string& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      // An example stands on the SDK alone; its tests may hold it to the compiler and the projector.
      if (folder == "loan" && entry.path().stem().string().ends_with("_test")) continue;
      const auto found = arrows_of(entry.path(), folder);
      arrows.insert(arrows.end(), found.begin(), found.end());
    }
  };
  for (const auto& [folder, row] : table)
    scan(folder == "loan" ? source_dir / "examples" / "loan" : source_dir / "src" / folder, folder);
  scan(source_dir / "include" / "baton", "sdk");
  return arrows;
}

std::vector<std::string> violations(const std::vector<Arrow>& arrows, const Table& table) {
  std::vector<std::string> found;
  for (const Arrow& arrow : arrows) {
    if (arrow.from == arrow.to) continue;
    const auto row = table.find(arrow.from);
    const bool internal = arrow.file.ends_with("/internal.h\"");  // of its own folder's files only
    if (internal || row == table.end() || !row->second.contains(arrow.to))
      found.push_back(arrow.from + " -> " + arrow.to + "  " + arrow.file);
  }
  return found;
}

const fs::path kSource = baton::source_dir();

Table house() {
  std::ifstream in(kSource / "src" / "layers.txt");
  return read_table(in);
}

TEST(Layers, EveryIncludeIsAnArrowOfTheTable) {
  const auto arrows = all_arrows(kSource, house());
  EXPECT_GT(arrows.size(), 50U);  // the scan really reads the sources
  for (const std::string& violation : violations(arrows, house())) ADD_FAILURE() << violation;
}

TEST(Layers, EveryFolderHasARowAndEveryRowAFolder) {
  std::set<std::string> folders = {"loan"};
  for (const auto& entry : fs::directory_iterator(kSource / "src")) {
    if (entry.is_directory()) folders.insert(entry.path().filename());
  }
  std::set<std::string> rows;
  for (const auto& [folder, row] : house()) rows.insert(folder);
  EXPECT_EQ(folders, rows);
}

TEST(Layers, TheTableHasNoCycle) {
  // Rows stand from the ground up: a folder may name only folders that stand above it in the file.
  std::ifstream in(kSource / "src" / "layers.txt");
  std::set<std::string> seen;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream one(line);
    for (const auto& [folder, row] : read_table(one)) {
      for (const std::string& below : row)
        EXPECT_TRUE(seen.contains(below)) << folder << " names " << below << " before its row";
      seen.insert(folder);
    }
  }
}

// A range-for keeps what its range refers to alive only if it is the temporary itself: in `for (x : f()->xs)` the share
// that f() gave is gone before the loop begins (until C++23's P2718, which g++ has from 15 on).
TEST(Lifetimes, NoLoopRunsOverAPartOfATemporaryShare) {
  static const std::regex kLoop(R"(\bfor \([^;]*[^:]:[^:;)]*\(\)\s*->)");
  EXPECT_TRUE(std::regex_search("for (const auto& [k, v] : catalog.snapshot()->flows) {", kLoop));
  EXPECT_FALSE(std::regex_search("for (const auto& one : registry->flows) one();", kLoop));
  for (const char* folder : {"src", "include", "examples", "test"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kSource / folder)) {
      if (entry.path().extension() != ".cc" && entry.path().extension() != ".h") continue;
      if (entry.path().filename() == "layers_test.cc") continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);)
        EXPECT_FALSE(std::regex_search(line, kLoop)) << entry.path() << ": " << line;
    }
  }
}

TEST(Layers, AnArrowThatIsNotInTheTableIsFound) {
  const Table table = {{"base", {}}, {"log", {"base"}}};
  EXPECT_EQ(violations({{"log", "base", "a.h"}}, table).size(), 0U);
  EXPECT_EQ(violations({{"base", "log", "b.h"}}, table).size(), 1U);
  EXPECT_EQ(violations({{"log", "role", "c.h"}}, table).size(), 1U);
  EXPECT_EQ(violations({{"log", "base", "d.cc: #include \"base/internal.h\""}}, table).size(), 1U);
}

}  // namespace
