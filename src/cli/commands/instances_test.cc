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

TEST_F(Instances, SaysInTheListWhyAFlowHasFaulted) {
  backend_.known.push_back(api::testing::waiting_loan("L-2"));
  backend_.known[1].summary.status = "faulted";
  backend_.known[1].summary.at = {};
  backend_.known[1].summary.reason = "no such applicant\x1b[2J";
  EXPECT_EQ(client({"flows"}).out,
            "ID   FLOW                VERSION  STRATEGY      STATUS   STARTED   TOOK  AT      WHY\n"
            "L-1  loans/loan-request  4.0.0    choreography  waiting  12 s ago  12 s  credit\n"
            "L-2  loans/loan-request  4.0.0    choreography  faulted  12 s ago  12 s          no such applicant?[2J\n");
}

TEST_F(Instances, FitIntoTheTerminal) {
  backend_.known[0].summary.id = "L-0123456789-0123456789";
  env_ = {{"NO_COLOR", "1"}, {"COLUMNS", "80"}};
  terminal_ = true;
  EXPECT_EQ(client({"flows"}).out,
            "ID                       FLOW                STATUS   STARTED   TOOK  AT\n"
            "L-0123456789-0123456789  loans/loan-request  waiting  12 s ago  12 s  credit\n");
  env_["COLUMNS"] = "68";
  EXPECT_EQ(client({"flows"}).out,
            "ID                       FLOW        STATUS   STARTED   TOOK  AT\n"
            "L-0123456789-0123456789  loans/loa…  waiting  12 s ago  12 s  credit\n");
  env_["COLUMNS"] = "x";
  EXPECT_THAT(client({"flows"}).out, HasSubstr("choreography"));
  terminal_ = false;
  env_["COLUMNS"] = "20";
  EXPECT_THAT(client({"flows"}).out, HasSubstr("choreography"));
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
            "FLOW                VERSION  STRATEGY      ACTIVE  UNDER WAY  COMPLETED  FAULTED  CANCELLED\n"
            "loans/loan-request  4.0.0    choreography  yes     2          40         0        0\n");
  backend_.deployed.clear();
  EXPECT_THAT(client({"flows", "--deployed"}).out, HasSubstr("baton deploy"));
}

TEST_F(Instances, BeginsWithWhatHappenedAndWhyItIsHere) {
  const auto step = [&](const char* kind, Millis after, const char* phase, const char* what, const char* by) {
    backend_.known[0].timeline.push_back(
        {kind, backend_.known[0].summary.started + after, "/do/1/x", "x", 0, 0, phase, what, by, nullptr});
  };
  step("event", 20, "", "com.example.criminal-activity.checked.v1", "criminal-activity");
  backend_.known[0].timeline.back().data = json::Object{{"clean", true}};
  step("task", 21, "completed", "completed", "criminal-activity");
  step("task", 30, "faulted", "faulted: the bank is closed", "credit");
  step("timer", 31, "", "timer until noon", "");
  const Outcome o = client({"flow", "L-1"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out,
            "L-1  waiting\n"
            "  flow      loans/loan-request 4.0.0, choreography\n"
            "  started   2026-01-31 09:00:00.000 UTC (12 s ago)\n"
            "  input     {\"amount\":5000}\n"
            "\n"
            "TIME          AFTER   WHO                WHAT                                      DATA\n"
            "09:00:00.000                             com.example.loan.requested.v1             {\"amount\":5000}\n"
            "09:00:00.020  +20 ms  criminal-activity  com.example.criminal-activity.checked.v1  {\"clean\":true}\n"
            "09:00:00.030  +10 ms  x                  faulted: the bank is closed\n"
            "\n"
            "Why it is here\n"
            "  credit  waits for com.example.credit.checked.v1 from credit\n"
            "    since 09:00:00.002 (11 s ago), due 09:01:00.000 (in 48 s)\n"
            "    it is up to credit\n");
}

TEST_F(Instances, ShowsEveryStepIfAskedTo) {
  const Outcome o = client({"flow", "L-1", "--all"});
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

TEST_F(Instances, FollowsAnInstanceUntilItEnds) {
  backend_.append("a.v1", "L-1",
                  R"({"time":"2026-01-31T09:00:00.002Z","type":"a.v1","correlationid":"L-1","data":{"n":1}})");
  backend_.append("b.v1", "L-2", R"({"type":"b.v1","correlationid":"L-2"})");
  backend_.end("L-1");
  backend_.known[0].summary.status = "completed";
  const Outcome o = client({"flow", "L-1", "--follow"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("\n09:00:00.002  L-1  a.v1  {\"n\":1}\n"));
  EXPECT_THAT(o.out, Not(HasSubstr("b.v1")));
  EXPECT_EQ(client({"flow", "L-1", "--follow", "--json"}).out,
            "{\"time\":\"2026-01-31T09:00:00.002Z\",\"type\":\"a.v1\",\"correlationid\":\"L-1\",\"data\":{\"n\":1}}\n");
  backend_.known[0].summary.status = "faulted";
  backend_.known[0].summary.reason = "no such applicant";
  const Outcome faulted = client({"flow", "L-1", "--follow"});
  EXPECT_EQ(faulted.code, 1);
  EXPECT_EQ(faulted.err, "baton flow: it has faulted: no such applicant\n");
  EXPECT_EQ(client({"flow", "L-9", "--follow"}).code, 1);
  EXPECT_EQ(client({"flow", "L-1", "--follow", "--all"}).code, 2);
}

TEST_F(Instances, WatchesTheListUntilItIsToStop) {
  int rounds = 0;
  pause_ = [&](Millis) {
    if (++rounds == 2) {
      const auto locked = backend_.lock();
      backend_.known[0].summary.status = "faulted";
    }
    return rounds < 4;
  };
  const std::string out = client({"flows", "--watch"}).out;
  EXPECT_EQ(rounds, 4);
  const std::string heading = "ID   FLOW ";
  EXPECT_EQ(out.find(heading), 0u);
  EXPECT_NE(out.find(heading, 1), std::string::npos) << out;  // once more, when it had changed
  EXPECT_EQ(out.find(heading, out.find(heading, 1) + 1), std::string::npos) << out;
  terminal_ = true;
  rounds = 2;
  EXPECT_EQ(client({"flows", "--watch"}).out.substr(0, 7), "\x1b[H\x1b[2J");
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
