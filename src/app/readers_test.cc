// Every reader of a node, while what it reads is replaced. Says most under ASan and TSan.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "app/backend.h"
#include "app/node.h"
#include "flow/testing/fixture.h"

namespace baton::app {
namespace {

using flow::testing::contract_text;
using flow::testing::flow_text;

constexpr int kFlows = 24;
constexpr int kVersions = 4;

std::string flow_of(int number, int version) {
  std::string text = flow_text("  - place: { call: 'order.place:1.0.0@default', with: {} }\n");
  const auto set = [&](std::string_view from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  set("name: buy", "name: buy" + std::to_string(number));
  set("version: '1.0.0'", "version: '1.0." + std::to_string(version) + "'");
  return text;
}

class Readers : public ::testing::Test {
 protected:
  void SetUp() override {
    node_ = *Node::open({.data = {}, .shards = 1, .partitions = 2});
    Service order("order", "1.0.0");
    order.on("place", [](const std::map<std::string, boost::json::value>&) {});
    ASSERT_TRUE(node_->add(order));
    ASSERT_TRUE(node_->deploy({{"order.yaml", contract_text("order", "place", "placed")}}, {}));
    backend_ = make_backend(*node_);
    node_->start();
  }
  void TearDown() override {
    backend_.reset();
    node_.reset();
  }

  /// Asks, and waits for the answer.
  template <class T, class Ask>
  static Result<T> answer(Ask ask) {
    std::promise<Result<T>> promise;
    ask([&](Result<T> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }
  std::string start(int number) {
    auto started = answer<api::Started>(
        [&](auto done) { backend_->start({"shop/buy" + std::to_string(number), {}, "{}", {}}, std::move(done)); });
    EXPECT_TRUE(started) << (started ? "" : started.error_text());
    return started ? started->id : "";
  }
  /// Reads a whole page after another, from the beginning and from now on.
  void follow() {
    std::string cursor = api::kFollowFromStart;
    for (bool more = true; more;) {
      auto page = answer<api::FollowPage>([&](auto done) { backend_->poll(cursor, {}, 16, std::move(done)); });
      ASSERT_TRUE(page) << page.error_text();
      cursor = page->next;
      more = page->more && !over_;
    }
  }
  void ask_all() {
    const auto flows = answer<std::vector<api::FlowInfo>>([&](auto done) { backend_->flows(std::move(done)); });
    ASSERT_TRUE(flows) << flows.error_text();
    (void)answer<std::vector<api::ContractInfo>>([&](auto done) { backend_->contracts(std::move(done)); });
    if (!flows->empty()) {
      const api::FlowInfo& last = flows->back();
      auto views = answer<std::vector<api::View>>(
          [&](auto done) { backend_->project(last.flow, last.version, "", std::move(done)); });
      EXPECT_TRUE(views) << views.error_text();
    }
    const auto page = answer<api::InstancePage>([&](auto done) { backend_->instances({}, std::move(done)); });
    ASSERT_TRUE(page) << page.error_text();
    for (const api::InstanceSummary& one : page->instances) {
      (void)answer<api::InstanceDetail>([&](auto done) { backend_->instance(one.id, "", std::move(done)); });
    }
    (void)backend_->health();
  }

  std::unique_ptr<Node> node_;
  std::unique_ptr<api::Backend> backend_;
  std::atomic<bool> over_ = false;
};

TEST_F(Readers, GoOnWhileFlowsAreDeployedAndRun) {
  std::vector<std::thread> readers;
  std::atomic<int> rounds = 0;
  const auto reader = [&](auto read) {
    readers.emplace_back([this, &rounds, read] {
      do {
        read();
        ++rounds;
      } while (!over_);
    });
  };
  for (int i = 0; i < 2; ++i) reader([this] { follow(); });
  reader([this] { ask_all(); });
  auto watch = backend_->subscribe([] {});
  for (int version = 0; version < kVersions; ++version) {
    for (int number = 0; number < kFlows; ++number) {
      const auto deployed = node_->deploy({{"buy.yaml", flow_of(number, version)}}, {});
      ASSERT_TRUE(deployed && deployed->accepted());
      if (number % 4 == 0) start(number);
    }
  }
  over_ = true;
  for (std::thread& one : readers) one.join();
  EXPECT_GE(rounds, 3);
}

}  // namespace
}  // namespace baton::app
