#include "cli/demo/story.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/demo/timeline.h"
#include "cli/testing/memory_file.h"

namespace baton::cli {
namespace {

using std::chrono::milliseconds;

class LoanStory : public ::testing::Test {
 protected:
  // An event of loan L-1, `ms` after nine o'clock.
  void event(const std::string& type, int ms, const std::string& data = "{}") {
    const std::string id = std::to_string(++events_);
    repeated(id, type, ms, data);
  }
  void repeated(const std::string& id, const std::string& type, int ms, const std::string& data = "{}") {
    story_.on_event("cursor-" + id, fmt::format(R"({{"id":"{}","correlationid":"L-1","type":"com.example.{}.v1",)"
                                                R"("time":"2026-01-31T09:00:00.{:03}Z","data":{}}})",
                                                id, type, ms, data));
  }
  void requested() { event("loan.requested", 0, R"({"applicant":{"user":"ada"}})"); }

  testing::MemoryFile out_;
  Screen screen_{true, false, false, out_.file()};
  Story story_{screen_, 4, {{"ada", "denied: suspect"}}};
  int events_ = 0;
};

TEST_F(LoanStory, EndsWithTheLastOfItsEvents) {
  EXPECT_FALSE(story_.await_under_way(milliseconds(0)));
  requested();
  EXPECT_TRUE(story_.await_under_way(milliseconds(0)));
  event("criminal-activity.checked", 2, R"({"suspect":true})");
  event("loan.processed", 3, R"({"decision":"denied","reason":"suspect"})");
  event("email.sent", 4);
  event("profile.updated", 5);
  EXPECT_FALSE(story_.await_ended(1, milliseconds(0)));  // the authorities have no e-mail yet
  event("email.sent", 6);
  EXPECT_TRUE(story_.await_ended(1, milliseconds(0)));
  EXPECT_FALSE(story_.await_under_way(milliseconds(0)));
  const Tally tally = story_.tally();
  EXPECT_EQ(tally.requested, 1u);
  EXPECT_EQ(tally.ended, 1u);
  EXPECT_EQ(tally.outcomes, (std::map<std::string, std::uint64_t>{{"denied: suspect", 1}}));
  EXPECT_EQ(tally.emails, 2u);
  EXPECT_EQ(tally.twice, 0u);
  EXPECT_EQ(tally.p50_ms, 6);
  EXPECT_EQ(story_.cursor(), "cursor-6");
}

TEST_F(LoanStory, CountsARepeatedEventOnceAndASecondDecisionAsTwice) {
  requested();
  repeated("d1", "loan.processed", 3, R"({"decision":"approved","reason":"none"})");
  repeated("d1", "loan.processed", 3, R"({"decision":"approved","reason":"none"})");
  EXPECT_EQ(story_.tally().twice, 0u);
  repeated("d2", "loan.processed", 4, R"({"decision":"approved","reason":"none"})");
  EXPECT_EQ(story_.tally().twice, 1u);
}

TEST_F(LoanStory, TellsTheStepsOfThoseThatAreWatched) {
  story_.on_event("c", R"({"id":"x","correlationid":"L-2","type":"com.example.loan.requested.v1"})");
  story_.on_event("c", "no JSON");
  EXPECT_EQ(out_.take(), "");
  requested();
  event("criminal-activity.checked", 12, R"({"suspect":true})");
  event("loan.processed", 120, R"({"decision":"denied","reason":"suspect"})");
  EXPECT_EQ(out_.take(),
            "  L-1    +0 ms  loan.requested             \n"
            "  L-1   +12 ms  criminal-activity.checked  suspect true\n"
            "  L-1  +120 ms  loan.processed             denied: suspect\n");
  EXPECT_EQ(story_.watched(), (std::map<std::string, std::string>{{"denied: suspect", "L-1"}}));
}

TEST_F(LoanStory, TellsTheFirstThatGoesOnAfterTheKill) {
  story_.on_event("c", R"({"id":"x","correlationid":"L-2","type":"com.example.loan.requested.v1",)"
                       R"("time":"2026-01-31T09:00:00.001Z"})");
  EXPECT_EQ(story_.cut(*parse_rfc3339("2026-01-31T09:00:00.100Z")), 1u);
  out_.take();
  const auto credit = [&](const char* id, const char* loan, const char* time) {
    story_.on_event("c", fmt::format(R"({{"id":"{}","correlationid":"{}","type":"com.example.credit.checked.v1",)"
                                     R"("time":"2026-01-31T09:00:00.{}Z"}})",
                                     id, loan, time));
  };
  credit("y", "L-2", "099");  // from before: the stream brings it late
  credit("z", "L-3", "300");  // was not under way
  EXPECT_EQ(out_.take(), "");
  credit("w", "L-2", "400");
  credit("v", "L-2", "500");
  EXPECT_EQ(out_.take(), "  the first to go on: L-2, 300 ms after the kill, with credit.checked\n");
}

TEST(Timeline, CountsMessagesCommandsAndHops) {
  const auto traffic = [](const std::string& verb) {
    const std::string act = R"({"kind":"command","what":")" + verb + "\"}";
    const std::string event = R"({"kind":"event","what":"e"})";
    std::string all = event;
    for (const std::string& step : {act, act, event, event, act, event}) all += "," + step;
    const Traffic t = traffic_of(*json::parse(R"({"timeline":[)" + all + "]}"));
    return fmt::format("{} {} {}", t.messages, t.commands, t.hops);
  };
  EXPECT_EQ(traffic("command c.v1"), "7 3 5");
  EXPECT_EQ(traffic("performs c.v1"), "4 0 3");
  EXPECT_EQ(traffic_of(nullptr).messages, 0u);
}

TEST(Timeline, TellsTheRulesOfViews) {
  const auto answer = json::parse(R"({"views":[{"service":"offer","view":{"acts":[
    {"when":["com.example.a.v1","com.example.b.v1"],"if":null,"do":"determine","then":["com.example.c.v1"]},
    {"when":["com.example.c.v1"],"if":".x","do":"tell","then":[]}]}}]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(rule_lines(*answer), (std::vector<std::string>{"offer              when a and b do determine then c",
                                                           "offer              when c if .x do tell"}));
  EXPECT_TRUE(rule_lines(nullptr).empty());
}

TEST(Timeline, ShowsEventsAndWhatServicesWereAsked) {
  const auto detail = json::parse(R"({"timeline":[
    {"at":"2026-01-31T09:00:00.250Z","what":"com.example.loan.requested.v1"},
    {"at":"2026-01-31T09:00:00.250Z","name":"credit","what":"started","by":"credit"},
    {"at":"2026-01-31T09:00:00.252Z","name":"informAuthorities","what":"performs com.example.criminal-activity.check.v1","by":"criminal-activity"},
    {"at":"2026-01-31T09:00:01.250Z","what":"the flow has ended: completed"},
    {"at":"never","what":"x"}, 7]})");
  ASSERT_TRUE(detail) << detail.error_text();
  EXPECT_EQ(timeline_lines(*detail),
            (std::vector<std::string>{
                "  +0 ms                     loan.requested",
                "  +2 ms  informAuthorities  performs criminal-activity.check criminal-activity",
                "+1000 ms                     the flow has ended: completed",
            }));
  EXPECT_TRUE(timeline_lines(nullptr).empty());
}

}  // namespace
}  // namespace baton::cli
