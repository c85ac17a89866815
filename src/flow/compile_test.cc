// What correct flows become.
#include "flow/compile.h"

#include <gtest/gtest.h>

#include "flow/testing/fixture.h"

namespace baton::flow {
namespace {

using testing::compile_text;
using testing::Compiled;
using testing::flow_text;

Compiled correct(const std::string& tasks, const std::string& more = "",
                 const std::string& metadata = "strategy: orchestration") {
  Compiled out = compile_text(flow_text(tasks, more, metadata));
  EXPECT_EQ(out.text(), "");
  EXPECT_NE(out.program, nullptr);
  return out;
}

TEST(Compile, NamesTheFlowAndItsHomeTopic) {
  const Compiled flow = correct("  []\n");
  EXPECT_EQ(flow.program->full_name(), "shop/buy");
  EXPECT_EQ(flow.program->version, "1.0.0");
  EXPECT_EQ(flow.program->home_topic, "shop");
  EXPECT_EQ(flow.at("/do").id, flow.program->root);
  EXPECT_EQ(correct("  []\n", "", "topic: elsewhere").program->home_topic, "elsewhere");
}

TEST(Compile, GivesEveryTaskAPointerIntoTheDocument) {
  const Compiled flow = correct(R"(
  - outer:
      do:
        - a/b: { set: { x: 1 } }
  - both:
      fork:
        branches:
          - left: { set: { x: 1 } }
          - right: { do: [ { inner: { set: { x: 2 } } } ] }
  - careful:
      try: [ { risky: { raise: { error: { type: 'https://x.example/e', status: 418 } } } } ]
      catch: { as: oops, do: [ { mend: { set: '${ $oops }' } } ] }
)");
  for (const char* pointer : {"/do/0/outer", "/do/0/outer/do/0/a~1b", "/do/1/both/fork/branches/0/left",
                              "/do/1/both/fork/branches/1/right/do/0/inner", "/do/2/careful/try",
                              "/do/2/careful/try/0/risky", "/do/2/careful/catch/do", "/do/2/careful/catch/do/0/mend"}) {
    ASSERT_NE(flow.program->find(pointer), nullptr) << pointer;
    EXPECT_NE(json::find(flow.program->document.value(), pointer), nullptr) << pointer;
  }
  EXPECT_EQ(flow.program->task(flow.at("/do/2/careful/try/0/risky").parent).pointer, "/do/2/careful/try");
  EXPECT_EQ(flow.program->find("/do/9/none"), nullptr);
}

TEST(Compile, ResolvesDirectives) {
  const Compiled flow = correct(R"(
  - choose:
      switch:
        - big: { when: .n > 10, then: last }
        - small: { when: .n < 2, then: exit }
        - other: { then: continue }
  - middle: { set: { x: 1 }, then: end }
  - last: { set: { x: 2 }, then: middle }
)");
  const auto& cases = std::get<Switch>(flow.at("/do/0/choose").body).cases;
  EXPECT_EQ(cases.at(0).then.kind, Directive::Kind::jump);
  EXPECT_EQ(cases.at(0).then.target, flow.at("/do/2/last").id);
  EXPECT_EQ(cases.at(1).then.kind, Directive::Kind::exit);
  EXPECT_EQ(cases.at(2).then.kind, Directive::Kind::next);
  EXPECT_FALSE(cases.at(2).when);
  EXPECT_EQ(flow.at("/do/1/middle").then.kind, Directive::Kind::end);
  EXPECT_EQ(flow.at("/do/2/last").then.target, flow.at("/do/1/middle").id);
}

TEST(Compile, ResolvesACallAgainstItsContract) {
  const Compiled flow = correct("  - c:\n      call: order.place:1.0.0@default\n      with: { item: '${ .item }' }\n");
  const auto& call = std::get<Call>(flow.at("/do/0/c").body);
  EXPECT_EQ(call.service, "order");
  EXPECT_EQ(call.operation, "place");
  EXPECT_EQ(call.version, "1.0.0");
  EXPECT_EQ(call.command_type, "com.example.order.place.v1");
  EXPECT_EQ(call.command_topic, "order.commands");
  EXPECT_EQ(call.reply_types, std::vector<std::string>{"com.example.order.placed.v1"});
  EXPECT_TRUE(call.request_schema);
  EXPECT_EQ(call.with.evaluate(json::Data::from_text(R"({"item":7})"), {}).value().text(), R"({"item":7})");
}

TEST(Compile, TakesAnAsyncApiCallOfARegisteredContract) {
  for (const char* endpoint : {"contract://order", "contract://order/1.0.0", "{ uri: contract://order }"}) {
    const Compiled flow =
        correct(std::string("  - c:\n      call: asyncapi\n      with:\n        document: { endpoint: ") + endpoint +
                " }\n        operation: place\n        message: { payload: { item: 1 } }\n");
    EXPECT_EQ(std::get<Call>(flow.at("/do/0/c").body).operation, "place") << endpoint;
  }
}

TEST(Compile, SendsTheTasksInputWhenACallHasNoWith) {
  const Compiled flow = correct("  - c: { call: log.write:1.0.0@default }\n");
  const auto& call = std::get<Call>(flow.at("/do/0/c").body);
  EXPECT_TRUE(call.with.identity());
  EXPECT_TRUE(call.reply_types.empty());
}

TEST(Compile, ExpandsAFunctionAtEachCall) {
  const Compiled flow =
      correct("  - one: { call: greet, with: { name: '${ .n }' } }\n  - two: { call: greet }\n",
              "use:\n  functions:\n    greet: { do: [ { say: { set: { text: '${ .name }' } } } ] }\n");
  const auto& one = std::get<Function>(flow.at("/do/0/one").body);
  EXPECT_EQ(one.name, "greet");
  EXPECT_EQ(one.body, flow.at("/do/0/one/greet").id);
  EXPECT_NE(flow.program->find("/do/0/one/greet/do/0/say"), nullptr);
  EXPECT_NE(flow.program->find("/do/1/two/greet/do/0/say"), nullptr);
  EXPECT_TRUE(std::get<Function>(flow.at("/do/1/two").body).with.identity());
}

TEST(Compile, ReadsFiltersWithPatternsPredicatesAndCorrelations) {
  const Compiled flow = correct(R"(
  - l:
      listen:
        read: envelope
        to:
          any:
            - with: { type: com.example.a.v1, source: 'https://sensors\.example/.*', data: '${ .t > 38 }' }
              correlate:
                room: { from: .roomid }
                order: { from: .data.id, expect: .id }
                kind: { from: .data.kind, expect: warm }
            - with: { type: 'com\.example\..*' }
)");
  const auto& listen = std::get<Listen>(flow.at("/do/0/l").body);
  EXPECT_EQ(listen.read, Listen::Read::envelope);
  EXPECT_EQ(listen.to.mode, Events::Mode::any);
  const Filter& first = listen.to.filters.at(0);
  EXPECT_EQ(first.type, "com.example.a.v1");
  EXPECT_FALSE(first.attributes.at(0).pattern);
  ASSERT_TRUE(first.attributes.at(1).pattern);
  EXPECT_TRUE(first.attributes.at(1).pattern->matches("https://sensors.example/7"));
  EXPECT_TRUE(first.attributes.at(2).predicate);
  EXPECT_FALSE(first.correlate.at(0).expect);
  EXPECT_FALSE(first.correlate.at(1).expect->constant());
  EXPECT_EQ(first.correlate.at(2).expect->evaluate({}, {}).value().text(), "\"warm\"");
  EXPECT_EQ(listen.to.filters.at(1).type, "");
}

TEST(Compile, ReadsARetryPolicyInlineOrByName) {
  const std::string policy =
      "{ delay: PT1S, backoff: { exponential: {} }, limit: { attempt: { count: 5, duration: PT10S }, duration: PT1M },"
      " jitter: { from: PT0S, to: PT0.5S }, when: .status == 503 }";
  for (const std::string& retry : {policy, std::string("calm")}) {
    const Compiled flow = correct(
        "  - t:\n      try: [ { c: { call: order.place:1.0.0@default } } ]\n      catch: { errors: { with: { status: "
        "503 } }, retry: " +
            retry + " }\n",
        "use: { retries: { calm: " + policy + " } }\n");
    const auto& attempt = std::get<Try>(flow.at("/do/0/t").body);
    ASSERT_TRUE(attempt.retry);
    EXPECT_EQ(attempt.status, 503);
    EXPECT_EQ(attempt.retry->delay.ms, 1000);
    EXPECT_EQ(attempt.retry->backoff, Retry::Backoff::exponential);
    EXPECT_EQ(attempt.retry->attempts_max, 5);
    EXPECT_EQ(attempt.retry->attempt_duration->ms, 10'000);
    EXPECT_EQ(attempt.retry->duration->ms, 60'000);
    EXPECT_EQ(attempt.retry->jitter_to.ms, 500);
    EXPECT_TRUE(attempt.retry->when);
    EXPECT_FALSE(attempt.handler);
  }
}

TEST(Compile, ReadsTimeoutsErrorsAndTransformsByName) {
  const Compiled flow =
      correct(R"(
  - r: { raise: { error: gone }, timeout: short, if: .x, input: { from: .y }, output: { as: { z: '${ . }' } }, export: { as: '$context + {z: .}' } }
)",
              "use:\n  errors: { gone: { type: 'https://x.example/gone', status: 410, detail: '${ .why }' } }\n"
              "  timeouts: { short: { after: PT5S } }\ntimeout: { after: { hours: 1 } }\n"
              "input: { schema: { document: { type: object } }, from: .order }\noutput: { as: .z }\n");
  const Task& task = flow.at("/do/0/r");
  const auto& raise = std::get<Raise>(task.body);
  EXPECT_EQ(raise.type, "https://x.example/gone");
  EXPECT_EQ(raise.status, 410);
  EXPECT_TRUE(raise.detail);
  EXPECT_EQ(task.timeout->ms, 5000);
  EXPECT_TRUE(task.condition && task.input.expression && task.output.expression && task.exported.expression);
  EXPECT_EQ(flow.program->timeout->ms, 3'600'000);
  EXPECT_TRUE(flow.program->input.schema && flow.program->input.expression && flow.program->output.expression);
}

TEST(Compile, ReadsTheStartEvents) {
  const std::string on = "schedule: { on: { all: [ { with: { type: a } }, { with: { type: b } } ] }";
  const Compiled flow = correct("  []\n", on + " }\n");
  ASSERT_TRUE(flow.program->start);
  EXPECT_EQ(flow.program->start->mode, Events::Mode::all);
  EXPECT_FALSE(flow.program->start_reads_data);
  EXPECT_TRUE(correct("  []\n", on + ", read: data }\n").program->start_reads_data);
}

TEST(Compile, KeepsTheDocumentForExpressions) {
  const Compiled flow = correct("  - s: { set: { a: 1 }, metadata: { colour: red } }\n");
  EXPECT_EQ(json::print(*json::find(flow.program->document.value(), "/document/name")), "\"buy\"");
  EXPECT_EQ(json::print(flow.at("/do/0/s").metadata), R"({"colour":"red"})");
  EXPECT_EQ(json::print(flow.at("/do/0/s").definition), R"({"set":{"a":1},"metadata":{"colour":"red"}})");
}

TEST(Compile, ReadsJsonAsWell) {
  const Compiled flow = compile_text(
      R"({"document":{"dsl":"1.0.3","namespace":"shop","name":"buy","version":"1.0.0"},"do":[{"s":{"set":{"a":1}}}]})");
  EXPECT_NE(flow.program, nullptr) << flow.text();
}

TEST(KindOf, TellsFlowsFromContracts) {
  EXPECT_EQ(kind_of(flow_text("  []\n")), DocumentKind::flow);
  EXPECT_EQ(kind_of("asyncapi: 3.0.0\n"), DocumentKind::contract);
  EXPECT_EQ(kind_of("schemas: {}\n"), DocumentKind::neither);
  EXPECT_EQ(kind_of("[1]"), DocumentKind::neither);
  EXPECT_EQ(kind_of("# c\ndocument:\n  name: [oops\n"), DocumentKind::flow)
      << "what is malformed is still a flow, so that compile says why";
  EXPECT_EQ(kind_of("asyncapi: [3\n"), DocumentKind::contract);
  EXPECT_EQ(kind_of("{"), DocumentKind::neither);
}

}  // namespace
}  // namespace baton::flow
