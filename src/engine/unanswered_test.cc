// A retried call is the same call, until it has been answered.
#include "engine/unanswered.h"

#include <gtest/gtest.h>

#include "engine/testing/fixture.h"

namespace baton::engine {
namespace {

using testing::Play;

const std::string kDown = R"({"type":"https://e/down","status":503})";
const std::string kRetry = "retry: { delay: PT1S, limit: { attempt: { count: 2 } } }";

/// A try around a call that may take 5 s.
std::string slow_call(const std::string& handling = "{ " + kRetry + " }", const std::string& before = "") {
  return "  - t:\n      try: [ " + before +
         "{ c: { call: credit.check:1.0.0@default, timeout: { after: PT5S } } } ]\n      catch: " + handling +
         "\n  - after: { set: { got: '${ . }' } }\n";
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// Plays and remembers what was said.
struct Story : Play {
  using Play::Play;
  void start_it() {
    start("{}");
    said += text();
  }
  void due() {
    EXPECT_EQ(fire(), Taken::used);
    said += text();
  }
  Taken answer(std::string_view data, std::uint32_t iteration = 0) {
    const Taken taken = reply("c", data, iteration);
    said += text();
    return taken;
  }
  Taken refuse(std::uint32_t iteration = 0) {
    const Taken taken = fail("c", kDown, iteration);
    said += text();
    return taken;
  }
  int performed() const { return count(said, "perform c"); }
  int abandoned() const { return count(said, "abandon c"); }
  std::string said;
};

TEST(RetriedCall, IsAnsweredByTheFirstExecution) {
  Story run(slow_call());
  run.start_it();
  run.due();  // it took too long
  run.due();  // and is tried again
  EXPECT_EQ(run.status(), "running");
  EXPECT_EQ(waiting(run.program(), run.instance()).at(0).occurrence, (Occurrence{"/do/0/t/try/0/c", 0, 1}));
  EXPECT_EQ(run.answer(R"({"ok":1})"), Taken::used);
  EXPECT_EQ(run.outcome(), R"({"got":{"ok":1}})");
  EXPECT_EQ(run.performed(), 1);
  EXPECT_EQ(run.abandoned(), 0);
}

TEST(RetriedCall, TakesAnAnswerThatCameBeforeTheRetry) {
  Story run(slow_call());
  run.start_it();
  run.due();
  EXPECT_EQ(run.answer(R"({"ok":1})"), Taken::kept);
  EXPECT_EQ(run.answer(R"({"ok":2})"), Taken::orphan) << "a second one";
  run.due();
  EXPECT_EQ(run.outcome(), R"({"got":{"ok":1}})");
  EXPECT_EQ(run.performed(), 1);
  EXPECT_EQ(run.abandoned(), 0);
}

TEST(RetriedCall, TakesAFaultThatCameBeforeTheRetryAndIsThenANewOne) {
  Story run(slow_call());
  run.start_it();
  run.due();
  EXPECT_EQ(run.refuse(), Taken::kept);
  run.due();  // refused, as it is found at once: to be tried again
  EXPECT_EQ(run.performed(), 1);
  run.due();
  EXPECT_EQ(run.performed(), 2) << "its service has said no: a new call";
  run.answer(R"({"ok":1})", 1);
  EXPECT_EQ(run.outcome(), R"({"got":{"ok":1}})");
}

TEST(RetriedCall, IsANewOneOnceItWasAnswered) {
  Story run(slow_call());
  run.start_it();
  run.refuse();
  run.due();
  EXPECT_EQ(run.performed(), 2);
  run.due();
  run.due();
  EXPECT_EQ(run.performed(), 2) << "the second has no answer";
  run.answer(R"({"ok":1})", 1);
  EXPECT_EQ(run.outcome(), R"({"got":{"ok":1}})");
}

TEST(RetriedCall, IsAbandonedWhenNobodyRetriesItAnyMore) {
  Story run(slow_call());
  run.start_it();
  for (int i = 0; i < 5; ++i) run.due();
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_EQ(run.performed(), 1);
  EXPECT_EQ(run.abandoned(), 1);
}

TEST(RetriedCall, IsAbandonedWhenTheHandlerRuns) {
  Story run(slow_call("{ " + kRetry + ", do: [ { rest: { wait: PT1H } } ] }"));
  run.start_it();
  for (int i = 0; i < 5; ++i) run.due();
  EXPECT_EQ(run.status(), "waiting");
  EXPECT_EQ(run.abandoned(), 1);
  EXPECT_EQ(run.answer("{}"), Taken::orphan);
}

TEST(RetriedCall, IsAbandonedAtOnceWhereNothingIsRetried) {
  Story run(slow_call("{ do: [ { rest: { wait: PT1H } } ] }"));
  run.start_it();
  run.due();
  EXPECT_EQ(run.abandoned(), 1);
}

TEST(RetriedCall, IsAbandonedWithItsFlow) {
  Story run(slow_call());
  run.start_it();
  run.due();
  run.control("cancel");
  EXPECT_EQ(count(run.text(), "abandon c"), 1);
}

TEST(RetriedCall, AfterAFaultBesideItIsTheSame) {
  Story run(
      "  - t:\n      try:\n        - f:\n            fork:\n              branches:\n"
      "                - c: { call: credit.check:1.0.0@default }\n"
      "                - d: { call: email.send:1.0.0@default }\n"
      "      catch: { " +
      kRetry + " }\n");
  run.start_it();
  run.fail("d", kDown);
  run.due();
  EXPECT_EQ(run.performed(), 1);
  EXPECT_EQ(count(run.said, "perform d"), 2) << "it was refused";
  run.answer("1");
  run.reply("d", "2", 1);
  EXPECT_EQ(run.outcome(), "[1,2]");
}

TEST(RetriedCall, PassesToTheTryAround) {
  Story run(
      "  - outer:\n      try:\n        - t:\n            try: [ { c: { call: credit.check:1.0.0@default, timeout: { "
      "after: "
      "PT5S } } } ]\n            catch: { retry: { delay: PT1S, limit: { attempt: { count: 1 } } } }\n      catch: { " +
      kRetry + " }\n");
  run.start_it();
  for (int i = 0; i < 4; ++i) run.due();  // too long, retried, too long, retried by the outer one
  EXPECT_EQ(run.performed(), 1);
  EXPECT_EQ(run.abandoned(), 0);
  run.answer(R"({"ok":1})");
  EXPECT_EQ(run.outcome(), R"({"ok":1})");
}

TEST(RetriedCall, ALoopMakesANewOne) {
  Story run(
      "  - t:\n      try: [ { c: { call: credit.check:1.0.0@default, timeout: { after: PT5S } } } ]\n      catch: { "
      "do: [ { "
      "s: { set: { n: 1 } } } ] }\n  - again: { switch: [ { more: { when: '.n? == 1', then: t } } ] }\n");
  run.start_it();
  run.due();
  EXPECT_EQ(run.performed(), 2);
  EXPECT_EQ(run.abandoned(), 1);
  EXPECT_EQ(run.answer("2"), Taken::orphan);
  run.answer("2", 1);
  EXPECT_EQ(run.outcome(), "2");
}

TEST(RetriedCall, ALoopWithinARepeatedListMakesANewOneToo) {
  Story run(
      "  - outer:\n      try:\n        - t:\n            try: [ { c: { call: credit.check:1.0.0@default, timeout: { "
      "after: "
      "PT5S } } } ]\n            catch: { do: [ { s: { set: { n: 1 } } } ] }\n"
      "        - more: { switch: [ { again: { when: '.n == 1', then: t } } ] }\n"
      "        - fail: { raise: { error: { type: 'https://e/x', status: 400 } } }\n"
      "      catch: { " +
      kRetry + " }\n");
  run.start_it();
  run.due();
  EXPECT_EQ(run.performed(), 2);
  EXPECT_EQ(run.abandoned(), 1) << "the second stands for both";
  run.answer("2", 1);
  run.due();
  EXPECT_EQ(run.performed(), 3) << "the last one was answered";
}

TEST(RetriedCall, ThatIsLeftOutOnceIsStillTheSameLater) {
  Story run(
      "  - t:\n      try:\n        - n: { set: { n: '${ ($context.n // 0) + 1 }' }, export: { as: . } }\n"
      "        - c: { if: '$context.n != 2', call: credit.check:1.0.0@default, timeout: { after: PT5S } }\n"
      "        - f: { if: '$context.n == 2', raise: { error: { type: 'https://e/x', status: 400 } } }\n"
      "      catch: { " +
      kRetry + " }\n");
  run.start_it();
  run.due();
  run.due();  // the second attempt: left out, and a fault
  run.due();
  EXPECT_EQ(run.performed(), 1);
  run.answer("1");
  EXPECT_EQ(run.outcome(), "1");
}

}  // namespace
}  // namespace baton::engine
