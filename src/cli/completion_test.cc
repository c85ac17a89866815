#include "cli/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>

namespace baton::cli {
namespace {

using ::testing::HasSubstr;

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (pipe != nullptr && fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr)
    out += buffer.data();
  if (pipe != nullptr) pclose(pipe);
  return out;
}

// What bash offers for these words, the last being the one that is typed.
std::string offered(const std::string& words, int at) {
  const std::string file = ::testing::TempDir() + "/baton-completion.bash";
  std::ofstream(file) << completion_script("bash", command_shapes());
  return output_of("bash -c 'source " + file + "; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(at) +
                   "; _baton; echo \"${COMPREPLY[@]}\"' 2>&1");
}

TEST(Completion, OffersWhatBashMayType) {
  EXPECT_EQ(offered("baton de", 1), "demo deploy\n");
  EXPECT_EQ(offered("baton flows --sta", 2), "--status\n");
  EXPECT_EQ(offered("baton flows --status wa", 3), "waiting\n");
  EXPECT_EQ(offered("baton deploy --strategy \"\"", 3), "orchestration choreography\n");
  EXPECT_EQ(offered("baton completion f", 2), "fish\n");
  EXPECT_EQ(offered("baton help publ", 2), "publish\n");
  EXPECT_EQ(offered("baton demo --version \"\"", 3), "1 2 3 4\n");
  EXPECT_EQ(offered("baton flow --color n", 3), "never\n");
  EXPECT_THAT(offered("baton project /etc/pass", 2), HasSubstr("/etc/passwd"));
  EXPECT_THAT(offered("baton deploy /etc/pass", 2), HasSubstr("/etc/passwd"));
}

TEST(Completion, KnowsAllCommandsInEveryShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(shell, command_shapes());
    for (const CommandShape& command : command_shapes()) {
      EXPECT_THAT(script, HasSubstr(command.name)) << shell;
      for (const std::string& option : command.options) EXPECT_THAT(script, HasSubstr(option.substr(2))) << shell;
    }
  }
}

}  // namespace
}  // namespace baton::cli
