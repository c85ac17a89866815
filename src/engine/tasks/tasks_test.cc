// do, set, switch, call, fork, wait, raise, emit, functions: each by what it does to an instance.
#include <gtest/gtest.h>

#include "engine/testing/fixture.h"
#include "event/routed.h"

namespace baton::engine {
namespace {

using testing::Play;

TEST(Set, ReplacesTheData) {
  Play run("  - one: { set: { a: '${ .x }' } }\n  - two: { set: { b: '${ .a + 1 }' } }\n");
  run.start(R"({"x":1})");
  EXPECT_EQ(run.status(), "completed");
  EXPECT_EQ(run.outcome(), R"({"b":2})");
}

TEST(Do, GoesForwardAndBackwardByThen) {
  Play run(
      "  - a: { set: { n: '${ (.n // 0) + 1 }' } }\n"
      "  - again: { switch: [ { more: { when: .n < 3, then: a } } ], then: last }\n"
      "  - never: { set: { wrong: true } }\n"
      "  - last: { set: '${ . }' }\n");
  run.start();
  EXPECT_EQ(run.started(), "do a again a again a again last");
  EXPECT_EQ(run.outcome(), R"({"n":3})");
}

TEST(Do, ExitLeavesTheListAndEndTheFlow) {
  const std::string tasks =
      "  - inner:\n      do:\n        - first: { set: { v: 1 }, then: THEN }\n        - skipped: { set: { v: 2 } }\n"
      "  - after: { set: { after: '${ .v }' } }\n";
  const auto with = [&](const std::string& then) {
    std::string text = tasks;
    text.replace(text.find("THEN"), 4, then);
    Play run(text);
    return run.start().outcome();
  };
  EXPECT_EQ(with("exit"), R"({"after":1})");
  EXPECT_EQ(with("end"), R"({"v":1})");
}

TEST(Do, FaultsWhenItLoopsWithoutWaiting) {
  Play run("  - a: { set: { x: 1 }, then: a }\n");
  run.start();
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_NE(run.outcome().find("runtime"), std::string::npos);
}

TEST(If, SkipsWithTheRawInputAndIgnoresThen) {
  Play run(
      "  - no: { if: .go, set: { x: 1 }, input: { from: .a }, output: { as: .b }, then: end }\n  - yes: { set: '${ . "
      "}' }\n");
  run.start(R"({"go":false,"a":1})");
  EXPECT_EQ(run.started(), "do yes");
  EXPECT_EQ(run.outcome(), R"({"go":false,"a":1})");
}

TEST(Switch, TakesTheDefaultLastAndWithoutOneGoesOn) {
  Play run(
      "  - choose: { switch: [ { other: { then: b } }, { one: { when: '.k == 1', then: a } } ] }\n"
      "  - a: { set: { got: a }, then: end }\n  - b: { set: { got: b }, then: end }\n");
  EXPECT_EQ(Play(run).start(R"({"k":1})").outcome(), R"({"got":"a"})");
  EXPECT_EQ(Play(run).start(R"({"k":2})").outcome(), R"({"got":"b"})");
  Play none("  - choose: { switch: [ { one: { when: .k, then: end } } ] }\n  - a: { set: { got: '${ .k }' } }\n");
  EXPECT_EQ(none.start(R"({"k":false})").outcome(), R"({"got":false})");
}

TEST(DataFlow, ValidatesInputBeforeAndOutputAfterTheTransform) {
  Play run(
      "  - t:\n      input: { schema: { document: { required: [raw] } }, from: '{ in: .raw }' }\n"
      "      set: { out: '${ .in }', seen: '${ $input.in }' }\n"
      "      output: { as: '{ done: .out, was: $input.in, raw: $task.input.raw }', schema: { document: { required: "
      "[done] } } }\n"
      "      export: { as: '($context // {}) + { kept: $output.done }' }\n"
      "  - u: { set: { context: '${ $context }', data: '${ . }' } }\n");
  Play good(run);
  EXPECT_EQ(good.start(R"({"raw":5})").outcome(), R"({"context":{"kept":5},"data":{"done":5,"was":5,"raw":5}})");
  Play bad(run);
  EXPECT_EQ(bad.start(R"({"in":5})").status(), "faulted");
  EXPECT_NE(bad.outcome().find("errors/validation"), std::string::npos);
  EXPECT_NE(bad.outcome().find("/do/0/t"), std::string::npos);
}

TEST(DataFlow, TransformsAndValidatesAtTheFlowsDoors) {
  const std::string more =
      "input: { schema: { document: { type: object } }, from: .a }\noutput: { as: '{ r: . }', schema: { document: { "
      "type: object } } }\n";
  EXPECT_EQ(Play("  - s: { set: '${ . + 1 }' }\n", more).start(R"({"a":1})").outcome(), R"({"r":2})");
  EXPECT_NE(Play("  - s: { set: '${ . }' }\n", more).start("3").outcome().find("/input/schema"), std::string::npos);
}

TEST(DataFlow, GivesTheDescriptorsThatAreRead) {
  Play run(
      "  - s: { set: { id: '${ $workflow.id }', at: '${ $task.reference }', t: '${ $workflow.startedAt.epoch.seconds "
      "}', n: '${ $runtime.name }' } }\n");
  EXPECT_EQ(run.start().outcome(), R"({"id":"i-1","at":"/do/0/s","t":1700000000,"n":"baton"})");
}

TEST(DataFlow, FaultsWhenAnExpressionFails) {
  Play run("  - s: { set: '${ .a.b }' }\n");
  run.start(R"({"a":1})");
  EXPECT_NE(run.outcome().find("errors/expression"), std::string::npos);
  EXPECT_NE(run.outcome().find("\"status\":400"), std::string::npos);
}

TEST(Call, CompletesWithItsReply) {
  Play run("  - c: { call: credit.check:1.0.0@default, with: { loan: '${ .n }' } }\n");
  run.start(R"({"n":7})");
  EXPECT_EQ(run.text(), "started do\nstarted c\nperform c {\"loan\":7}\nwaiting c\n");
  EXPECT_EQ(run.status(), "running");
  ASSERT_EQ(waiting(run.program(), run.instance()).size(), 1u);
  EXPECT_EQ(waiting(run.program(), run.instance())[0].types, std::vector<std::string>{"com.example.credit.checked.v1"});
  EXPECT_EQ(run.reply("c", R"({"ok":true})"), Taken::used);
  EXPECT_EQ(run.text(), "completed c {\"ok\":true}\ncompleted do {\"ok\":true}\nended completed {\"ok\":true}\n");
  EXPECT_EQ(run.reply("c", "1"), Taken::orphan);
}

TEST(Call, TakesAReplyThatNamesNoTaskByItsType) {
  Play run(
      "  - f: { fork: { branches: [ { a: { call: credit.check:1.0.0@default } }, { b: { call: "
      "credit.check:1.0.0@default } } ] } }\n");
  run.start("{}");
  EXPECT_EQ(run.happens("com.example.credit.checked.v1", "1", "x"), Taken::used);
  EXPECT_EQ(run.happens("com.example.credit.checked.v1", "1", "x"), Taken::orphan)
      << "a duplicate must not answer the other call";
  EXPECT_EQ(run.happens("com.example.other.v1", "1"), Taken::orphan);
  EXPECT_EQ(run.reply("b", "2"), Taken::used);
  EXPECT_EQ(run.outcome(), "[1,2]");
}

TEST(Call, WithoutAReplyCompletesOncePerformed) {
  Play run("  - l: { call: log.write:1.0.0@default, with: { text: hi } }\n");
  run.start("5");
  EXPECT_EQ(run.text(),
            "started do\nstarted l\nperform l {\"text\":\"hi\"}\ncompleted l 5\ncompleted do 5\nended completed 5\n");
}

TEST(Call, FaultsOnARequestThatDoesNotFit) {
  Play run("  - c: { call: credit.check:1.0.0@default, with: '${ .n }' }\n");
  run.start(R"({"n":7})");
  EXPECT_NE(run.outcome().find("errors/validation"), std::string::npos);
}

TEST(Call, FailsWithTheServicesProblem) {
  Play run("  - c: { call: credit.check:1.0.0@default }\n");
  run.start("{}");
  EXPECT_EQ(run.fail("c", R"({"type":"https://example.com/broke","status":503,"title":"Broke"})"), Taken::used);
  EXPECT_EQ(run.outcome(), R"({"type":"https://example.com/broke","status":503,"title":"Broke","instance":"/do/0/c"})");
}

TEST(Call, CountsIterations) {
  Play run("  - c: { call: credit.check:1.0.0@default }\n  - s: { switch: [ { more: { when: .again, then: c } } ] }\n");
  run.start("{}");
  run.reply("c", R"({"again":true})", 0);
  EXPECT_EQ(run.reply("c", R"({"again":true})", 0), Taken::orphan) << "the first iteration's result, again";
  EXPECT_EQ(run.reply("c", R"({"again":false})", 1), Taken::used);
  EXPECT_EQ(run.status(), "completed");
}

TEST(Function, GetsWithAsItsInput) {
  Play run("  - f: { call: double, with: { n: '${ .x }' }, output: { as: .r } }\n",
           "use: { functions: { double: { set: { r: '${ .n * 2 }' } } } }\n");
  EXPECT_EQ(run.start(R"({"x":21})").outcome(), "42");
}

TEST(Fork, GivesOutputsInTheOrderOfDeclaration) {
  Play run(
      "  - f: { fork: { branches: [ { a: { call: credit.check:1.0.0@default } }, { b: { call: email.send:1.0.0@default "
      "} } ] } }\n");
  run.start("{}");
  run.reply("b", "2");
  run.reply("a", "1");
  EXPECT_EQ(run.outcome(), "[1,2]");
}

TEST(Fork, RaceIsWonByTheFirstAndCancelsTheOthers) {
  Play run(
      "  - f:\n      fork:\n        compete: true\n        branches:\n          - a: { call: "
      "credit.check:1.0.0@default }\n"
      "          - b: { do: [ { nap: { wait: PT1M } }, { late: { set: { v: 1 } } } ] }\n");
  run.start("{}");
  run.reply("a", "1");
  EXPECT_EQ(
      run.text(),
      "completed a 1\ndisarm nap\ncancelled nap\ncancelled b\ncompleted f 1\ncompleted do 1\nended completed 1\n");
}

TEST(Fork, RaceIsOverBeforeLaterBranchesBegin) {
  Play run(
      "  - f: { fork: { compete: true, branches: [ { a: { set: { won: a } } }, { b: { set: { won: b } } } ] } }\n");
  EXPECT_EQ(run.start().outcome(), R"({"won":"a"})");
  EXPECT_EQ(run.started(), "do f a");
}

TEST(Fork, AFaultCancelsTheSiblingsAndBubbles) {
  Play run("  - f: { fork: { branches: [ { a: { wait: PT1M } }, { b: { call: email.send:1.0.0@default } } ] } }\n");
  run.start("{}");
  run.fail("b", R"({"status":500})");
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_NE(run.text().find("disarm a\ncancelled a\nfaulted f"), std::string::npos) << run.text();
}

TEST(Fork, EndInABranchEndsTheFlowWithThatOutput) {
  Play run(
      "  - f: { fork: { branches: [ { a: { wait: PT1M } }, { b: { do: [ { stop: { set: { x: 1 }, then: end } } ] } } ] "
      "} }\n"
      "  - never: { set: { v: 1 } }\n",
      "output: { as: '{ out: . }' }\n");
  run.start("{}");
  EXPECT_EQ(run.status(), "completed");
  EXPECT_EQ(run.outcome(), R"({"out":{"x":1}})");
  EXPECT_NE(run.text().find("cancelled a"), std::string::npos);
  EXPECT_TRUE(run.instance().timers.empty());
}

TEST(Wait, GoesOnWhenItsTimerIsDue) {
  Play run("  - nap: { wait: { seconds: 30 } }\n");
  run.start("4");
  EXPECT_EQ(run.text(), "started do\nstarted nap\nwaiting nap\narm nap 30000\n");
  EXPECT_EQ(run.status(), "waiting");
  EXPECT_EQ(run.fire(), Taken::used);
  EXPECT_EQ(run.outcome(), "4");
  EXPECT_EQ(run.now() - Instant(1'700'000'000'000), 30'000);
}

TEST(Wait, TakesItsTimeFromAnExpression) {
  Play run("  - nap: { wait: '${ .t }' }\n");
  EXPECT_EQ(Play(run).start(R"({"t":"PT2S"})").instance().timers.at(0).second.due - run.now(), 2000);
  Play bad(run);
  bad.start(R"({"t":2})");
  EXPECT_NE(bad.outcome().find("errors/expression"), std::string::npos);
}

TEST(Wait, IgnoresAStaleTimer) {
  Play run(
      "  - f: { fork: { compete: true, branches: [ { nap: { wait: PT1M } }, { c: { call: credit.check:1.0.0@default } "
      "} ] } }\n"
      "  - nap2: { wait: PT5M }\n");
  run.start("{}");
  const auto [name, timer] = run.instance().timers.at(0);
  const event::Event stale = timer_event(run.program(), "i-1", timer.task, name, timer.due);
  run.reply("c", "{}");
  EXPECT_EQ(run.step(stale), Taken::orphan);
  EXPECT_EQ(run.status(), "waiting");
}

TEST(Raise, SetsTheInstance) {
  Play run(
      "  - r: { raise: { error: { type: 'https://example.com/e', status: 418, title: '${ .t }', detail: plain } } }\n");
  run.start(R"({"t":"Tea"})");
  EXPECT_EQ(run.outcome(),
            R"({"type":"https://example.com/e","status":418,"title":"Tea","detail":"plain","instance":"/do/0/r"})");
}

TEST(Raise, ExpandsTheUriTemplateOfAType) {
  Play run("  - r: { raise: { error: { type: 'https://example.com/{kind}/{n}?{gone}&{a.b}', status: 418 } } }\n");
  run.start(R"({"kind":"ä /","n":7,"a.b":true,"a":{"b":1}})");
  EXPECT_NE(run.outcome().find(R"("type":"https://example.com/%C3%A4%20%2F/7?&true")"), std::string::npos)
      << run.outcome();
}

TEST(Raise, FaultsWhereATemplateNamesNoScalar) {
  Play run("  - r: { raise: { error: { type: 'https://example.com/{list}', status: 418 } } }\n");
  run.start(R"({"list":[1]})");
  EXPECT_NE(run.outcome().find("errors/expression"), std::string::npos) << run.outcome();
  EXPECT_NE(run.outcome().find("{list} is no text, number or truth value"), std::string::npos) << run.outcome();
}

TEST(Export, WithoutAsMustFitItsSchemaAllTheSame) {
  const std::string schema = "export: { schema: { document: { type: object, required: [n] } } }";
  Play without("  - a: { set: { n: 1 }, " + schema + " }\n");
  without.start("{}");
  EXPECT_NE(without.outcome().find("errors/validation"), std::string::npos) << without.outcome();
  Play with("  - a: { set: { n: 1 }, export: { as: . } }\n  - b: { set: { m: 1 }, " + schema + " }\n");
  with.start("{}");
  EXPECT_EQ(with.status(), "completed") << with.outcome();
  EXPECT_EQ(with.instance().context.text(), R"({"n":1})");
}

TEST(Emit, ToAnotherCorrelationIsNoEventOfTheInstance) {
  Play run(
      "  - e: { emit: { event: { with: { type: com.example.done.v1, correlationid: '${ .order }', causationid: c, "
      "partitionkey: p, "
      "source: 'https://example.com/{order}' } } } }\n");
  run.start(R"({"order":7})");
  ASSERT_EQ(run.status(), "completed") << run.outcome();
  const auto* emit = std::get_if<Emit>(&run.effects().at(2));
  ASSERT_NE(emit, nullptr) << run.text();
  EXPECT_EQ(emit->event.correlationid, "7");
  EXPECT_EQ(emit->event.causationid, "c");
  EXPECT_EQ(emit->event.partitionkey, "p");
  EXPECT_EQ(emit->event.source, "https://example.com/7");
  EXPECT_EQ(emit->event.flowname + emit->event.flowversion + emit->event.flowtask, "");
  EXPECT_EQ(event::extension(emit->event, event::kEmitter), "shop/buy");
}

TEST(Emit, FaultsWhereItsCorrelationHasNoValue) {
  Play run("  - e: { emit: { event: { with: { type: com.example.done.v1, correlationid: '${ .order }' } } } }\n");
  run.start("{}");
  EXPECT_NE(run.outcome().find("errors/validation"), std::string::npos) << run.outcome();
}

TEST(Emit, PublishesACompleteEventAndGivesIt) {
  Play run(
      "  - e: { emit: { event: { with: { type: com.example.done.v1, subject: '${ .s }', tenant: acme, data: { n: '${ "
      ".n }' } } } } }\n");
  run.start(R"({"s":"x","n":3})");
  ASSERT_EQ(run.status(), "completed") << run.outcome();
  const auto* emit = std::get_if<Emit>(&run.effects().at(2));
  ASSERT_NE(emit, nullptr) << run.text();
  EXPECT_EQ(emit->topic, "shop");
  EXPECT_EQ(emit->event.id, derived_id({"shop/buy", "i-1"}, "/do/0/e", 0, "event"));
  EXPECT_EQ(emit->event.source, "/shop/buy/1.0.0");
  EXPECT_EQ(emit->event.correlationid, "i-1");
  EXPECT_EQ(emit->event.causationid, "e1");
  EXPECT_EQ(emit->event.flowtask, "/do/0/e#0.0");
  EXPECT_EQ(emit->event.subject, "x");
  EXPECT_EQ(emit->event.time, run.now());
  EXPECT_EQ(emit->event.data.text(), R"({"n":3})");
  const json::Value& output = run.instance().outcome.value();
  for (const char* name : {"/id", "/source", "/specversion", "/time", "/type", "/data/n", "/tenant"}) {
    EXPECT_NE(json::find(output, name), nullptr) << name;
  }
}

TEST(Timeout, InterruptsATask) {
  Play run("  - c: { call: credit.check:1.0.0@default, timeout: { after: PT10S } }\n");
  run.start("{}");
  EXPECT_NE(run.text().find("arm c 10000"), std::string::npos);
  EXPECT_EQ(*waiting(run.program(), run.instance()).at(0).due - run.now(), 10'000);
  run.fire();
  EXPECT_NE(run.outcome().find("errors/timeout"), std::string::npos);
  EXPECT_NE(run.outcome().find("408"), std::string::npos);
}

TEST(Timeout, IsDisarmedByTheResult) {
  Play run("  - c: { call: credit.check:1.0.0@default, timeout: { after: PT10S } }\n  - nap: { wait: PT1M }\n");
  run.start("{}");
  run.reply("c", "{}");
  EXPECT_NE(run.text().find("disarm c"), std::string::npos);
  EXPECT_EQ(run.instance().timers.size(), 1u);
}

TEST(Timeout, OfWhatNeverWaitedIsNeverArmed) {
  Play run("  - c: { do: [ { a: { set: { v: 1 } } } ], timeout: { after: PT10S } }\n");
  run.start("{}");
  EXPECT_EQ(run.text().find("arm"), std::string::npos) << run.text();
}

TEST(Timeout, ThatCanNotBeComputedFaultsBeforeAnythingIsAskedFor) {
  Play run("  - c: { call: credit.check:1.0.0@default, timeout: { after: '${ .after }' } }\n");
  run.start(R"({"after":7})");
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_EQ(run.text().find("perform"), std::string::npos) << run.text();
}

TEST(Timeout, EndsTheFlow) {
  Play run("  - nap: { wait: PT1H }\n", "timeout: { after: PT10S }\n");
  run.start("{}");
  run.fire();
  EXPECT_EQ(run.status(), "faulted");
  EXPECT_TRUE(run.instance().timers.empty());
}

TEST(Control, CancelsSuspendsAndResumes) {
  Play run("  - c: { call: credit.check:1.0.0@default }\n  - d: { call: email.send:1.0.0@default }\n");
  run.start("{}");
  EXPECT_EQ(run.control("resume"), Taken::orphan);
  EXPECT_EQ(run.control("suspend"), Taken::used);
  EXPECT_EQ(run.status(), "suspended");
  EXPECT_EQ(run.reply("c", "{}"), Taken::used);
  EXPECT_EQ(run.text().find("perform"), std::string::npos) << "a suspended instance begins nothing";
  EXPECT_EQ(run.control("resume"), Taken::used);
  EXPECT_NE(run.text().find("perform d"), std::string::npos);
  EXPECT_EQ(run.control("cancel"), Taken::used);
  EXPECT_EQ(run.text(), "cancelled d\nabandon d\ncancelled do\nended cancelled\n");
  EXPECT_EQ(run.control("cancel"), Taken::orphan);
}

TEST(Control, AnAttemptThatEndsWhileSuspendedIsNotBegunAfterTheResume) {
  Play run(
      "  - t:\n      try: [ { c: { call: credit.check:1.0.0@default } } ]\n"
      "      catch: { retry: { delay: PT1S, limit: { attempt: { duration: PT5S } } } }\n");
  run.start("{}");
  run.fail("c", R"({"status":503})");
  run.control("suspend");
  run.fire();  // the second attempt would begin …
  run.fire();  // … and has taken too long
  run.fire();  // the third
  run.control("resume");
  const std::string text = run.text();
  EXPECT_NE(text.find("perform c"), std::string::npos) << text;
  EXPECT_EQ(text.find("perform c"), text.rfind("perform c")) << text;
}

}  // namespace
}  // namespace baton::engine
