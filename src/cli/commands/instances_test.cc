#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/testing/fixture.h"

namespace baton::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;

class Instances : public testing::CliTest {};

TEST_F(Instances, ListsInstances) {
  backend_.next_cursor = "c 2";
  const Outcome o = client({"flows", "--limit", "1"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out,
            "ID   FLOW                VERSION  STRATEGY      STATUS   STARTED   TOOK  AT\n"
            "L-1  loans/loan-request  4.0.0    choreography  waiting  12 s ago  12 s  credit\n"
            "More: the same command with --cursor 'c 2'\n");
}

TEST_F(Instances, PassesFiltersOn) {
  EXPECT_EQ(client({"flows", "--flow", "loan-request", "--flow-version", "4.0.0", "--status", "waiting", "--from",
                    "10m", "--to", "2026-02-01", "--limit", "7", "--cursor", "a&b"})
                .code,
            0);
  EXPECT_EQ(backend_.filter.flow, "loans/loan-request");
  EXPECT_EQ(backend_.filter.version, "4.0.0");
  EXPECT_EQ(backend_.filter.status, "waiting");
  EXPECT_EQ(to_rfc3339(*backend_.filter.from), "2026-01-31T08:50:12.000Z");
  EXPECT_EQ(to_rfc3339(*backend_.filter.to), "2026-02-01T00:00:00.000Z");
  EXPECT_EQ(backend_.filter.limit, 7u);
  EXPECT_EQ(backend_.filter.cursor, "a&b");
  EXPECT_EQ(client({"flows", "--from", "soon"}).code, 2);
}

// The server bounds its search: it may look at many that do not fit and then say where to go on.
TEST_F(Instances, LooksOnBehindAnEmptyPage) {
  backend_.known.push_back(api::testing::waiting_loan("L-2"));
  backend_.known[1].summary.status = "faulted";
  backend_.next_cursor = "c2";
  backend_.first_page = 1;
  EXPECT_THAT(client({"flows", "--status", "faulted"}).out, HasSubstr("L-2"));
  EXPECT_EQ(client({"flows", "--status", "cancelled"}).out, "No instance fits.\n");
  const Outcome both = client({"flows"});
  EXPECT_THAT(both.out, HasSubstr("L-1"));
  EXPECT_THAT(both.out, HasSubstr("L-2"));
  EXPECT_THAT(both.out, Not(HasSubstr("More")));
  const auto script = json::parse(client({"flows", "--status", "faulted", "--json"}).out);  // the server's answer
  EXPECT_EQ(script->at("next").as_string(), "c2");
}

TEST_F(Instances, SaysWhatToDoWhenThereIsNothingToList) {
  backend_.known.clear();
  EXPECT_THAT(client({"flows"}).out, HasSubstr("baton start"));
  EXPECT_EQ(client({"flows", "--status", "faulted"}).out, "No instance fits.\n");
}

TEST_F(Instances, TellsAFlowWithoutInstancesFromOneThatIsNotThere) {
  backend_.known.clear();
  EXPECT_EQ(client({"flows", "--flow", "loans/loan-request"}).out, "No instance fits.\n");
  const Outcome o = client({"flows", "--flow", "loans/loan-requst"});
  EXPECT_EQ(o.code, 1);
  EXPECT_EQ(o.err, "baton flows: there is no flow 'loans/loan-requst'. Did you mean 'loans/loan-request'?\n");
}

TEST_F(Instances, ListsDeployedFlows) {
  EXPECT_EQ(client({"flows", "--deployed"}).out,
            "FLOW                VERSION  STRATEGY      ACTIVE  RUNNING  COMPLETED  FAULTED  CANCELLED\n"
            "loans/loan-request  4.0.0    choreography  yes     2        40         0        0\n");
  backend_.deployed.clear();
  EXPECT_THAT(client({"flows", "--deployed"}).out, HasSubstr("baton deploy"));
}

TEST_F(Instances, ShowsATimelineAndWhyItIsHere) {
  const Outcome o = client({"flow", "L-1"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(
      o.out,
      "L-1  waiting\n"
      "  flow      loans/loan-request 4.0.0, choreography\n"
      "  started   2026-01-31 09:00:00.000 UTC (12 s ago)\n"
      "  input     {\"amount\":5000}\n"
      "\n"
      "TIME          AFTER   TASK              WHAT                                                 BY\n"
      "09:00:00.000                            com.example.loan.requested.v1\n"
      "09:00:00.002  +2 ms   credit            started: call credit.check                           credit\n"
      "09:00:00.012  +10 ms  criminalActivity  completed: com.example.criminal-activity.checked.v1  criminal-activity\n"
      "\n"
      "Why it is here\n"
      "  credit  waits for com.example.credit.checked.v1 from credit\n"
      "    since 09:00:00.002 (11 s ago), due 09:01:00.000 (in 48 s)\n"
      "    it is up to credit\n");
  EXPECT_EQ(client({"flow", ""}).code, 2);
  const Outcome none = client({"flow", "L/2?"});
  EXPECT_EQ(none.code, 1);
  EXPECT_EQ(none.err, "baton flow: there is no instance 'L/2?'. baton flows lists them\n");
}

TEST_F(Instances, SaysWhichOtherFlowsHaveAnInstanceOfThatId) {
  backend_.known.push_back(api::testing::waiting_loan("L-1"));
  backend_.known[1].summary.flow = "audit/loan-audit";
  backend_.known[0].also = {"audit/loan-audit"};
  EXPECT_THAT(
      client({"flow", "L-1"}).out,
      HasSubstr("\nFlow audit/loan-audit has an instance of this id too: baton flow L-1 --flow audit/loan-audit\n"));
  EXPECT_THAT(client({"flow", "L-1", "--flow", "audit/loan-audit"}).out, HasSubstr("audit/loan-audit 4.0.0"));
  EXPECT_THAT(client({"flow", "L-1", "--flow", "loan-request"}).out, HasSubstr("loans/loan-request 4.0.0"));
  const Outcome none = client({"flow", "L-1", "--flow", "a/b"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("there is no instance 'L-1'"));
}

TEST_F(Instances, ShortensALongInput) {
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += "ü";
  backend_.known[0].input = umlauts;
  const std::string out = client({"flow", "L-1"}).out;
  EXPECT_THAT(out, HasSubstr("ü … (--json shows all)\n"));  // cut between characters
  EXPECT_LT(out.find(" … "), 400u);
  EXPECT_THAT(client({"flow", "L-1", "--json"}).out, HasSubstr(umlauts));
}

TEST_F(Instances, PrintsJsonForScripts) {
  const auto instance = json::parse(client({"flow", "L-1", "--json"}).out);
  ASSERT_TRUE(instance);
  EXPECT_EQ(instance->at("why").at(0).at("who").as_string(), "credit");
  EXPECT_TRUE(json::parse(client({"flows", "--json"}).out)->at("next").is_null());
  EXPECT_EQ(json::parse(client({"flows", "--deployed", "--json"}).out)->at("flows").as_array().size(), 1u);
  EXPECT_EQ(json::parse(run({"version", "--json"}).out)->at("version").as_string(), "0.1.0");
}

TEST_F(Instances, LetsNoEventSteerTheTerminal) {
  backend_.known[0].timeline[0].what = "evil\x1b]0;title\x07";
  backend_.known[0].summary.status = "wai\nting";
  EXPECT_THAT(client({"flow", "L-1"}).out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(client({"flows"}).out, Not(HasSubstr("wai\nting")));
  backend_.failure = Error{Code::busy, "evil\x1b[2J\xc2\x9b[2J"};
  EXPECT_EQ(client({"flows", "--deployed"}).err, "baton flows: evil?[2J?[2J\n");
}

}  // namespace
}  // namespace baton::cli
