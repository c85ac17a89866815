// What is refused, with which code; a few whole messages as people read them.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "flow/testing/fixture.h"

namespace baton::flow {
namespace {

using testing::compile_text;
using testing::Compiled;
using testing::flow_text;

std::string codes(const std::string& tasks, const std::string& more = "",
                  const std::string& metadata = "strategy: orchestration") {
  return compile_text(flow_text(tasks, more, metadata)).codes();
}
std::string one(const std::string& task) {
  return codes("  - t: " + task + "\n");
}
std::string words(const std::string& tasks, const std::string& more = "") {
  return compile_text(flow_text(tasks, more, "topic: shop")).text();
}

TEST(Refused, AnUnknownPropertyIsNamedWithTheOneThatWasMeant) {
  EXPECT_EQ(words("  - t:\n      set: { a: 1 }\n      exprot: { as: . }\n"),
            "flow.yaml:10:7: error BTN-F004: 't' has no property 'exprot' (did you mean 'export'?)\n"
            "  at /do/0/t/exprot\n"
            "  Known here: if, input, output, export, timeout, then, metadata or set.\n");
}

TEST(Refused, ATargetOutsideOfTheListIsNamedWithThoseInIt) {
  EXPECT_EQ(words("  - first: { set: { a: 1 }, then: secnd }\n  - second: { set: { a: 1 } }\n"),
            "flow.yaml:8:29: error BTN-F012: `then` leads to 'secnd', which is no task of this list (did you mean "
            "'second'?)\n"
            "  at /do/0/first/then\n"
            "  `then` is continue, exit, end, or the name of a task of the same list: continue, exit, end, first or "
            "second.\n");
}

TEST(Refused, AVariableThatIsNotVisibleIsNamedWithThoseThatAre) {
  EXPECT_EQ(words("  - t: { set: { a: 1 }, output: { as: '$output.a' } }\n"),
            "flow.yaml:8:35: error BTN-F021: the variable $output is not visible here: '$output.a'\n"
            "  at /do/0/t/output/as\n"
            "  Visible here: $context, $input, $task, $workflow or $runtime.\n");
}

TEST(Refused, AMissingContractSaysWhatToDeploy) {
  EXPECT_EQ(words("  - t: { call: ordr.place:1.0.0@default }\n"),
            "flow.yaml:8:10: error BTN-F030: no contract of a service 'ordr' is known (did you mean 'order'?)\n"
            "  at /do/0/t/call\n"
            "  Deploy the service's contract (AsyncAPI 3, info.title: ordr) before the flow, or beside it.\n");
}

TEST(Refused, WhatIsNotYamlSaysWhere) {
  const Compiled out = compile_text("document: {\n");
  EXPECT_EQ(out.codes(), "BTN-F001");
  EXPECT_GT(out.diagnostics.at(0).line, 0) << out.text();
  EXPECT_EQ(compile_text("").codes(), "BTN-F003");
  EXPECT_EQ(compile_text("[]").codes(), "BTN-F003");
}

TEST(Refused, SeveralMistakesAreToldAtOnceInTheOrderOfTheDocument) {
  EXPECT_EQ(codes("  - a: { call: nope.x:1.0.0@default, then: gone }\n  - a: { set: 5 }\n  - b: {}\n"),
            "BTN-F030 BTN-F012 BTN-F011 BTN-F003 BTN-F010");
}

TEST(Refused, AHeadWithMistakes) {
  EXPECT_EQ(compile_text("do: []").codes(), "BTN-F002");
  EXPECT_EQ(compile_text("document: {}\ndo: []").codes(), "BTN-F002 BTN-F002 BTN-F002 BTN-F002");
  EXPECT_EQ(compile_text("document: { dsl: '1.0.3', namespace: a.b, name: -x, version: one }\ndo: []").codes(),
            "BTN-F005 BTN-F005 BTN-F005");
  EXPECT_EQ(compile_text("document: { dsl: '2.0.0', namespace: a, name: b, version: 1.0 }\ndo: []").codes(),
            "BTN-F125 BTN-F003");
  EXPECT_EQ(compile_text("document: { dsl: '1.0.3', namespace: a, name: b, version: '01.0.0' }\ndo: []").codes(),
            "BTN-F005");
  EXPECT_EQ(compile_text(flow_text("  []\n") + "doo: 1\n").codes(), "BTN-F009");
  EXPECT_EQ(codes("  []\n", "", "strategy: orchestra"), "BTN-F005");
  EXPECT_EQ(codes("  []\n", "", "topic: 'a b'"), "BTN-F005");
  EXPECT_EQ(codes("  []\n", "", "stratgey: orchestration"), "BTN-F008");
}

TEST(Refused, ListsAndTasksOfTheWrongShape) {
  EXPECT_EQ(codes("  a: { set: { b: 1 } }\n"), "BTN-F006");
  EXPECT_EQ(codes("  - a: { set: { b: 1 } }\n    c: { set: { b: 1 } }\n"), "BTN-F006");
  EXPECT_EQ(codes("  - text\n"), "BTN-F006");
  EXPECT_EQ(codes("  - a: 5\n"), "BTN-F003");
  EXPECT_EQ(one("{ set: { a: 1 }, wait: PT1S }"), "BTN-F010");
  EXPECT_EQ(one("{ swich: [] }"), "BTN-F010");
  EXPECT_EQ(codes("  - a: { set: { b: 1 } }\n  - a: { set: { b: 1 } }\n"), "BTN-F011");
}

TEST(Refused, WaysThatLeadNowhereOrAreNeverTaken) {
  EXPECT_EQ(codes("  - a: { do: [ { b: { set: { x: 1 }, then: c } } ] }\n  - c: { set: { x: 1 } }\n"), "BTN-F012");
  EXPECT_EQ(one("{ fork: { branches: [ { a: { set: { x: 1 }, then: b } }, { b: { set: { x: 1 } } } ] } }"), "BTN-F012");
  EXPECT_EQ(codes("  - a: { set: { x: 1 }, then: c }\n  - b: { set: { x: 1 } }\n  - c: { set: { x: 1 } }\n"),
            "BTN-F014");
  EXPECT_EQ(codes("  - a: { raise: { error: { type: 'x:y', status: 400 } } }\n  - b: { set: { x: 1 } }\n"), "BTN-F014");
  EXPECT_EQ(codes("  - a: { if: .x, set: { x: 1 }, then: end }\n  - b: { set: { x: 1 } }\n"), "")
      << "skipped, it goes on";
  EXPECT_EQ(one("{ switch: [ { a: { then: end } }, { b: { then: end } } ] }"), "BTN-F013");
  EXPECT_EQ(one("{ switch: [ { a: { when: .x } } ] }"), "BTN-F002");
  EXPECT_EQ(one("{ switch: [] }"), "BTN-F002");
}

TEST(Warned, ADirectiveThatIsATasksNameToo) {
  for (const std::string word : {"continue", "exit", "end"}) {
    EXPECT_EQ(codes("  - " + word + ": { set: { b: 1 } }\n"), "") << word;
    EXPECT_EQ(codes("  - a: { if: .x, set: { b: 1 }, then: " + word + " }\n  - " + word + ": { set: { b: 1 } }\n"),
              "BTN-F019")
        << word;
  }
}

TEST(Warned, WhatHasNoEffectWhereTheLanguageIsOpen) {
  EXPECT_EQ(compile_text(flow_text("  []\n", ".anchors: { a: 1 }\nx-mine: 1\n", "strategy: orchestration")).codes(),
            "");
  EXPECT_EQ(codes("  []\n", "timeuot: { after: PT1S }\n"), "BTN-F009");
  const std::string attempt = "{ try: [], catch: ";
  EXPECT_EQ(one(attempt + "{ retry: { backoff: { exponential: { factor: 3 } } } } }"), "BTN-F009");
  EXPECT_EQ(one(attempt + "{ errors: { wiht: {} } } }"), "BTN-F009");
  EXPECT_EQ(one(attempt + "{ errors: { with: { status: 404, tpye: x } } } }"), "BTN-F009");
  EXPECT_EQ(one("{ emit: { event: { with: { type: a }, topic: b } } }"), "BTN-F009");
  EXPECT_EQ(one("{ listen: { to: { one: { with: { type: a }, correlate: { k: { from: .id, expects: 1 } } } } } }"),
            "BTN-F009");
}

TEST(Warned, AnErrorTypeThatIsNoUri) {
  const auto caught = [](const std::string& type) {
    return "  - t: { try: [], catch: { errors: { with: { type: '" + type + "' } } } }\n";
  };
  EXPECT_EQ(words(caught("timeout")),
            "flow.yaml:8:46: warning BTN-F029: an error's type is a URI, and 'timeout' is none\n"
            "  at /do/0/t/catch/errors/with/type\n"
            "  Write https://serverlessworkflow.io/spec/1.0.0/errors/timeout.\n");
  EXPECT_NE(words(caught("Comunication")).find("errors/communication."), std::string::npos);
  EXPECT_NE(words(caught("busy")).find("https://example.org/errors/busy"), std::string::npos);
  EXPECT_NE(words(caught("https://serverlessworkflow.io/dsl/errors/types/timeuot")).find("spec/1.0.0/errors/timeout."),
            std::string::npos);
  for (const char* fine : {"https://serverlessworkflow.io/spec/1.0.0/errors/timeout", "https://example.org/busy",
                           "urn:x:y", "/errors/busy"})
    EXPECT_EQ(words(caught(fine)), "") << fine;
  EXPECT_EQ(one("{ raise: { error: { type: timeout, status: 408 } } }"), "BTN-F029");
  EXPECT_EQ(codes("  []\n", "use: { errors: { e: { type: busy, status: 503 } } }\n"), "BTN-F029");
}

TEST(Warned, ACaughtErrorOfATaskThatIsNotThere) {
  const auto caught = [](const std::string& instance) {
    return one("{ try: [ { pay: { set: { a: 1 } } } ], catch: { errors: { with: { instance: " + instance + " } } } }");
  };
  EXPECT_EQ(caught("/do/0/t/try/0/pay"), "");
  EXPECT_EQ(caught("/do/0/t/try/0/pya"), "BTN-F029");
}

TEST(Refused, UriTemplatesThatAreNone) {
  for (const char* bad : {"https://x.example/{}", "https://x.example/{a,b}", "https://x.example/{+a}",
                          "https://x.example/{a", "https://x.example/{a*}"})
    EXPECT_EQ(one("{ raise: { error: { type: '" + std::string(bad) + "', status: 400 } } }"), "BTN-F005") << bad;
  EXPECT_EQ(one("{ emit: { event: { with: { type: a, source: 'https://x.example/{a' } } } }"), "BTN-F005");
  EXPECT_EQ(one("{ listen: { to: { one: { with: { type: a, source: 'https://x.example/{a,b}' } } } } }"), "BTN-F005");
  EXPECT_EQ(codes("  []\n", "schedule: { on: { one: { with: { source: 'https://x.example/{id}' } } } }\n"), "BTN-F005");
}

TEST(Refused, MistakesInsideOfWhatIsNotSupportedAreToldToo) {
  EXPECT_EQ(one("{ for: { in: '.x +', each: e }, while: '$e.y +', do: [ { a: { swich: [] } }, { b: { set: { c: '${ "
                "$e.x + $index + $item }' } } } ] }"),
            "BTN-F101 BTN-F020 BTN-F020 BTN-F010 BTN-F021");
  EXPECT_EQ(one("{ run: { shell: { command: '${ .x + }' } }, exprot: 1 }"), "BTN-F102 BTN-F020 BTN-F004");
  EXPECT_EQ(one("{ call: http, with: { method: get, endpoint: '${ .x + }' } }"), "BTN-F103 BTN-F020");
  EXPECT_EQ(one("{ call: nope.x:1.0.0@default, with: { a: '${ .x + }' } }"), "BTN-F030 BTN-F020");
  EXPECT_EQ(one("{ listen: { to: { any: [ { with: { Type: x } } ], until: '. +' } }, foreach: { do: [ { a: {} } ] } }"),
            "BTN-F005 BTN-F114 BTN-F020 BTN-F113 BTN-F010");
  EXPECT_EQ(one("{ listen: { to: { one: { with: { Type: x, Source: y } } } } }"), "BTN-F005 BTN-F005");
  EXPECT_EQ(codes("  []\n", "schedule: { every: PT1S, on: { one: {} } }\n"), "BTN-F115 BTN-F002");
  EXPECT_EQ(codes("  []\n", "use: { extensions: [ { e: { extend: all, before: [ { a: {} } ] } } ] }\n"),
            "BTN-F110 BTN-F010");
  EXPECT_EQ(one("{ set: { a: '${ .x + }' }, wait: soon }"), "BTN-F010 BTN-F020 BTN-F017");
}

TEST(Refused, NamesThatAreNotInUse) {
  EXPECT_EQ(one("{ raise: { error: gone } }"), "BTN-F015");
  EXPECT_EQ(one("{ set: { a: 1 }, timeout: short }"), "BTN-F015");
  EXPECT_EQ(one("{ try: [], catch: { retry: often } }"), "BTN-F015");
  EXPECT_EQ(one("{ call: helper }"), "BTN-F015");
  EXPECT_EQ(
      codes("  - t: { call: f }\n", "use: { functions: { f: { call: g }, g: { do: [ { again: { call: f } } ] } } }\n"),
      "BTN-F016");
  EXPECT_EQ(codes("  []\n", "use: { timeouts: { a: b } }\n"), "BTN-F003");
}

TEST(Refused, WhatNothingRefersToIsReadAllTheSame) {
  EXPECT_EQ(codes("  []\n", "use: { functions: { f: { sett: { a: 1 } } } }\n"), "BTN-F010");
  EXPECT_EQ(codes("  []\n", "use: { timeouts: { t: { after: soon } } }\n"), "BTN-F017");
  EXPECT_EQ(codes("  []\n", "use: { retries: { r: { dely: PT1S } } }\n"), "BTN-F004");
  EXPECT_EQ(codes("  []\n", "use: { errors: { e: { type: 'x:y' } } }\n"), "BTN-F002");
}

TEST(Refused, ExpressionsAndSchemas) {
  EXPECT_EQ(one("{ set: { a: '${ .b + }' } }"), "BTN-F020");
  EXPECT_EQ(one("{ set: { a: 1 }, if: '.x ==' }"), "BTN-F020");
  EXPECT_EQ(one("{ set: { a: '${ $nope }' } }"), "BTN-F021");
  EXPECT_EQ(one("{ set: { a: 1 }, if: '$input.x' }"), "BTN-F021");
  EXPECT_EQ(one("{ set: { a: '${ $secrets.key }' } }"), "BTN-F111");
  EXPECT_EQ(one("{ set: { a: '${ $authorization.parameter }' } }"), "BTN-F112");
  EXPECT_EQ(one("{ set: { a: 'Hello ${ .x }' } }"), "BTN-F022");
  EXPECT_EQ(one("{ set: { a: '${ .x }-${ .y }' } }"), "BTN-F020");
  EXPECT_EQ(one("{ set: { a: .x } }"), "BTN-F028");
  EXPECT_EQ(one("{ set: { a: 1 }, input: { schema: { document: { type: 5 } } } }"), "BTN-F023");
  EXPECT_EQ(one("{ listen: { to: { one: { with: { type: '(a' } } } } }"), "BTN-F024");
  const std::string deep = std::string(20'000, '(') + "a" + std::string(20'000, ')');  // once ended the process
  EXPECT_EQ(one("{ listen: { to: { one: { with: { type: '" + deep + "' } } } } }"), "BTN-F024");
  EXPECT_EQ(one("{ set: 7 }"), "BTN-F003");
}

TEST(Refused, WhatWouldGiveAnotherValueAtEachParticipant) {
  for (const char* expression : {"now", "1 + now", "\"\\(now)\"", "[.[] | env.HOME]", "$ENV.HOME", "input", "halt", "$__loc__", "input_line_number"}) {
    EXPECT_EQ(one("{ set: { a: '${ " + std::string(expression) + " }' } }"), "BTN-F027") << expression;
  }
  for (const char* expression : {".now", "{now: 1}", "\"now\"", ".input | .env", "def now: 1; now", "debug", "0 | localtime"}) {
    EXPECT_EQ(one("{ set: { a: '${ " + std::string(expression) + " }' } }"), "") << expression;
  }
}

TEST(Refused, ACaughtErrorIsVisibleInItsHandlerOnly) {
  const std::string handler = "do: [ { h: { set: { a: '${ $oops.status }' } } } ]";
  EXPECT_EQ(one("{ try: [], catch: { as: oops, when: '$oops.status == 5 and .status == 5', " + handler + " } }"), "");
  EXPECT_EQ(one("{ try: [], catch: { " + handler + " } }"), "BTN-F021");
  EXPECT_EQ(one("{ try: [ { x: { set: { a: '${ $oops }' } } } ], catch: { as: oops } }"), "BTN-F021");
  EXPECT_EQ(one("{ try: [], catch: { as: context } }"), "BTN-F026");
  EXPECT_EQ(one("{ try: [], catch: { as: $e } }"), "BTN-F026");
  EXPECT_EQ(codes("  - t: { try: [], catch: { as: oops, do: [ { c: { call: f } } ] } }\n",
                  "use: { functions: { f: { set: { a: '${ $oops }' } } } }\n"),
            "BTN-F021");
}

TEST(Refused, AnExportInABranchThatDropsTheOthers) {
  const auto fork = [](const std::string& as, const std::string& compete) {
    return "{ fork: { compete: " + compete + ", branches: [ { a: { set: { x: 1 }, export: { as: '" + as +
           "' } } } ] } }";
  };
  EXPECT_EQ(one(fork("{a: .x}", "false")), "BTN-F025");
  EXPECT_EQ(one(fork("$context + {a: .x}", "false")), "");
  EXPECT_EQ(one(fork("{a: .x}", "true")), "");
}

TEST(Refused, TasksWithMistakesOfTheirOwn) {
  EXPECT_EQ(one("{ emit: { event: { with: { source: 'https://x.example' } } } }"), "BTN-F002");
  for (const char* own : {"flowname", "flowversion", "flowtask", "batonkind", "batonx"})
    EXPECT_EQ(one("{ emit: { event: { with: { type: a, " + std::string(own) + ": b } } } }"), "BTN-F005") << own;
  for (const char* other : {"correlationid", "causationid", "partitionkey", "traceparent", "tracestate"})
    EXPECT_EQ(one("{ emit: { event: { with: { type: a, " + std::string(other) + ": b } } } }"), "") << other;
  EXPECT_EQ(one("{ emit: { event: { with: { type: a, My-Attribute: b } } } }"), "BTN-F005");
  EXPECT_EQ(one("{ emit: { event: { with: { type: a, subject: [b] } } } }"), "BTN-F003");
  EXPECT_EQ(one("{ listen: { to: { one: { with: {} } } } }"), "BTN-F002");
  EXPECT_EQ(one("{ listen: { to: {} } }"), "BTN-F002");
  EXPECT_EQ(one("{ listen: { to: { all: [] } } }"), "BTN-F002");
  EXPECT_EQ(one("{ listen: { to: { any: [], one: {} } } }"), "BTN-F005");
  EXPECT_EQ(one("{ listen: { to: { any: [] }, read: datum } }"), "BTN-F005");
  EXPECT_EQ(one("{ listen: { to: { one: { with: { type: a, data: { t: '${ .x }' } } } } } }"), "BTN-F005");
  EXPECT_EQ(one("{ listen: { to: { one: { with: { type: a }, correlate: { k: {} } } } } }"), "BTN-F002");
  EXPECT_EQ(one("{ listen: { to: { one: { with: { type: a }, correlate: { k: { from: $context.k } } } } } }"), "BTN-F021");
  EXPECT_EQ(one("{ fork: { branches: [] } }"), "BTN-F002");
  EXPECT_EQ(one("{ raise: { error: { type: 'x:y', status: '400' } } }"), "BTN-F003");
  EXPECT_EQ(one("{ raise: { error: { type: 'x:y', status: 4 } } }"), "BTN-F005");
  EXPECT_EQ(one("{ raise: { error: { type: 'x:y', status: 400, instance: /x } } }"), "BTN-F018");
  EXPECT_EQ(one("{ try: [] }"), "BTN-F002");
  EXPECT_EQ(one("{ try: [], catch: { errors: { with: { type: '${ .x }' } } } }"), "BTN-F005");
  EXPECT_EQ(one("{ try: [], catch: { retry: { backoff: {} } } }"), "BTN-F005");
  EXPECT_EQ(one("{ try: [], catch: { retry: { limit: { attempt: { count: -1 } } } } }"), "BTN-F005");
  EXPECT_EQ(one("{ try: [], catch: { retry: { jitter: { from: PT2S, to: PT1S } } } }"), "BTN-F017");
}

TEST(Refused, WhatCouldNeverWork) {
  EXPECT_EQ(one("{ set: hello }"), "BTN-F003");
  EXPECT_EQ(one("{ set: {} }"), "BTN-F005");
  EXPECT_EQ(one("{ emit: { event: { with: { type: a, time: nonsense } } } }"), "BTN-F005");
  EXPECT_EQ(one("{ emit: { event: { with: { type: a, time: '${ .t }' } } } }"), "");
  EXPECT_EQ(one("{ emit: { event: { with: { type: a, specversion: '0.3' } } } }"), "BTN-F005");
  EXPECT_EQ(one("{ emit: { event: { with: { type: a, specversion: '1.0' } } } }"), "");
  EXPECT_EQ(one("{ emit: { event: { with: { type: '' } } } }"), "BTN-F005");
  EXPECT_EQ(one("{ listen: { to: { one: { with: { Type: x } } } } }"), "BTN-F005");
  const std::string attempt = "{ try: [ { a: { set: { b: 1 } } } ], catch: ";
  EXPECT_EQ(one(attempt + "{ errors: { with: { detail: a, details: b } } } }"), "BTN-F005");
  EXPECT_EQ(one(attempt + "{ retry: { backoff: { linear: 5 } } } }"), "BTN-F003");
  const std::string place = "operation: place, message: { payload: {} } } }";
  EXPECT_EQ(one("{ call: asyncapi, with: { document: { endpoint: 'contract://order', foo: 1 }, " + place), "BTN-F004");
  EXPECT_EQ(
      one("{ call: asyncapi, with: { document: { endpoint: { uri: 'contract://order', authentication: x } }, " + place),
      "BTN-F112");
}

TEST(Refused, CallsThatNoContractHas) {
  EXPECT_EQ(one("{ call: order.place:9.9.9@default }"), "BTN-F030");
  EXPECT_EQ(one("{ call: order.plaice:1.0.0@default }"), "BTN-F031");
  EXPECT_EQ(one("{ call: shop.publish:1.0.0@default }"), "BTN-F032");
  EXPECT_EQ(one("{ call: order.place:1.0.0@default, with: text }"), "BTN-F033");
  EXPECT_EQ(one("{ call: order.place:1.0.0@default, with: '${ 5 }', then: 5 }"), "BTN-F033 BTN-F003");
  EXPECT_EQ(one("{ call: order.place }"), "BTN-F015");
}

TEST(Refused, AnEventOfItsOwnThatIsNotInTheFlowsLog) {
  const auto contracts = testing::contracts_of({testing::contract_text("order", "place", "placed", "orders"),
                                                testing::publisher_text("bank", "com.example.paid.v1", "bank")});
  const auto with = [&](const std::string& task, const std::string& metadata) {
    return compile_text(flow_text("  - t: " + task + "\n", "", metadata), contracts).codes();
  };
  const std::string hear = "listen: { to: { one: { with: { type: com.example.paid.v1 } } } }";
  EXPECT_EQ(with("{ " + hear + " }", "strategy: choreography"), "")
      << "from elsewhere, it is brought to the flow's log";
  EXPECT_EQ(with("{ do: [ { say: { emit: { event: { with: { type: com.example.paid.v1 } } } } }, { hear: { " + hear +
                     " } } ] }",
                 "strategy: orchestration"),
            "BTN-F035");
  EXPECT_EQ(with("{ do: [ { say: { emit: { event: { with: { type: com.example.paid.v1, correlationid: x } } } } }, { "
                 "hear: { " +
                     hear + " } } ] }",
                 "strategy: orchestration"),
            "")
      << "it is for others";
}

TEST(Compile, RepliesComeToTheFlowWhateverTopicTheContractSays) {
  const auto contracts = testing::contracts_of({testing::contract_text("order", "place", "placed", "orders")});
  for (const char* strategy : {"strategy: orchestration", "strategy: choreography"}) {
    const auto out = compile_text(
        flow_text("  - t: { call: order.place:1.0.0@default, timeout: { after: PT1S } }\n", "", strategy), contracts);
    EXPECT_EQ(out.program == nullptr, false) << out.text();
  }
}

TEST(NotSupportedYet, IsSaidOfEveryFeatureOfTheLanguageThatIsMissing) {
  EXPECT_EQ(one("{ for: { in: .x }, do: [] }"), "BTN-F101");
  EXPECT_EQ(one("{ run: { shell: { command: ls } } }"), "BTN-F102");
  EXPECT_EQ(one("{ call: http, with: {} }"), "BTN-F103");
  EXPECT_EQ(one("{ call: openapi }"), "BTN-F104");
  EXPECT_EQ(one("{ call: grpc }"), "BTN-F105");
  EXPECT_EQ(one("{ call: mcp }"), "BTN-F106");
  EXPECT_EQ(one("{ call: a2a }"), "BTN-F107");
  EXPECT_EQ(one("{ call: 'https://x.example/function.yaml' }"), "BTN-F108");
  EXPECT_EQ(one("{ call: f:1.0.0@mine }"), "BTN-F109");
  EXPECT_EQ(codes("  []\n", "use: { catalogs: {}, extensions: [], secrets: [], authentications: {} }\n"),
            "BTN-F109 BTN-F110 BTN-F111 BTN-F112");
  EXPECT_EQ(one("{ listen: { to: { any: [] } }, foreach: {} }"), "BTN-F113");
  EXPECT_EQ(one("{ listen: { to: { any: [], until: . } } }"), "BTN-F114");
  for (const char* key : {"every: PT1S", "cron: 0 0 * * *", "after: PT1S"})
    EXPECT_EQ(codes("  []\n", "schedule: { " + std::string(key) + " }\n"), "BTN-F115") << key;
  EXPECT_EQ(codes("  []\n", "evaluate: { mode: loose }\n"), "BTN-F116");
  EXPECT_EQ(codes("  []\n", "evaluate: { language: javascript }\n"), "BTN-F116");
  EXPECT_EQ(codes("  []\n", "evaluate: { language: jq, mode: strict }\n"), "");
  EXPECT_EQ(one("{ call: asyncapi, with: { document: { endpoint: 'https://x.example/a.json' } } }"), "BTN-F117");
  EXPECT_EQ(one("{ call: asyncapi, with: { document: { endpoint: 'contract://order' }, operation: place, subscription: "
                "{} } }"),
            "BTN-F118");
  EXPECT_EQ(one("{ call: humanTask:1.0.0@default }"), "BTN-F119");
  EXPECT_EQ(one("{ set: { a: 1 }, input: { schema: { resource: { endpoint: 'https://x.example' } } } }"), "BTN-F120");
  EXPECT_EQ(one("{ set: { a: 1 }, input: { schema: { format: avro, document: {} } } }"), "BTN-F121");
  EXPECT_EQ(one("{ set: { a: 1 }, metadata: { compensate: undo } }"), "BTN-F122");
  EXPECT_EQ(one("{ set: { a: 1 }, metadata: { sla: { warn: PT1S } } }"), "BTN-F123");
  EXPECT_EQ(one("{ call: asyncapi, with: { document: { endpoint: 'contract://order' }, operation: place, protocol: "
                "kafka, message: { payload: {} } } }"),
            "BTN-F124");
}

TEST(Bounds, AFlowThatUnfoldsWithoutEndIsRefused) {
  std::string functions = "use:\n  functions:\n    f0: { set: { a: 1 } }\n";
  for (int i = 1; i <= 20; ++i) {
    const std::string call = "call: f" + std::to_string(i - 1);
    functions += "    f" + std::to_string(i) + ": { do: [ { a: { " + call + " } }, { b: { " + call + " } } ] }\n";
  }
  const Compiled out = compile_text(flow_text("  - t: { call: f20 }\n", functions, "strategy: orchestration"));
  EXPECT_EQ(out.program, nullptr);
  EXPECT_NE(out.codes().find("BTN-F007"), std::string::npos);
}

TEST(Bounds, AThousandMistakesAreNotAllPrinted) {
  std::string tasks;
  for (int i = 0; i < 1000; ++i) tasks += "  - t" + std::to_string(i) + ": {}\n";
  EXPECT_EQ(compile_text(flow_text(tasks)).diagnostics.size(), 100u);
}

/// A flow that has something of everything, for mutations.
const std::string kEverything = flow_text(
    R"(
  - choose: { switch: [ { a: { when: .x, then: listen } }, { b: { then: continue } } ] }
  - both: { fork: { branches: [ { l: { call: order.place:1.0.0@default, with: { a: '${ .b }' } } }, { r: { call: f } } ] }, export: { as: '$context + {a: .}' } }
  - listen: { listen: { to: { any: [ { with: { type: a.b, data: '${ .t }' }, correlate: { k: { from: .data.id, expect: .id } } } ] } }, timeout: { after: PT1S } }
  - careful: { try: [ { e: { emit: { event: { with: { type: x } } } } } ], catch: { errors: { with: { status: 404 } }, retry: r, do: [ { w: { wait: PT1S } } ] }, metadata: { participant: email } }
)",
    "use: { functions: { f: { set: { a: 1 } } }, retries: { r: { delay: PT1S } } }\n"
    "schedule: { on: { one: { with: { type: com.example.cart.filled.v1 } } } }\ninput: { from: '.[0].data' }\n");

TEST(Malformed, NoTruncationOfAFlowEndsTheProcess) {
  const Contracts contracts = testing::shop_contracts();
  ASSERT_FALSE(has_errors(compile_text(kEverything, contracts).diagnostics))
      << compile_text(kEverything, contracts).text();
  for (std::size_t size = 0; size < kEverything.size(); size += 3) {
    const Compiled out = compile_text(kEverything.substr(0, size), contracts);
    EXPECT_EQ(out.program == nullptr, has_errors(out.diagnostics)) << size;
  }
}

TEST(Malformed, NoMutationOfAFlowEndsTheProcess) {
  const Contracts contracts = testing::shop_contracts();
  rc::check([&](std::uint64_t seed) {
    for (std::uint64_t i = 0; i < 10; ++i) {
      const Compiled out = compile_text(testing::mutate(kEverything, seed + i), contracts);
      RC_ASSERT((out.program == nullptr) == has_errors(out.diagnostics));
      for (const Diagnostic& d : out.diagnostics) {
        RC_ASSERT(!d.what.empty() && !d.remedy.empty() && d.what.find('\n') == std::string::npos);
      }
    }
  });
}

}  // namespace
}  // namespace baton::flow
