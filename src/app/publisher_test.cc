#include "app/publisher.h"

#include <gtest/gtest.h>

#include "flow/testing/fixture.h"
#include "log/memory/memory.h"

namespace baton::app {
namespace {

class PublisherTest : public ::testing::Test {
 protected:
  struct Fixed final : Clock {
    Instant now() const override { return Instant(1'700'000'000'000); }
  };
  void SetUp() override {
    ASSERT_TRUE(deployments.load());
    const auto result =
        deployments.deploy({{"cart.yaml", flow::testing::publisher_text("cart", "com.example.cart.filled.v1")}}, {});
    ASSERT_TRUE(result && result->accepted());
  }
  std::string publish(PublishOptions options) {
    options.correlation_id = "C-1";
    const auto published = publisher.publish("com.example.cart.filled.v1", "{}", std::move(options));
    return published ? "published" : published.error().detail;
  }
  /// The last event of the topic.
  event::Event last() {
    const log::Topic topic = *log->find_topic("shop");
    event::Event event;
    for (std::int32_t p = 0; p < topic.spec.partitions; ++p) {
      const auto batch = log->read({topic.id, log::PartitionId(p)}, log::Offset(0), 1 << 20, log::Isolation::accepted);
      if (batch && !batch->records.empty()) {
        const auto& record = batch->records.back();
        event = *event::decode(record.headers, record.value, Instant(0));
      }
    }
    return event;
  }

  Fixed clock;
  std::unique_ptr<log::MemoryLog> log = log::open_memory();
  role::Catalog catalog;
  Deployments deployments{*log, catalog, clock, 2};
  Acks acks{*log};
  Intake intake{*log, catalog, deployments, clock, acks};
  IntakePublisher publisher{intake, clock, "/cart"};
};

TEST_F(PublisherTest, ATraceContextThatIsNoneIsPassedOver) {
  const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_EQ(publish({.id = "1", .traceparent = good}), "published");
  EXPECT_EQ(last().traceparent, good);
  EXPECT_EQ(publish({.id = "2", .traceparent = "\xff nonsense"}), "published");
  EXPECT_EQ(last().id, "2");
  EXPECT_EQ(last().traceparent, "");
}

TEST_F(PublisherTest, AttributesThatAreNoTextAreRefused) {
  EXPECT_EQ(publish({.subject = "a\xff"}), "attribute 'subject' is not UTF-8");
  EXPECT_EQ(publish({.id = "a\nb"}), "attribute 'id' has control characters");
}

}  // namespace
}  // namespace baton::app
