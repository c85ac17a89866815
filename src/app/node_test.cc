#include "app/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "app/backend.h"
#include "app/durable.h"
#include "base/bytes.h"
#include "flow/testing/fixture.h"
#include "log/memory/memory.h"
#include "role/monitor_query.h"

namespace baton::app {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// A folder of its own, gone afterwards.
class NodeTest : public ::testing::Test {
 protected:
  NodeTest() {
    std::string name = (fs::temp_directory_path() / "baton-node-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~NodeTest() override {
    std::error_code none;
    fs::remove_all(folder_, none);
  }
  Result<std::unique_ptr<Node>> open(std::int32_t partitions = 2) const {
    return Node::open({.data = folder_ / "data", .shards = 1, .partitions = partitions});
  }
  static std::vector<SourceDocument> documents() {
    return {{"order.yaml", flow::testing::contract_text("order", "place", "placed")},
            {"buy.yaml", flow::testing::flow_text("  - place: { call: 'order.place:1.0.0@default', with: {} }\n")}};
  }
  static Result<std::string> start(Node& node, const std::string& id = "") {
    std::promise<Result<std::string>> promise;
    node.intake().start({"shop/buy", "", json::Data::from_text("{}"), id},
                        [&](Result<std::string> started) { promise.set_value(std::move(started)); });
    return promise.get_future().get();
  }
  static Service order(std::function<void()> handler) {
    Service service("order", "1.0.0");
    service.on("place",
               [handler = std::move(handler)](const std::map<std::string, boost::json::value>&) { handler(); });
    return service;
  }

  fs::path folder_;
};

TEST_F(NodeTest, AFolderThatIsInUseIsNotOpenedTwice) {
  const auto first = open();
  ASSERT_TRUE(first) << first.error_text();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error_text(), HasSubstr("data"));
}

TEST_F(NodeTest, AFolderKeepsItsNumberOfPartitions) {
  {
    const auto node = open(2);
    ASSERT_TRUE(node && (*node)->deploy(documents(), {}));
  }
  const auto node = open(8);
  ASSERT_TRUE(node) << node.error_text();
  (*node)->start();
  ASSERT_TRUE((*node)->add(order([] {})));
  std::vector<SourceDocument> more = documents();
  more.push_back({"pay.yaml", flow::testing::contract_text("payment", "charge", "charged")});
  ASSERT_TRUE((*node)->deploy(more, {}));
  EXPECT_EQ((*node)->log().find_topic("payment.commands")->spec.partitions, 2);
}

TEST_F(NodeTest, AServiceMayNotBeCalledAsAStoreOfBatonsOwn) {
  const auto node = open();
  ASSERT_TRUE(node);
  for (const char* name : {"orchestrator", "monitor", "timekeeper"}) {
    EXPECT_FALSE((*node)->add(Service(name, "1.0.0"))) << name;
  }
}

TEST_F(NodeTest, WhatOnlyBatonSaysToAFlowIsNotTakenFromOutside) {
  const auto node = open();
  ASSERT_TRUE(node && (*node)->deploy(documents(), {}));
  for (const char* kind : {"deploy", "timer", "start", "control", "fault", "nonsense"}) {
    event::Event event;
    event.id = event.correlationid = "C-1";
    event.source = "/test";
    event.type = "com.example.order.placed.v1";
    event.kind = kind;
    event.flowname = "shop/buy";
    event.flowversion = "9.0.0";
    EXPECT_FALSE((*node)->intake().append({event})) << kind;
  }
}

TEST_F(NodeTest, OnceStoppedItTakesNothingAndAnswersQuestions) {
  const auto node = open();
  ASSERT_TRUE(node && (*node)->deploy(documents(), {}));
  ASSERT_TRUE((*node)->add(order([] {})));
  (*node)->start();
  ASSERT_TRUE(start(**node, "C-1"));
  const auto backend = make_backend(**node);
  while (!backend->health().ready) std::this_thread::yield();  // the monitor has read what was there at the start
  (*node)->stop();
  (*node)->stop();
  EXPECT_EQ(start(**node).error().code, Code::busy);
  EXPECT_EQ((*node)->deploy(documents(), {}).error().code, Code::busy);
  EXPECT_EQ((*node)->add(Service("other", "1.0.0")).error().code, Code::busy);
  EXPECT_TRUE(backend->health().ready);
}

TEST_F(NodeTest, WhoWaitsForAnAnswerWhileItStopsGetsIt) {
  const auto node = open();
  ASSERT_TRUE(node && (*node)->deploy(documents(), {}));
  (*node)->start();
  std::promise<void> begun;
  auto starting = std::async(std::launch::async, [&] {
    begun.set_value();
    std::size_t taken = 0;
    while (start(**node)) ++taken;
    return taken;
  });
  begun.get_future().wait();
  (*node)->stop();
  starting.get();  // ends: each start was answered
}

TEST_F(NodeTest, AHandlerInFlightIsLetFinishAndItsFlowGoesOnAtTheNextStart) {
  std::promise<void> called;
  std::promise<void> leave;
  {
    const auto node = open();
    ASSERT_TRUE(node && (*node)->deploy(documents(), {}));
    ASSERT_TRUE((*node)->add(order([&] {
      called.set_value();
      leave.get_future().wait();
    })));
    (*node)->start();
    ASSERT_TRUE(start(**node, "C-1"));
    called.get_future().wait();
    auto stopping = std::async(std::launch::async, [&] { (*node)->stop(); });
    leave.set_value();
    stopping.get();
  }
  const auto node = open();
  ASSERT_TRUE(node) << node.error_text();
  ASSERT_TRUE((*node)->add(order([] {})));
  (*node)->start();
  const auto ended = [&] {
    const auto shown = role::show_instance((*node)->log(), (*node)->catalog(), "C-1");
    return shown && shown->front().summary.status == engine::Status::completed;
  };
  while (!ended()) std::this_thread::yield();
}

TEST_F(NodeTest, SaysThatAServiceDoesNotRunHere) {
  {
    const auto node = open();
    ASSERT_TRUE(node && (*node)->deploy(documents(), {}));
    std::promise<void> called;
    Service slow("order", "1.0.0");
    std::vector<Completion<std::map<std::string, std::string>>> kept;
    slow.on_async("place", [&](const std::map<std::string, boost::json::value>&,
                               Completion<std::map<std::string, std::string>> done) {
      kept.push_back(std::move(done));
      called.set_value();
    });
    ASSERT_TRUE((*node)->add(slow));
    (*node)->start();
    ASSERT_TRUE(start(**node, "C-1"));
    called.get_future().wait();
    (*node)->stop();
  }
  const auto node = open();
  ASSERT_TRUE(node);
  const auto shown = role::show_instance((*node)->log(), (*node)->catalog(), "C-1");
  ASSERT_TRUE(shown) << shown.error_text();
  ASSERT_EQ(shown->front().waiting.size(), 1u);
  EXPECT_EQ(shown->front().waiting[0].why, role::WaitingFor::Why::down);
  EXPECT_THAT(shown->front().waiting[0].text, HasSubstr("pending at order, attempt 1; order does not run here"));
}

TEST_F(NodeTest, AForeignRecordIsToldInALogLineAndPassedOver) {
  std::promise<std::string> told;
  configure_log({.level = LogLevel::error, .write = [&](std::string_view line) { told.set_value(std::string(line)); }});
  {
    const auto node = open(1);
    ASSERT_TRUE(node && (*node)->deploy(documents(), {}));
    (*node)->start();
    log::Commit commit;
    std::string headers;
    Writer(headers).string("no headers of ours");
    commit.appends.push_back(
        {{(*node)->log().find_topic("shop")->id, log::PartitionId(0)}, {"", headers, "no event", Instant(1)}});
    ASSERT_TRUE((*node)->log().submit(std::move(commit)));
    EXPECT_THAT(told.get_future().get(), HasSubstr("baton: shop/0, offset 1: the record is no event"));
  }
  configure_log({.level = LogLevel::off});
}

TEST_F(NodeTest, AStoreThatIsLostToAnotherOwnerMakesItNotReady) {
  std::promise<std::string> told;
  configure_log({.level = LogLevel::error, .write = [&](std::string_view line) { told.set_value(std::string(line)); }});
  {
    const auto node = open(1);
    ASSERT_TRUE(node && (*node)->deploy(documents(), {}));
    (*node)->start();
    ASSERT_TRUE(start(**node, "C-1"));
    const auto backend = make_backend(**node);
    while (!backend->health().ready) std::this_thread::yield();
    // Before that the store may not be the shard's yet, which would then take it from us.
    while (!role::show_instance((*node)->log(), (*node)->catalog(), "C-1")) std::this_thread::yield();
    ASSERT_TRUE((*node)->log().acquire({"monitor", log::PartitionId(0)}, log::Durability::checkpointed));
    ASSERT_TRUE(start(**node, "C-2"));
    EXPECT_THAT(told.get_future().get(), HasSubstr("baton: monitor/0 at its commit: store monitor/0: epoch "));
    while ((*node)->shards().fenced() == 0) std::this_thread::yield();
    EXPECT_FALSE(backend->health().ready);
  }
  configure_log({.level = LogLevel::off});
}

TEST(Durable, WhatIsShownIsSyncedFirst) {
  const auto log = log::open_memory({.auto_sync = false});
  ManualClock clock;
  role::Catalog catalog;
  Deployments deployments(*log, catalog, clock, 2);
  ASSERT_TRUE(deployments.load());
  ASSERT_TRUE(deployments.deploy({{"buy.yaml", flow::testing::flow_text("  - a: { set: { x: 1 } }\n")}}, {}));
  log::Commit commit;
  commit.appends.push_back({{log->find_topic("shop")->id, log::PartitionId(1)}, {"", "", "x", clock.now()}});
  const auto accepted = log->submit(std::move(commit));
  ASSERT_TRUE(accepted);
  ASSERT_LT(log->durable(), accepted->position);
  await_durable(*log, catalog, "shop/buy", "1.0.0");
  EXPECT_GE(log->durable(), accepted->position);
}

}  // namespace
}  // namespace baton::app
