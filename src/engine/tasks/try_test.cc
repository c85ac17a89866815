#include <gtest/gtest.h>

#include "engine/testing/fixture.h"

namespace baton::engine {
namespace {

using testing::Play;

const std::string kProblem =
    R"({"type":"https://serverlessworkflow.io/dsl/errors/types/communication","status":503,"title":"Down"})";

std::string try_call(const std::string& handling, const std::string& more = "") {
  return "  - t:\n      try: [ { c: { call: credit.check:1.0.0@default } } ]\n" + more + "      catch: " + handling +
         "\n  - after: { set: { got: '${ . }' } }\n";
}

TEST(Try, GoesOnWithItsInputWhenCaughtWithoutMore) {
  Play run(try_call(
      "{ errors: { with: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status: 503 } } }"));
  run.start(R"({"in":1})");
  run.fail("c", kProblem);
  EXPECT_EQ(run.outcome(), R"({"got":{"in":1}})") << "types of all three bases are the same";
}

TEST(Try, LetsOthersBubble) {
  for (const char* handling :
       {"{ errors: { with: { status: 500 } } }", "{ errors: { with: { title: Up } } }", "{ when: '.status == 1' }",
        "{ exceptWhen: '$error.status == 503' }", "{ as: e, when: '$e.status == 1' }"}) {
    Play run(try_call(handling));
    run.start("{}");
    run.fail("c", kProblem);
    EXPECT_EQ(run.status(), "faulted") << handling;
    EXPECT_NE(run.outcome().find("/do/0/t/try/0/c"), std::string::npos);
  }
}

TEST(Try, RunsItsHandlerWithTheErrorBound) {
  Play run(
      try_call("{ as: e, do: [ { h: { do: [ { inner: { set: { s: '${ $e.status }', in: '${ .in }' } } } ] } } ] }"));
  run.start(R"({"in":1})");
  run.fail("c", kProblem);
  EXPECT_EQ(run.outcome(), R"({"got":{"s":503,"in":1}})");
}

TEST(Try, AnErrorInTheHandlerBubbles) {
  Play run(try_call("{ do: [ { h: { raise: { error: { type: 'https://e/x', status: 400 } } } } ] }"));
  run.start("{}");
  run.fail("c", kProblem);
  EXPECT_EQ(run.outcome(), R"({"type":"https://e/x","status":400,"instance":"/do/0/t/catch/do/0/h"})");
}

TEST(Try, KeepsWhatWasExportedBeforeTheFault) {
  Play run(
      "  - t:\n      try: [ { s: { set: { a: 1 }, export: { as: . } } }, { r: { raise: { error: { type: 'https://e/x', "
      "status: 400 } } } } ]\n"
      "      catch: { do: [ { h: { set: '${ $context }' } } ] }\n");
  EXPECT_EQ(run.start().outcome(), R"({"a":1})");
}

TEST(Try, CatchThenLeadsOn) {
  Play run(try_call("{ then: end }"));
  run.start("1");
  // The request must be an object: the fault is the call's own validation, and caught.
  EXPECT_EQ(run.outcome(), "1");
}

TEST(Retry, RepeatsFromTheOriginalInputAfterTheDelay) {
  Play run(try_call("{ retry: { delay: PT1S, backoff: { exponential: {} }, limit: { attempt: { count: 3 } } } }"));
  run.start(R"({"in":1})");
  for (const Millis delay : {1000, 2000, 4000}) {
    const auto attempt = run.instance().frames.at(1).attempt;
    run.fail("c", kProblem, attempt);
    EXPECT_EQ(run.status(), "waiting");
    const auto waits = waiting(run.program(), run.instance());
    ASSERT_EQ(waits.size(), 1u);
    EXPECT_EQ(waits[0].what, Waiting::For::retry);
    EXPECT_EQ(*waits[0].due - run.now(), delay);
    EXPECT_NE(waits[0].last_fault.text().find("Down"), std::string::npos);
    run.fire();
    EXPECT_NE(run.text().find(R"(perform c {"in":1})"), std::string::npos);
  }
  run.fail("c", kProblem, 3);
  EXPECT_EQ(run.status(), "faulted") << "1 + 3 executions";
}

TEST(Retry, ThenRunsTheHandlerOnce) {
  Play run(
      try_call("{ retry: { delay: PT1S, limit: { attempt: { count: 1 } } }, do: [ { h: { set: { s: '${ $error.status "
               "}' } } } ] }"));
  run.start("{}");
  run.fail("c", kProblem, 0);
  run.fire();
  run.fail("c", kProblem, 1);
  EXPECT_EQ(run.outcome(), R"({"got":{"s":503}})");
}

TEST(Retry, SucceedsInALaterAttempt) {
  Play run(try_call("{ retry: { delay: PT1S, backoff: { linear: {} } } }"));
  run.start("{}");
  run.fail("c", kProblem, 0);
  run.fire();
  run.fail("c", kProblem, 1);
  EXPECT_EQ(run.instance().timers.at(0).second.due - run.now(), 2000);
  run.fire();
  EXPECT_EQ(run.reply("c", R"({"late":1})", 0), Taken::orphan) << "of an attempt that failed";
  run.reply("c", R"({"ok":1})", 2);
  EXPECT_EQ(run.outcome(), R"({"got":{"ok":1}})");
}

TEST(Retry, OnlyWhenItsConditionHolds) {
  Play run(try_call("{ retry: { when: '.status == 500', delay: PT1S } }"));
  run.start("{}");
  run.fail("c", kProblem);
  EXPECT_EQ(run.status(), "faulted");
}

TEST(Retry, JitterIsDrawnTheSameByEverybodyAndWithinBounds) {
  const auto due = [](const std::string& id) {
    Play run(try_call("{ retry: { delay: PT1S, jitter: { from: PT1S, to: PT3S } } }"));
    run.start("{}");
    run.instance().id.correlation = id;
    event::Event fault = run.result_of("c", kProblem);
    fault.kind = "fault";
    fault.correlationid = id;
    run.step(fault);
    return run.instance().timers.at(0).second.due - run.now();
  };
  EXPECT_EQ(due("a"), due("a"));
  EXPECT_NE(due("a"), due("b"));
  for (const char* id : {"a", "b", "c", "d"}) {
    EXPECT_GE(due(id), 2000);
    EXPECT_LE(due(id), 4000);
  }
}

TEST(Retry, DelayIsCappedAtADay) {
  Play run(try_call("{ retry: { delay: PT20H, backoff: { exponential: {} } } }"));
  run.start("{}");
  for (std::uint32_t i = 0; i < 40; ++i) {
    run.fail("c", kProblem, i);
    const Millis expected = i == 0 ? 20LL * 3600 * 1000 : 24LL * 3600 * 1000;
    EXPECT_EQ(run.instance().timers.at(0).second.due - run.now(), expected);
    run.fire();
  }
}

TEST(Retry, CutsAnAttemptThatTakesTooLong) {
  Play run(try_call("{ retry: { delay: PT1S, limit: { attempt: { count: 1, duration: PT10S } } } }"));
  run.start("{}");
  run.fire();
  EXPECT_NE(run.text().find("cancelled c"), std::string::npos);
  EXPECT_NE(run.text().find("retried t"), std::string::npos);
  run.fire();
  EXPECT_EQ(run.instance().timers.size(), 1u) << "the second attempt's limit";
  run.fire();
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_NE(run.outcome().find("errors/timeout"), std::string::npos);
}

TEST(Retry, EndsWithItsTotalDuration) {
  Play run(try_call(
      "{ retry: { delay: PT4S, limit: { duration: PT10S } }, do: [ { h: { set: { s: '${ $error.status }' } } } ] }"));
  run.start("{}");
  run.fail("c", kProblem, 0);
  run.fire();
  run.fail("c", kProblem, 1);
  run.fire();
  EXPECT_EQ(run.now() - Instant(1'700'000'000'000), 8000);
  Play slow(run);
  run.fail("c", kProblem, 2);
  EXPECT_EQ(run.outcome(), R"({"got":{"s":503}})") << "the next attempt would begin too late";
  slow.fire();
  EXPECT_EQ(slow.now() - Instant(1'700'000'000'000), 10'000);
  EXPECT_EQ(slow.outcome(), R"({"got":{"s":408}})") << "the third attempt is cut";
}

TEST(Retry, TheTasksTimeoutSpansAllAttempts) {
  Play run(try_call("{ retry: { delay: PT4S } }", "      timeout: { after: PT6S }\n"));
  run.start("{}");
  run.fail("c", kProblem, 0);
  run.fire();
  run.fail("c", kProblem, 1);
  run.fire();
  EXPECT_NE(run.outcome().find("errors/timeout"), std::string::npos);
  EXPECT_NE(run.outcome().find("\"/do/0/t\""), std::string::npos);
}

TEST(Retry, WithoutADelayRepeatsAtOnceButNotForever) {
  Play run(
      "  - t:\n      try: [ { r: { raise: { error: { type: 'https://e/x', status: 400 } } } } ]\n      catch: { retry: "
      "{ delay: PT0S } }\n");
  run.start();
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_NE(run.outcome().find("10000"), std::string::npos);
}

}  // namespace
}  // namespace baton::engine
