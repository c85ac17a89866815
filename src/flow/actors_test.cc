// Who acts on what.
#include <gtest/gtest.h>

#include "flow/testing/fixture.h"

namespace baton::flow {
namespace {

using testing::compile_text;
using testing::Compiled;
using testing::flow_text;

const std::string kStart = "schedule: { on: { one: { with: { type: com.example.cart.filled.v1 } } } }\n";
const std::string kCharge = "  - charge: { call: payment.charge:1.0.0@default }\n";
const std::string kSend = "  - send: { call: email.send:1.0.0@default }\n";
const std::string kPlace = "  - place: { call: order.place:1.0.0@default }\n";
const std::string kEmit = "  - tell: { emit: { event: { with: { type: com.example.told.v1 } } } }\n";
const std::string kWait = "  - rest: { wait: PT1H }\n";

std::string name(const Actor& actor) {
  if (actor.kind == Actor::Kind::none) return "none";
  return actor.kind == Actor::Kind::orchestrator ? "orchestrator" : actor.service;
}
std::string actor(const Compiled& flow, const std::string& pointer) {
  return name(flow.at(pointer).actor);
}
std::string keeper(const Compiled& flow, const std::string& pointer) {
  return name(flow.at(pointer).timekeeper);
}

Compiled flow(const std::string& tasks, const std::string& more = kStart,
              const std::string& metadata = "strategy: choreography") {
  return compile_text(flow_text(tasks, more, metadata));
}

TEST(Actors, TheOrchestratorActsOnEverythingThatIsOrchestrated) {
  const Compiled out = flow(kCharge + kEmit + kWait, kStart + "timeout: { after: PT1H }\n", "strategy: orchestration");
  EXPECT_EQ(actor(out, "/do/0/charge"), "orchestrator");
  EXPECT_EQ(actor(out, "/do/1/tell"), "orchestrator");
  EXPECT_EQ(actor(out, "/do/2/rest"), "none") << "nobody acts on a wait, only on its timer";
  EXPECT_EQ(keeper(out, "/do/2/rest"), "orchestrator");
  EXPECT_EQ(name(out.program->timekeeper), "orchestrator");
  EXPECT_TRUE(out.program->orchestrated());
}

TEST(Actors, WhoFinishedTheTaskBeforePublishesAnEmit) {
  const Compiled out = flow(kCharge + "  - note: { set: { a: 1 } }\n" + kEmit);
  EXPECT_EQ(actor(out, "/do/2/tell"), "payment") << out.text();
  EXPECT_FALSE(out.program->orchestrated());
}

TEST(Actors, TheStartEventsPublisherPublishesAnEmitAtTheStart) {
  EXPECT_EQ(actor(flow(kEmit), "/do/0/tell"), "shop");
  EXPECT_EQ(flow(kEmit, "").codes(), "BTN-F040") << "started by hand: nobody comes before";
  EXPECT_EQ(flow(kEmit, "schedule: { on: { one: { with: { type: unheard.of } } } }\n").codes(), "BTN-F040");
}

TEST(Actors, AnEmitAfterAnEmitHasTheSamePublisher) {
  EXPECT_EQ(actor(flow(kCharge + kEmit + "  - again: { emit: { event: { with: { type: com.example.more.v1 } } } }\n"),
                  "/do/2/again"),
            "payment");
}

TEST(Actors, AnEmitAfterAListenIsPublishedByWhoPublishedTheEvent) {
  const std::string listen = "  - hear: { listen: { to: { one: { with: { type: com.example.order.placed.v1 } } } } }\n";
  EXPECT_EQ(actor(flow(kCharge + listen + kEmit), "/do/2/tell"), "order");
}

const std::string kHearOutside = "  - hear: { listen: { to: { one: { with: { type: com.example.paid.v1 } } } } }\n";

TEST(Actors, WhoActsAfterAListenAnnouncesWhatItWaitsFor) {
  EXPECT_EQ(actor(flow(kCharge + kHearOutside + kSend), "/do/1/hear"), "email");
  EXPECT_EQ(actor(flow(kCharge + kHearOutside), "/do/1/hear"), "none") << "nobody acts: the timekeeper";
  EXPECT_EQ(actor(flow(kHearOutside, kStart, "strategy: choreography, participant: order"), "/do/0/hear"), "order");
  const std::string named =
      "  - hear: { listen: { to: { one: { with: { type: x } } } }, metadata: { participant: order } }\n";
  EXPECT_EQ(actor(flow(kCharge + named + kSend), "/do/1/hear"), "order");
  EXPECT_EQ(actor(flow(kHearOutside, kStart, "strategy: orchestration"), "/do/0/hear"), "orchestrator");
}

TEST(Actors, AListenForTheFlowsOwnEventsNeedsNoAnnouncement) {
  const std::string heard = "  - hear: { listen: { to: { one: { with: { type: com.example.payment.charged.v1";
  EXPECT_EQ(actor(flow(kCharge + heard + " } } } } }\n" + kSend), "/do/1/hear"), "none");
  EXPECT_EQ(
      actor(flow(kCharge + heard + " }, correlate: { order: { from: .data.order } } } } } }\n" + kSend), "/do/1/hear"),
      "email");
}

TEST(Actors, AnEmitAfterACaughtFaultIsPublishedByWhoWasCalled) {
  const Compiled out = flow(
      "  - t:\n      try: [ { charge: { call: payment.charge:1.0.0@default } } ]\n      catch:\n        do:\n          "
      "- tell: { emit: { event: { with: { type: x } } } }\n");
  EXPECT_EQ(actor(out, "/do/0/t/catch/do/0/tell"), "payment") << out.text();
}

const std::string kFork =
    "  - both:\n      fork:\n        branches:\n          - charge: { call: payment.charge:1.0.0@default }\n          "
    "- place: { call: order.place:1.0.0@default }\n";

TEST(Actors, AnEmitAfterAJoinNeedsAParticipant) {
  const Compiled out = flow(kFork + kEmit);
  EXPECT_EQ(out.codes(), "BTN-F040");
  EXPECT_NE(out.text().find("payment or order"), std::string::npos) << out.text();
  const std::string named = "  - tell: { emit: { event: { with: { type: x } } }, metadata: { participant: email } }\n";
  EXPECT_EQ(actor(flow(kFork + named), "/do/1/tell"), "email");
  EXPECT_EQ(actor(flow(kFork + kEmit, kStart, "strategy: choreography, participant: order"), "/do/1/tell"), "order");
}

TEST(Actors, AParticipantMustBeAServiceWithAContract) {
  const Compiled out =
      flow(kCharge + "  - tell: { emit: { event: { with: { type: x } } }, metadata: { participant: emial } }\n");
  EXPECT_EQ(out.codes(), "BTN-F042");
  EXPECT_NE(out.text().find("did you mean 'email'"), std::string::npos) << out.text();
}

TEST(Actors, AWaitIsKeptByWhoActsNext) {
  EXPECT_EQ(keeper(flow(kCharge + kWait + kSend), "/do/1/rest"), "email");
  EXPECT_EQ(keeper(flow(kCharge + kWait +
                        "  - note: { set: { a: 1 } }\n  - pick: { switch: [ { a: { when: .x, then: end } }, { b: { "
                        "then: place } } ] }\n" +
                        kSend + kPlace),
                   "/do/1/rest"),
            "order");
  EXPECT_EQ(keeper(flow("  - group:\n      do:\n        - rest: { wait: PT1H }\n" + kSend), "/do/0/group/do/0/rest"),
            "email");
}

TEST(Actors, ATimerWithNobodyBehindItIsWarnedOf) {
  const Compiled out = flow(kCharge + kWait);
  ASSERT_NE(out.program, nullptr);
  EXPECT_EQ(out.codes(), "BTN-F041");
  EXPECT_EQ(keeper(out, "/do/1/rest"), "none");
  EXPECT_EQ(flow(kCharge, kStart + "timeout: { after: PT1H }\n").codes(), "BTN-F041");
}

TEST(Actors, ATimeoutIsKeptByWhoActsOnTheFault) {
  const Compiled out = flow(R"(  - t:
      try:
        - inner: { do: [ { charge: { call: payment.charge:1.0.0@default, timeout: { after: PT1M } } } ], timeout: { after: PT5M } }
      catch: { do: [ { send: { call: email.send:1.0.0@default } } ] }
)");
  EXPECT_EQ(keeper(out, "/do/0/t/try/0/inner/do/0/charge"), "email") << out.text();
  EXPECT_EQ(keeper(out, "/do/0/t/try/0/inner"), "email");
}

TEST(Actors, ATimeoutIsNeverKeptByWhoIsAwaited) {
  const std::string timed = "  - send: { call: email.send:1.0.0@default, timeout: { after: PT1M } }\n";
  EXPECT_EQ(keeper(flow(kCharge + timed), "/do/1/send"), "payment") << "who acted before";
  const Compiled alone = flow(timed);
  EXPECT_EQ(keeper(alone, "/do/0/send"), "none");
  EXPECT_EQ(alone.codes(), "BTN-F041");
  EXPECT_EQ(keeper(flow(timed, kStart, "strategy: choreography, participant: email"), "/do/0/send"), "none");
  EXPECT_EQ(keeper(flow(timed, kStart, "strategy: choreography, participant: order"), "/do/0/send"), "order");
  const Compiled retried = flow(
      "  - t:\n      try: [ { charge: { call: payment.charge:1.0.0@default } } ]\n      catch: { retry: { delay: PT1S, "
      "limit: { attempt: { count: 3, duration: PT1M } } } }\n");
  EXPECT_EQ(keeper(retried, "/do/0/t"), "none");
}

TEST(Actors, ARetrysDelayIsKeptByWhoTriesAgain) {
  const Compiled out = flow(
      "  - t:\n      try: [ { charge: { call: payment.charge:1.0.0@default } } ]\n      catch: { retry: { delay: PT1S "
      "} }\n");
  EXPECT_EQ(keeper(out, "/do/0/t"), "payment");
}

TEST(Actors, ATasksStrategyHoldsForWhatItContains) {
  const Compiled out = flow(kCharge +
                            "  - rest:\n      metadata: { strategy: orchestration }\n      do:\n        - place: { "
                            "call: order.place:1.0.0@default }\n" +
                            kSend);
  EXPECT_EQ(actor(out, "/do/0/charge"), "payment");
  EXPECT_EQ(actor(out, "/do/1/rest/do/0/place"), "orchestrator");
  EXPECT_EQ(actor(out, "/do/2/send"), "email");
  EXPECT_TRUE(out.program->orchestrated());
}

TEST(Actors, DeployingWithAStrategyChangesTheDefaultOnly) {
  const std::string text =
      flow_text(kCharge + "  - send: { call: email.send:1.0.0@default, metadata: { strategy: choreography } }\n");
  const Compiled out = compile_text(text, testing::shop_contracts(), {Strategy::orchestration});
  EXPECT_EQ(actor(out, "/do/0/charge"), "orchestrator");
  EXPECT_EQ(actor(out, "/do/1/send"), "email");
}

TEST(Actors, ALoopOfTasksComesToAnEnd) {
  const Compiled out = flow(
      kCharge + kWait + "  - check: { switch: [ { done: { when: .done, then: end } }, { again: { then: rest } } ] }\n");
  EXPECT_EQ(out.codes(), "BTN-F041");
}

TEST(Actors, ManyWaysCostNoMoreThanFew) {
  std::string tasks = kCharge;
  for (int i = 0; i < 300; ++i) {
    tasks += "  - s" + std::to_string(i) +
             ": { switch: [ { a: { when: .x, then: continue } }, { b: { when: .y, then: continue } }, { c: { then: "
             "continue } } ] }\n";
  }
  EXPECT_EQ(actor(flow(tasks + kEmit), "/do/301/tell"), "payment");
}

}  // namespace
}  // namespace baton::flow
