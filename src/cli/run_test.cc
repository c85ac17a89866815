#include "cli/run.h"
#include "base/testing/source_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "cli/shapes.h"
#include "cli/testing/fixture.h"

namespace baton::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using ::testing::StartsWith;

class Run : public testing::CliTest {};

TEST_F(Run, HandsLocalCommandsOver) {
  EXPECT_EQ(run({"serve", "--data", "d"}).code, 0);
  EXPECT_EQ(testing::served.data, "d");
  terminal_ = true;
  EXPECT_EQ(run({"demo", "loan"}).code, 0);
  EXPECT_TRUE(testing::shown.live && testing::shown.colour);
  EXPECT_EQ(run({"bench"}).code, 1);  // its own exit code
}

TEST_F(Run, ExitsWithTwoOnWrongArguments) {
  const Outcome o = run({"deplyo"});
  EXPECT_EQ(o.code, 2);
  EXPECT_EQ(o.out, "");
  EXPECT_EQ(o.err, "baton: there is no command 'deplyo'. Did you mean 'deploy'?\n  baton help    lists them\n");
}

// All help texts, as they are printed. BATON_UPDATE=1 writes them anew; the reviewer reads that diff.
TEST_F(Run, HelpIsWhatIsWrittenDown) {
  std::string all = run({"help"}).out;
  for (const CommandShape& shape : command_shapes()) {
    const std::string help = run({"help", shape.name}).out;
    EXPECT_EQ(shape.name == "help" ? run({"help"}).out : help, run({shape.name, "--help"}).out);
    all += "\n---- baton help " + shape.name + "\n" + help;
    EXPECT_THAT(run({}).out, HasSubstr("\n  " + shape.name));
  }
  const std::string path = source_dir() + "/src/cli/testing/help.txt";
  if (std::getenv("BATON_UPDATE") != nullptr) std::ofstream(path) << all;
  std::ifstream file(path);
  EXPECT_EQ(all, std::string(std::istreambuf_iterator<char>(file), {})) << "BATON_UPDATE=1 cli_test writes it anew";
}

TEST_F(Run, ColoursOnlyWhereItIsWanted) {
  EXPECT_THAT(client({"flows"}).out, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(client({"flows", "--color", "always"}).out, HasSubstr("\x1b["));
  terminal_ = true;
  EXPECT_THAT(client({"flows"}).out, HasSubstr("\x1b["));
  EXPECT_THAT(client({"flows", "--color", "never"}).out, Not(HasSubstr("\x1b[")));
  env_["NO_COLOR"] = "1";
  EXPECT_THAT(client({"flows"}).out, Not(HasSubstr("\x1b[")));
}

TEST_F(Run, FailsWhenItsOutputIsLost) {
  std::ostream full(nullptr);  // as on a full disk
  std::istringstream in;
  std::ostringstream err;
  Streams streams{in, full, err, false, false, [](const std::string&) { return std::nullopt; }, now_};
  const std::vector<const char*> argv = {"baton", "version"};
  EXPECT_EQ(cli::run(2, argv.data(), streams, {}), 1);
  EXPECT_EQ(err.str(), "baton: can't write to the standard output\n");
}

TEST_F(Run, AsksAServerOnThisMachineWithoutTheProxyOfTheEnvironment) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  const Outcome o = client({"flows"});
  unsetenv("http_proxy");
  EXPECT_EQ(o.code, 0) << o.err;
}

TEST_F(Run, SaysHowToStartAServerWhenThereIsNone) {
  const std::string gone = url();
  server_.reset();
  const Outcome o = run({"flows", "--server", gone});
  EXPECT_EQ(o.code, 1);
  EXPECT_THAT(o.err, StartsWith("baton flows: can't reach a server at " + gone));
  EXPECT_THAT(o.err, HasSubstr("baton serve --data"));
  EXPECT_THAT(o.err, HasSubstr("BATON_SERVER"));
}

TEST_F(Run, SaysWhenWhatAnswersIsNoBaton) {
  backend_.doors_ = {{"GET", "/other/v1/flows", "s", "",
                      [](const api::DoorRequest&, const std::function<void(api::DoorResponse)>& done) {
                        done({200, "text/html", "<html>", {}});
                      }}};
  const Outcome o = run({"flows", "--deployed", "--server", url() + "/other"});
  EXPECT_EQ(o.code, 1);
  EXPECT_THAT(o.err, HasSubstr("is no Baton"));
}

}  // namespace
}  // namespace baton::cli
