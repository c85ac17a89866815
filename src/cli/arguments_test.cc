#include "cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::cli {
namespace {

using ::testing::HasSubstr;

Result<Arguments> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "baton");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

TEST(Arguments, OfServe) {
  const auto a = parse({"serve", "--data", "d", "--http-listen", "[::1]:0", "--shards", "2", "--flow", "a.yaml",
                        "b.yaml", "--strategy", "choreography"});
  ASSERT_TRUE(a) << a.error_text();
  const auto& serve = std::get<ServeOptions>(a->command);
  EXPECT_EQ(serve.data, "d");
  EXPECT_EQ(serve.host, "::1");
  EXPECT_EQ(serve.port, 0);
  EXPECT_EQ(serve.shards, 2u);
  EXPECT_EQ(serve.documents, (std::vector<std::string>{"a.yaml", "b.yaml"}));
  EXPECT_EQ(serve.strategy, "choreography");
}

TEST(Arguments, OfDemoAndBench) {
  const auto demo = parse({"demo", "loan", "--strategy", "orchestration", "--version", "2", "--rate", "0", "--json"});
  ASSERT_TRUE(demo) << demo.error_text();
  EXPECT_EQ(std::get<DemoOptions>(demo->command).strategies, std::vector<std::string>{"orchestration"});
  EXPECT_EQ(std::get<DemoOptions>(demo->command).version, "2");
  EXPECT_TRUE(std::get<DemoOptions>(demo->command).json);
  const auto bench = parse({"bench", "loan", "--strategy", "choreography", "--seconds", "0.5", "--json", "--measure",
                            "hold", "--waiting", "12"});
  ASSERT_TRUE(bench) << bench.error_text();
  EXPECT_EQ(std::get<BenchOptions>(bench->command).seconds, 0.5);
  EXPECT_EQ(std::get<BenchOptions>(bench->command).waiting, 12u);
  EXPECT_TRUE(std::get<BenchOptions>(bench->command).json);
}

TEST(Arguments, TakeGlobalOptionsAnywhere) {
  for (const auto& words : {std::vector<const char*>{"--color", "never", "flow", "L-1"},
                            {"flow", "--color", "never", "L-1"},
                            {"flow", "L-1", "--color=never"}}) {
    const auto a = parse(words);
    ASSERT_TRUE(a) << a.error_text();
    EXPECT_EQ(a->common.color, "never");
    EXPECT_EQ(std::get<FlowArguments>(a->command).id, "L-1");
  }
}

TEST(Arguments, AreRefusedWithWhatToDo) {
  const auto error = [](const std::vector<const char*>& words) {
    const auto a = parse(words);
    return a ? std::string("accepted") : a.error_text();
  };
  EXPECT_THAT(error({"deplyo", "x"}), HasSubstr("baton: there is no command 'deplyo'. Did you mean 'deploy'?"));
  EXPECT_THAT(error({"frobnicate"}), HasSubstr("baton help    lists them"));
  EXPECT_THAT(error({"start"}), HasSubstr("baton start: FLOW is required"));
  EXPECT_THAT(error({"start", "f", "--dta", "3"}), HasSubstr("there is no option --dta. Did you mean '--data'?"));
  EXPECT_THAT(error({"deploy", "a", "--strategy", "choreografy"}), HasSubstr("Did you mean 'choreography'?"));
  EXPECT_THAT(error({"flows", "--limit", "0"}), HasSubstr("--limit: Value 0 not in range 1 to 1000"));
  EXPECT_THAT(error({"serve"}), HasSubstr("--data"));
  EXPECT_THAT(error({"flows", "--limit", "5", "--limit", "6"}), HasSubstr("--limit is given twice. Say it once\n"));
  EXPECT_THAT(error({"demo", "loan", "--strategy", "choreography", "--strategy", "choreography"}),
              HasSubstr("--strategy choreography is given twice"));
  EXPECT_THAT(error({"demo", "loan", "--keep", "--json"}), HasSubstr("--keep"));
  EXPECT_THAT(error({"help", "flws"}), HasSubstr("Did you mean 'flows'?"));
  EXPECT_THAT(error({"start", "f", "--wat", "--color", "never"}), HasSubstr("there is no option --wat."));
  EXPECT_THAT(error({"flow", "L-1", "L-2"}), HasSubstr("L-2"));
  EXPECT_THAT(error({"serve", "--data", "d", "--http-listen", "here"}),
              HasSubstr("baton serve: --http-listen is 'here'"));
  EXPECT_THAT(error({"serve", "--data", "d", "--shards", "100000"}), HasSubstr("--shards"));
  EXPECT_THAT(error({"--server", "x", "flows"}),
              HasSubstr("--server belongs behind the command: baton flows --server"));
  EXPECT_THAT(error({"bench", "--waiting", "x"}), HasSubstr("--waiting = x: this must be a number"));
  EXPECT_THAT(error({"--wat"}), HasSubstr("baton: "));
  // What would change nothing is a mistake, too.
  EXPECT_THAT(error({"serve", "--data", "d", "--outbox", "o"}), HasSubstr("--outbox requires --example"));
  EXPECT_THAT(error({"flows", "--deployed", "--status", "faulted"}), HasSubstr("--deployed excludes --status"));
}

// An option that takes several values leaves the command its own.
TEST(Arguments, MayStandInAnyOrder) {
  const auto check = parse({"check", "--contracts", "contracts", "--strategy", "choreography", "flow.yaml"});
  ASSERT_TRUE(check) << check.error_text();
  EXPECT_EQ(std::get<CheckArguments>(check->command).files, std::vector<std::string>{"flow.yaml"});
  const auto again = parse({"check", "--contracts", "contracts", "flow.yaml"});
  ASSERT_TRUE(again) << again.error_text();
  EXPECT_EQ(std::get<CheckArguments>(again->command).files, std::vector<std::string>{"flow.yaml"});
  const auto demo = parse({"demo", "--strategy", "choreography", "loan"});
  ASSERT_TRUE(demo) << demo.error_text();
  EXPECT_EQ(std::get<DemoOptions>(demo->command).strategies, std::vector<std::string>{"choreography"});
}

TEST(Listen, IsReadInAllItsForms) {
  using Address = std::pair<std::string, std::uint16_t>;
  EXPECT_EQ(parse_listen("0.0.0.0:80").value(), Address("0.0.0.0", 80));
  EXPECT_EQ(parse_listen(":9").value(), Address("127.0.0.1", 9));
  EXPECT_EQ(parse_listen("9").value(), Address("127.0.0.1", 9));
  EXPECT_EQ(parse_listen("[::1]:9").value(), Address("::1", 9));
  for (const char* bad : {"", "host", "host:", "host:x", "host:65536", "host:-1", "host:80x"})
    EXPECT_FALSE(parse_listen(bad)) << bad;
}

}  // namespace
}  // namespace baton::cli
