#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "base/testing/source_dir.h"
#include "flow/report.h"
#include "flow/testing/fixture.h"

namespace baton::flow {
namespace {

TEST(Diagnostic, ReadsAsFileLineColumnCodeWhatWhereRemedy) {
  const Diagnostic d{"BTN-F012", Severity::error, "loan.yaml", 3, 7, "/do/0/a/then", "no such task", "Write another."};
  EXPECT_EQ(to_text(d), "loan.yaml:3:7: error BTN-F012: no such task\n  at /do/0/a/then\n  Write another.");
  EXPECT_EQ(to_text({"BTN-F001", Severity::warning, "a.yaml", 0, 0, "", "odd", ""}), "a.yaml: warning BTN-F001: odd");
}

TEST(Diagnostic, HasAllItsPartsInJson) {
  const Diagnostics list{{"BTN-F012", Severity::warning, "f", 3, 7, "/do", "w", "r"}};
  EXPECT_EQ(
      json::print(to_json(list)),
      R"([{"code":"BTN-F012","severity":"warning","file":"f","line":3,"column":7,"pointer":"/do","what":"w","remedy":"r"}])");
  EXPECT_FALSE(has_errors(list));
}

TEST(DidYouMean, NamesTheNearestWordAndNoFarOne) {
  EXPECT_EQ(did_you_mean("swtich", {"set", "switch"}), " (did you mean 'switch'?)");
  EXPECT_EQ(did_you_mean("Input", {"input", "output"}), " (did you mean 'input'?)");
  EXPECT_EQ(did_you_mean("zebra", {"set", "switch"}), "");
  EXPECT_EQ(did_you_mean(std::string(1000, 'x'), {std::string(1001, 'x')}), "");
}

TEST(Quote, KeepsAMessageOnOneLineAndShort) {
  EXPECT_EQ(quote("a\nb"), "'a b'");
  EXPECT_LT(quote(std::string(1000, 'x')).size(), 100u);
}

/// Every code that can be reported has a page, and every page is about such a code.
TEST(ErrorPages, ThereIsOneForEveryCodeOfFlowsAndContracts) {
  namespace fs = std::filesystem;
  const std::string source = source_dir();
  const std::string header = testing::read_file(source + "/src/flow/codes.h");
  std::set<std::string> codes, pages;
  const std::regex pattern("BTN-F[0-9]{3}");
  for (std::sregex_iterator it(header.begin(), header.end(), pattern), end; it != end; ++it) {
    EXPECT_TRUE(codes.insert(it->str()).second) << it->str() << " is given twice";
  }
  for (const auto& entry : fs::directory_iterator(source + "/docs/errors")) {
    const std::string name = entry.path().stem().string();
    if (!name.starts_with("BTN-F")) continue;
    pages.insert(name);
    EXPECT_TRUE(testing::read_file(entry.path().string()).starts_with("# " + name + ": ")) << entry.path();
  }
  EXPECT_EQ(codes, pages);
}

}  // namespace
}  // namespace baton::flow
