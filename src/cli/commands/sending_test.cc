#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/testing/fixture.h"

namespace baton::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using ::testing::StartsWith;

class Sending : public testing::CliTest {};

TEST_F(Sending, StartsAFlow) {
  const Outcome o = client({"start", "loan-request", "--data", "{\"amount\": 5000}", "--id", "L 9"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, StartsWith("started loans/loan-request 4.0.0 as L 9\n"));
  ASSERT_EQ(backend_.starts.size(), 1u);
  EXPECT_EQ(backend_.starts[0].input, "{\"amount\": 5000}");
  EXPECT_EQ(backend_.starts[0].id, "L 9");
}

TEST_F(Sending, TakesDataFromStdinAndFiles) {
  EXPECT_EQ(client({"start", "loans/loan-request", "--data", "-"}, "[1]\n").code, 0);
  EXPECT_EQ(backend_.starts[0].input, "[1]\n");
  const std::string file = ::testing::TempDir() + "/baton-cli-data.json";
  std::ofstream(file) << "{\"a\":1}";
  EXPECT_EQ(client({"start", "loans/loan-request", "--data", "@" + file}).code, 0);
  EXPECT_EQ(backend_.starts[1].input, "{\"a\":1}");
  std::filesystem::remove(file);
  const Outcome gone = client({"start", "loans/loan-request", "--data", "@" + file});
  EXPECT_EQ(gone.code, 2);
  EXPECT_THAT(gone.err, HasSubstr("can't read " + file));
  const Outcome bad = client({"start", "loans/loan-request", "--data", "{amount: 1}"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("--data is not JSON"));
}

TEST_F(Sending, SuggestsFlowsThatAreThere) {
  const Outcome name = client({"start", "loan-requst"});
  EXPECT_EQ(name.code, 1);
  EXPECT_EQ(name.err, "baton start: there is no flow 'loan-requst'. Did you mean 'loan-request'?\n");
  EXPECT_THAT(client({"start", "loan/loan-request"}).err, HasSubstr("Did you mean 'loans/loan-request'?"));
  EXPECT_THAT(client({"start", "zzz"}).err, HasSubstr("baton flows --deployed"));
  backend_.deployed.push_back(backend_.deployed[0]);
  backend_.deployed[1].flow = "others/loan-request";
  EXPECT_THAT(client({"start", "loan-request"}).err, HasSubstr("loans/loan-request, others/loan-request. Say which"));
}

TEST_F(Sending, AFlowOfAnyNameIsLookedForUnderThatName) {
  for (const std::string flow : {"loans/loan request", "loans/loan-request/4.0.0", "loans/?x=1", "loans/", "/x", "#/%"})
    EXPECT_THAT(client({"start", flow}).err, StartsWith("baton start: there is no flow '" + flow + "'")) << flow;
  EXPECT_THAT(client({"project", "loans/loan request"}).err, HasSubstr("there is no flow 'loans/loan request'"));
  EXPECT_TRUE(backend_.starts.empty());
}

TEST_F(Sending, SaysWhyTheFlowsAreNotKnown) {
  backend_.failure = Error{Code::busy, "the requests wait in line"};
  EXPECT_EQ(client({"start", "loan-request"}).err, "baton start: the requests wait in line\n");
}

TEST_F(Sending, PublishesAnEvent) {
  const Outcome o = client({"publish", "a.b.v1", "--data", "{\"x\": 1}", "--correlation-id", "L-1", "--source", "/s",
                            "--subject", "me", "--id", "7"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out, "published a.b.v1 as 7\n  baton flow L-1    shows the instance\n");
  ASSERT_EQ(backend_.published().size(), 1u);
  const event::Event e = backend_.published()[0];
  EXPECT_EQ(e.type + e.source + e.subject + e.correlationid, "a.b.v1/smeL-1");
  EXPECT_EQ(json::print(e.data.value()), "{\"x\":1}");
}

TEST_F(Sending, GivesEventsNewIds) {
  EXPECT_EQ(client({"publish", "a.v1"}).code, 0);
  EXPECT_EQ(client({"publish", "a.v1"}).code, 0);
  EXPECT_NE(backend_.published()[0].id, backend_.published()[1].id);
  backend_.refused_types = {"a.v1"};
  const Outcome refused = client({"publish", "a.v1"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("baton publish: no contract describes a.v1"));
}

}  // namespace
}  // namespace baton::cli
