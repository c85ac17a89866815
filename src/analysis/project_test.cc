#include "analysis/project.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/testing/source_dir.h"
#include "flow/testing/fixture.h"

namespace baton::analysis {
namespace {

using flow::testing::compile_text;
using flow::testing::flow_text;

std::shared_ptr<const flow::Program> loan(const std::string& file) {
  const std::string folder = source_dir() + "/examples/loan/";
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "contracts"))
    paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  flow::Contracts contracts;
  for (const std::string& path : paths) {
    const std::string text = flow::testing::read_file(path);
    if (flow::kind_of(text) != flow::DocumentKind::contract) continue;
    flow::Diagnostics diagnostics;
    const auto contract = flow::read_contract(text, path, flow::testing::load_beside(path), diagnostics);
    EXPECT_NE(contract, nullptr) << path;
    EXPECT_TRUE(contract != nullptr && contracts.add(contract));
  }
  const auto compiled =
      compile_text(flow::testing::read_file(folder + "flows/" + file), contracts, {flow::Strategy::choreography});
  EXPECT_NE(compiled.program, nullptr) << compiled.text();
  return compiled.program;
}

std::string views(const flow::Program& program) {
  std::string text;
  for (const View& view : project_all(program)) {
    text += to_text(view);
    text += "  sees   ";
    for (const std::string& type : view.slice->slice->types) text += type + " ";
    text += view.whole ? "(the whole flow)\n" : view.slice->slice->needs_start ? "(from the start)\n" : "\n";
  }
  return text;
}

std::shared_ptr<const flow::Program> shop(const std::string& tasks, const std::string& more = "") {
  const auto compiled = compile_text(
      flow_text(tasks, "schedule:\n  on:\n    one:\n      with: { type: com.example.cart.filled.v1 }\n" + more));
  EXPECT_NE(compiled.program, nullptr) << compiled.text();
  return compiled.program;
}

std::set<std::string> types_seen(const flow::Program& program, const std::string& service) {
  const auto view = project(program, service);
  EXPECT_TRUE(view) << view.error().text;
  return view ? view->slice->slice->types : std::set<std::string>{};
}

const std::string kStart = "com.example.cart.filled.v1";
const std::string kPlaced = "com.example.order.placed.v1";
const std::string kCharged = "com.example.payment.charged.v1";
const std::string kSent = "com.example.email.sent.v1";

TEST(LoanViews, BasicOfferListensToTheRequest) {
  EXPECT_EQ(views(*loan("v1-basic.yaml")), R"(offer
  when   com.example.loan.requested.v1
  do     determine
  then   com.example.loan.processed.v1
  sees   com.example.loan.requested.v1 (from the start)
)");
}

TEST(LoanViews, NotifyEmailAndProfileListenToTheDecisionIndependently) {
  EXPECT_EQ(views(*loan("v2-notify.yaml")), R"(email
  when   com.example.loan.processed.v1
  do     send
  then   com.example.email.sent.v1
  sees   com.example.loan.processed.v1 
offer
  when   com.example.loan.requested.v1
  do     determine
  then   com.example.loan.processed.v1
  sees   com.example.loan.requested.v1 (from the start)
profile
  when   com.example.loan.processed.v1
  do     update
  then   com.example.profile.updated.v1
  sees   com.example.loan.processed.v1 
)");
}

TEST(LoanViews, CreditMovesTheOfferBehindTheCheck) {
  EXPECT_EQ(views(*loan("v3-credit.yaml")), R"(credit
  when   com.example.loan.requested.v1
  do     check
  then   com.example.credit.checked.v1
  sees   com.example.loan.requested.v1 (from the start)
email
  when   com.example.loan.processed.v1
  do     send
  then   com.example.email.sent.v1
  sees   com.example.loan.processed.v1 
offer
  when   com.example.credit.checked.v1
  do     determine
  then   com.example.loan.processed.v1
  sees   com.example.credit.checked.v1 
profile
  when   com.example.loan.processed.v1
  do     update
  then   com.example.profile.updated.v1
  sees   com.example.loan.processed.v1 
)");
}

TEST(LoanViews, CriminalActivityIsJoinedByTheOfferAndHeardByEmail) {
  EXPECT_EQ(views(*loan("v4-criminal.yaml")), R"(credit
  when   com.example.loan.requested.v1
  do     check
  then   com.example.credit.checked.v1
  sees   com.example.loan.requested.v1 (from the start)
criminal-activity
  when   com.example.loan.requested.v1
  do     check
  then   com.example.criminal-activity.checked.v1
  sees   com.example.loan.requested.v1 (from the start)
email
  when   com.example.criminal-activity.checked.v1
  if     .suspect
  do     send
  then   com.example.email.sent.v1

  when   com.example.loan.processed.v1
  do     send
  then   com.example.email.sent.v1
  sees   com.example.credit.checked.v1 com.example.criminal-activity.checked.v1 com.example.loan.processed.v1 
offer
  when   com.example.credit.checked.v1 and com.example.criminal-activity.checked.v1   (same instance)
  do     determine
  then   com.example.loan.processed.v1
  sees   com.example.credit.checked.v1 com.example.criminal-activity.checked.v1 
profile
  when   com.example.loan.processed.v1
  do     update
  then   com.example.profile.updated.v1
  sees   com.example.criminal-activity.checked.v1 com.example.loan.processed.v1 
)");
}

TEST(Project, RefusesAServiceThatActsOnNothingAndNamesThoseWhoDo) {
  const auto program = shop("  - place: { call: 'order.place:1.0.0@default' }\n");
  const auto view = project(*program, "email");
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, Code::not_found);
  EXPECT_NE(view.error().text.find("services that act are order"), std::string::npos) << view.error().text;
}

TEST(Project, SubscribesToTheEventWhoseDataIsRead) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default' }
  - charge: { call: 'payment.charge:1.0.0@default' }
  - tell: { call: 'email.send:1.0.0@default', with: { cart: '${ $workflow.input }' } }
)");
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kStart, kCharged}));
}

TEST(Project, ReadsExportsThatWriteTheContext) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default', export: { as: '{ order: .id }' } }
  - charge: { call: 'payment.charge:1.0.0@default' }
  - tell: { call: 'email.send:1.0.0@default', with: { order: '${ $context.order }' } }
)");
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kPlaced, kCharged}));
}

TEST(Project, DropsASwitchThatAnEventProves) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default' }
  - decide: { switch: [ { no: { when: .refused, then: end } } ] }
  - charge: { call: 'payment.charge:1.0.0@default' }
  - tell: { call: 'email.send:1.0.0@default' }
)");
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kCharged}));
  EXPECT_EQ(types_seen(*program, "payment"), (std::set<std::string>{kPlaced}));
}

TEST(Project, KeepsTheSkippedTaskBeforeItsOwn) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default' }
  - charge: { if: .paid, call: 'payment.charge:1.0.0@default' }
  - tell: { call: 'email.send:1.0.0@default' }
)");
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kPlaced, kCharged}));
}

TEST(Project, LooksThroughTasksThatCompleteAtOnce) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default' }
  - note: { call: 'log.write:1.0.0@default' }
  - shape: { set: { text: '${ .id }' } }
  - tell: { call: 'email.send:1.0.0@default', with: { text: '${ .text }' } }
)");
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kPlaced}));
}

TEST(Project, WaitsForEveryBranchOfAJoin) {
  const auto program = shop(R"(  - both:
      fork:
        branches:
          - place: { call: 'order.place:1.0.0@default' }
          - charge: { call: 'payment.charge:1.0.0@default' }
  - tell: { call: 'email.send:1.0.0@default', with: { done: true } }
)");
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kPlaced, kCharged}));
}

TEST(Project, AnEventFromOutsideDoesNotProveThatTheListenHasBegun) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default' }
  - paid: { listen: { to: { one: { with: { type: com.example.paid.v1 } } } } }
  - tell: { call: 'email.send:1.0.0@default' }
)");
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kStart, kPlaced, "com.example.paid.v1"}));
}

TEST(Project, WhoAnnouncesAListenKnowsWhatItWaitsFor) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default' }
  - paid:
      listen:
        to:
          one:
            with: { type: com.example.paid.v1 }
            correlate: { order: { from: .data.order, expect: .id } }
  - tell: { call: 'email.send:1.0.0@default', with: { done: true } }
)");
  const auto view = project(*program, "email");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->slice->slice->types, (std::set<std::string>{kStart, kPlaced, "com.example.paid.v1"}));
  ASSERT_EQ(view->rows.size(), 2u);
  EXPECT_EQ(view->rows[0].operation, "listen");
  EXPECT_EQ(view->rows[0].when, (std::vector<std::string>{kPlaced}));
}

TEST(Project, AResultProvesAListenBesideItsCallAndNoLaterOne) {
  const std::string heard = "listen: { to: { one: { with: { type: com.example.order.placed.v1 } } } } }\n";
  const std::string tell = "- tell: { call: 'email.send:1.0.0@default' }\n";
  const auto beside = shop(R"(  - both:
      fork:
        branches:
          - place: { call: 'order.place:1.0.0@default' }
          - other:
              do:
                - heard: { )" +
                           heard + "                " + tell);
  EXPECT_EQ(types_seen(*beside, "email"), (std::set<std::string>{kPlaced}));
  const auto later = shop(R"(  - both:
      fork:
        branches:
          - place: { call: 'order.place:1.0.0@default' }
          - other:
              do:
                - charge: { call: 'payment.charge:1.0.0@default' }
                - heard: { )" +
                          heard + "                " + tell);
  EXPECT_EQ(types_seen(*later, "email"), (std::set<std::string>{kPlaced, kCharged}));
}

TEST(Project, KeepsWhatMayFailOnTheWay) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default', output: { as: .order } }
  - note: { call: 'log.write:1.0.0@default' }
  - shape: { set: { text: '${ .id + 1 }' } }
  - tell: { call: 'email.send:1.0.0@default', with: { done: true } }
)");
  const auto view = project(*program, "email");
  ASSERT_TRUE(view);
  const auto& list = std::get<flow::Do>(view->slice->task(view->slice->root).body);
  EXPECT_EQ(list.tasks.size(), 4u);
  EXPECT_TRUE(view->slice->find("/do/0/place")->output.expression);
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kPlaced}));
}

TEST(Project, OnlyWhoActsInAScopeOrRightAfterItFollowsIt) {
  const auto program = shop(
      "  - place: { call: 'order.place:1.0.0@default', timeout: { after: PT1M } }\n"
      "  - charge: { call: 'payment.charge:1.0.0@default' }\n  - tell: { call: 'email.send:1.0.0@default' }\n");
  using Types = std::set<std::string>;
  EXPECT_EQ(types_seen(*program, "order"), (Types{kStart})) << "that the flow is over it is told";
  EXPECT_EQ(types_seen(*program, "payment"), (Types{kStart, kPlaced}));
  EXPECT_EQ(types_seen(*program, "email"), (Types{kCharged})) << "this proves that all went well before";
}

TEST(Project, WhoActsAfterAWaitWaitsToo) {
  const auto program = shop(
      "  - place: { call: 'order.place:1.0.0@default' }\n  - rest: { wait: PT1M }\n"
      "  - charge: { call: 'payment.charge:1.0.0@default' }\n  - tell: { call: 'email.send:1.0.0@default' }\n");
  EXPECT_EQ(types_seen(*program, "payment"), (std::set<std::string>{kPlaced}));
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kCharged}));
}

std::shared_ptr<const flow::Program> fork_with(const std::string& sister, const std::string& before_act) {
  return shop("  - both:\n      fork:\n        branches:\n          - bad:\n              do:\n" + sister +
              "          - good:\n              do:\n" + before_act +
              "                - tell: { call: 'email.send:1.0.0@default', with: { done: true } }\n");
}

TEST(Project, WhoActsBesideWhatEndsTheFlowInSilenceSeesIt) {
  const std::string look = "                - look: { call: 'order.place:1.0.0@default' }\n";
  const std::string charge = "                - charge: { call: 'payment.charge:1.0.0@default' }\n";
  const auto seen = [&](const std::string& last) {
    return types_seen(*fork_with(look + "                - " + last + "\n", charge), "email");
  };
  using Types = std::set<std::string>;
  EXPECT_EQ(seen("last: { set: { x: '${ .x.y }' } }"), (Types{kPlaced, kCharged}));
  EXPECT_EQ(seen("last: { raise: { error: { type: 'https://e/x', status: 400 } } }"), (Types{kPlaced, kCharged}));
  EXPECT_EQ(seen("last: { set: { x: 1 }, then: end }"), (Types{kPlaced, kCharged}));
  EXPECT_EQ(seen("last: { call: 'order.place:1.0.0@default', with: '${ .x.y }' }"), (Types{kCharged}))
      << "a fault that all see";
  EXPECT_EQ(seen("last: { set: { x: 1 } }"), (Types{kCharged}));
}

TEST(Project, WhoActsInTheMomentTheForkBeginsNeedNotSeeWhatEndsItLater) {
  const std::string look = "                - look: { call: 'order.place:1.0.0@default' }\n";
  const std::string bad = "                - bad2: { set: { x: '${ .x.y }' } }\n";
  EXPECT_EQ(types_seen(*fork_with(look + bad, ""), "email"), (std::set<std::string>{kStart}));
  const auto program = fork_with(bad, "");
  const auto view = project(*program, "email");
  ASSERT_TRUE(view);
  EXPECT_EQ(std::get<flow::Fork>(view->slice->find("/do/0/both")->body).branches.size(), 2u) << "at once, but first";
}

TEST(Project, AFunctionsInputIsPartOfWhatIsCalled) {
  const auto program =
      shop("  - tell: { call: both, with: { x: '${ .x | tonumber }' } }\n",
           "use: { functions: { both: { call: 'email.send:1.0.0@default', with: { done: true } } } }\n");
  const auto view = project(*program, "email");
  ASSERT_TRUE(view);
  EXPECT_FALSE(std::get<flow::Function>(view->slice->find("/do/0/tell")->body).with.constant());
}

TEST(Project, KeepsAListWithJumps) {
  const auto program = shop(R"(  - place: { call: 'order.place:1.0.0@default' }
  - again: { switch: [ { retry: { when: .retry, then: place } } ] }
  - tell: { call: 'email.send:1.0.0@default' }
)");
  EXPECT_EQ(types_seen(*program, "email"), (std::set<std::string>{kStart, kPlaced, kSent}));
}

TEST(Project, TellsTheSameAsJson) {
  const auto view = project(*loan("v4-criminal.yaml"), "email");
  ASSERT_TRUE(view);
  const json::Value value = to_json(*view);
  EXPECT_EQ(json::find(value, "/service")->as_string(), "email");
  EXPECT_EQ(json::find(value, "/acts")->as_array().size(), 2u);
  EXPECT_EQ(json::find(value, "/acts/0/if")->as_string(), ".suspect");
  EXPECT_EQ(json::find(value, "/acts/1/when/0")->as_string(), "com.example.loan.processed.v1");
  EXPECT_FALSE(json::find(value, "/needsStart")->as_bool());
}

}  // namespace
}  // namespace baton::analysis
