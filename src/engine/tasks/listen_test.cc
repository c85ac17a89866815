#include <gtest/gtest.h>

#include "engine/testing/fixture.h"

namespace baton::engine {
namespace {

using testing::Play;

std::string listen(const std::string& to, const std::string& more = "") {
  return "  - l: { listen: { to: " + to + more + " } }\n";
}

TEST(Listen, GivesAnArrayEvenForOne) {
  Play run(listen("{ one: { with: { type: x } } }"));
  run.start("{}");
  EXPECT_EQ(run.status(), "waiting");
  EXPECT_EQ(run.happens("y"), Taken::orphan);
  EXPECT_EQ(run.happens("x", R"({"a":1})"), Taken::used);
  EXPECT_EQ(run.outcome(), R"([{"a":1}])");
}

TEST(Listen, ForAnyTakesTheFirstThatFits) {
  Play run(listen("{ any: [ { with: { type: x } }, { with: { type: y, subject: 'a.*' } } ] }"));
  run.start("{}");
  EXPECT_EQ(run.happens("y", "1"), Taken::orphan) << "without a subject";
  event::Event y = run.event("y", "2");
  y.subject = "abc";
  EXPECT_EQ(run.happens(y), Taken::used);
  EXPECT_EQ(run.outcome(), "[2]");
  Play every(listen("{ any: [] }"));
  every.start("{}");
  EXPECT_EQ(every.happens("whatever", "3"), Taken::used);
  EXPECT_EQ(every.outcome(), "[3]");
}

TEST(Listen, ForAllTakesOneOfEachInAnyOrder) {
  Play run(listen("{ all: [ { with: { type: x } }, { with: { type: y } } ] }"));
  run.start("{}");
  EXPECT_EQ(run.happens("y", "2", "id-y"), Taken::used);
  EXPECT_EQ(run.happens("y", "2", "id-y"), Taken::orphan);
  EXPECT_EQ(run.happens("y", "3"), Taken::orphan);
  EXPECT_EQ(waiting(run.program(), run.instance()).at(0).types, std::vector<std::string>{"x"});
  EXPECT_EQ(run.happens("x", "1"), Taken::used);
  EXPECT_EQ(run.outcome(), "[2,1]");
}

TEST(Listen, OneEventSatisfiesOneFilter) {
  Play run(listen("{ all: [ { with: { type: x } }, { with: { type: 'x|y' } } ] }"));
  run.start("{}");
  run.happens("x", "1");
  EXPECT_EQ(run.status(), "waiting");
  run.happens("x", "2");
  EXPECT_EQ(run.outcome(), "[1,2]");
}

TEST(Listen, ReadsEnvelopesAndRawData) {
  Play envelope(listen("{ one: { with: { type: x } } }", ", read: envelope"));
  envelope.start("{}");
  envelope.happens("x", R"({"a":1})", "id-1");
  EXPECT_EQ(json::find(envelope.instance().outcome.value(), "/0/id")->get_string(), "id-1");
  EXPECT_EQ(json::print(*json::find(envelope.instance().outcome.value(), "/0/data")), R"({"a":1})");
  Play raw(listen("{ one: { with: { type: x } } }", ", read: raw"));
  raw.start("{}");
  raw.happens("x", R"({"a":1})");
  EXPECT_EQ(raw.outcome(), R"(["{\"a\":1}"])");
}

TEST(Listen, FiltersByPredicates) {
  Play run(listen("{ one: { with: { type: x, data: '${ .t > $input.limit }' } } }"));
  run.start(R"({"limit":38})");
  EXPECT_EQ(run.happens("x", R"({"t":37})"), Taken::orphan);
  EXPECT_EQ(run.happens("x", "[]"), Taken::orphan) << "a predicate that fails does not match";
  EXPECT_EQ(run.happens("x", R"({"t":39})"), Taken::used);
}

TEST(Listen, CorrelatesWithWhatIsExpected) {
  Play run(
      "  - l: { listen: { to: { one: { with: { type: x }, correlate: { room: { from: .data.room, expect: .room } } } } "
      "} }\n");
  run.start(R"({"room":7})");
  EXPECT_EQ(run.happens("x", R"({"room":8})"), Taken::orphan);
  EXPECT_EQ(run.happens("x", "{}"), Taken::orphan);
  EXPECT_EQ(run.happens("x", R"({"room":7})"), Taken::used);
}

TEST(Listen, NumbersAndTextsThatReadTheSameAreTheSameKey) {
  Play run(
      "  - l: { listen: { to: { one: { with: { type: x }, correlate: { k: { from: .data.k, expect: .k } } } } } }\n");
  EXPECT_EQ(Play(run).start(R"({"k":"7"})").happens("x", R"({"k":7.0})"), Taken::used);
  EXPECT_EQ(Play(run).start(R"({"k":7})").happens("x", R"({"k":"7"})"), Taken::used);
  EXPECT_EQ(Play(run).start(R"({"k":7})").happens("x", R"({"k":"07"})"), Taken::orphan);
}

TEST(Listen, FaultsWhenWhatItExpectsHasNoValue) {
  Play run(
      "  - l: { listen: { to: { one: { with: { type: x }, correlate: { order: { from: .data.k, expect: .k } } } } } "
      "}\n");
  run.start("{}");
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_NE(run.outcome().find("errors/expression"), std::string::npos) << run.outcome();
  EXPECT_NE(run.outcome().find("'order'"), std::string::npos) << run.outcome();
}

TEST(Listen, LaterEventsMustAgreeWithTheFirst) {
  Play run(
      "  - l: { listen: { to: { all: [ { with: { type: x }, correlate: { k: { from: .data.k } } }, { with: { type: y "
      "}, correlate: { k: { from: "
      ".data.k } } } ] } } }\n");
  run.start("{}");
  EXPECT_EQ(run.happens("x", R"({"k":1})"), Taken::used);
  EXPECT_EQ(run.happens("y", R"({"k":2})"), Taken::orphan);
  EXPECT_EQ(run.happens("y", R"({"k":1.0})"), Taken::used);
  EXPECT_EQ(run.status(), "completed");
}

TEST(Listen, FaultsWhenItsExpectationFails) {
  Play run(
      "  - l: { listen: { to: { one: { with: { type: x }, correlate: { k: { from: .data.k, expect: .a.b } } } } } }\n");
  run.start(R"({"a":1})");
  EXPECT_NE(run.outcome().find("errors/expression"), std::string::npos);
}

const std::string kEarly =
    "  - nap: { wait: PT1M }\n" + listen("{ all: [ { with: { type: x } }, { with: { type: y } } ] }");

TEST(Inbox, KeepsEarlyEvents) {
  Play run(kEarly);
  run.start("{}");
  EXPECT_EQ(run.happens("x", "1", "id-x"), Taken::kept);
  EXPECT_EQ(run.happens("x", "1", "id-x"), Taken::orphan) << "a duplicate";
  EXPECT_EQ(run.happens("z", "1"), Taken::orphan);
  run.fire();
  EXPECT_EQ(run.status(), "waiting");
  EXPECT_TRUE(run.instance().inbox.empty());
  EXPECT_EQ(run.happens("x", "1", "id-x"), Taken::orphan) << "consumed";
  EXPECT_EQ(run.happens("y", "2"), Taken::used);
  EXPECT_EQ(run.outcome(), "[1,2]");
}

TEST(Inbox, IsBounded) {
  Play run(
      "  - a: { call: credit.check:1.0.0@default }\n  - l: { listen: { to: { one: { with: { type: "
      "com.example.credit.checked.v1 } } } } }\n");
  run.start("{}");
  const auto early = [&] {
    return run.step(run.event("com.example.credit.checked.v1", '"' + std::string(1U << 20U, 'x') + '"'));
  };
  EXPECT_EQ(early(), Taken::used) << "it answers the call, and is heard";
  Play waits(
      "  - f: { fork: { branches: [ { nap: { do: [ { n: { wait: PT1M } }, { l: { listen: { to: { one: { with: { type: "
      "com.example.credit.checked.v1 } } } } } } ] } }, { a: { call: credit.check:1.0.0@default } } ] } }\n");
  waits.start("{}");
  std::size_t kept = 0;
  Taken last = Taken::used;
  for (int i = 0; i < 12; ++i) {
    last = waits.step(waits.event("com.example.credit.checked.v1", '"' + std::string(1U << 20U, 'x') + '"'));
    kept += last == Taken::kept ? 1 : 0;
  }
  EXPECT_EQ(last, Taken::full);
  EXPECT_GE(kept, 4U);
  EXPECT_LE(kept, 7U);
}

TEST(Inbox, ListensHearResultsOfCallsBeforeAndAfterTheyBegin) {
  const std::string tasks =
      "  - f:\n      fork:\n        branches:\n          - c: { call: credit.check:1.0.0@default }\n"
      "          - d: { do: [ { nap: { wait: PT1M } }, { l: { listen: { to: { one: { with: { type: "
      "com.example.credit.checked.v1 } } } } } } ] }\n";
  Play before(tasks);
  before.start("{}");
  before.reply("c", "1");
  EXPECT_EQ(before.status(), "waiting");
  before.fire();
  EXPECT_EQ(before.outcome(), "[1,[1]]");
  Play after(tasks);
  after.start("{}");
  after.fire();
  after.reply("c", "1");
  EXPECT_EQ(after.outcome(), "[1,[1]]");
}

TEST(Inbox, KeepsTheAnswerToACallThatIsStillAhead) {
  Play run("  - a: { call: credit.check:1.0.0@default }\n  - b: { call: email.send:1.0.0@default }\n");
  run.start("{}");
  EXPECT_EQ(run.reply("b", R"({"early":1})"), Taken::kept);
  EXPECT_EQ(run.reply("a", "{}"), Taken::used);
  EXPECT_EQ(run.outcome(), R"({"early":1})");
}

TEST(Schedule, BeginsWithTheEnvelopeOrTheData) {
  Play run("  - s: { set: '${ .[0].data.n }' }\n", "schedule: { on: { one: { with: { type: go } } } }\n");
  event::Event other = run.event("stop", R"({"n":4})");
  EXPECT_FALSE(starts(run.program(), other));
  run.begin_with(run.event("go", R"({"n":4})"));
  EXPECT_EQ(run.outcome(), "4");
}

TEST(Schedule, OnAllCollectsBeforeItBegins) {
  Play run("  - s: { set: '${ map(.data) }' }\n",
           "schedule: { on: { all: [ { with: { type: x } }, { with: { type: y } } ] } }\n");
  const event::Event y = run.event("y", "2", "same");
  run.begin_with(y);
  EXPECT_EQ(run.status(), "pending");
  EXPECT_EQ(run.step(run.event("y", "3")), Taken::orphan);
  EXPECT_EQ(run.step(run.event("x", "1")), Taken::used);
  EXPECT_EQ(run.outcome(), "[2,1]");
}

TEST(Schedule, AnEventThatFitsTwoFiltersOfAllFillsTheFirstThatIsOpen) {
  Play run("  - s: { set: '${ map(.data) }' }\n",
           "schedule: { on: { all: [ { with: { type: 'x|y' } }, { with: { type: x } } ] } }\n");
  run.begin_with(run.event("x", "1"));
  EXPECT_EQ(run.step(run.event("y", "2")), Taken::orphan) << "only the second filter is open";
  EXPECT_EQ(run.step(run.event("x", "3")), Taken::used);
  EXPECT_EQ(run.outcome(), "[1,3]");
}

}  // namespace
}  // namespace baton::engine
