#include "app/intake.h"

#include <gtest/gtest.h>

#include "event/event.h"
#include "flow/testing/fixture.h"
#include "log/memory/memory.h"

namespace baton::app {
namespace {

class IntakeTest : public ::testing::Test {
 protected:
  struct Fixed final : Clock {
    Instant now() const override { return Instant(1'700'000'000'000); }
  };
  void SetUp() override { ASSERT_TRUE(deployments.load()); }
  void deploy(const std::string& flow_namespace) {
    const std::string text = "document: { dsl: '1.0.3', namespace: " + flow_namespace +
                             ", name: nap, version: '1.0.0' }\n"
                             "schedule: { on: { one: { with: { type: com.example.nap.v1 } } } }\n"
                             "do: [ { nap: { set: { slept: true } } } ]\n";
    const auto result = deployments.deploy({{flow_namespace + ".yaml", text}}, flow::Strategy::orchestration);
    ASSERT_TRUE(result && result->accepted());
  }
  static event::Event nap() {
    event::Event e;
    e.id = "1";
    e.source = "/test";
    e.type = "com.example.nap.v1";
    return e;
  }
  /// The events of that type in the topic; all of them must be CloudEvents.
  std::vector<event::Event> naps_in(const std::string& topic) const { return events_in(topic, nap().type); }
  std::vector<event::Event> events_in(const std::string& topic, const std::string& type) const {
    std::vector<event::Event> found;
    const log::Topic known = *log->find_topic(topic);
    for (std::int32_t p = 0; p < known.spec.partitions; ++p) {
      const log::TopicPartition from{known.id, log::PartitionId(p)};
      const auto batch = log->read(from, log->first(from), 1 << 20, log::Isolation::accepted);
      if (!batch) continue;
      for (const log::RecordView& record : batch->records) {
        auto event = event::decode(record.headers, record.value, record.time);
        EXPECT_TRUE(event) << event.error_text();
        if (event && event->type == type) found.push_back(*std::move(event));
      }
    }
    return found;
  }

  Fixed clock;
  std::unique_ptr<log::MemoryLog> log = log::open_memory();
  role::Catalog catalog;
  Deployments deployments{*log, catalog, clock, 2};
  Acks acks{*log};
  Intake intake{*log, catalog, deployments, clock, acks};
};

TEST_F(IntakeTest, ARecordsTimeIsTheDoorsWhateverTheEventSays) {
  deploy("office");
  event::Event late = nap();
  late.time = Instant(1'000);
  ASSERT_TRUE(intake.append({late}));
  const auto found = naps_in("office");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].time, Instant(1'000));
  EXPECT_EQ(found[0].at(), clock.now());
}

TEST_F(IntakeTest, AnEventWithoutAContractIsAppendedOnceForTheMatcherToBringItToAll) {
  deploy("office");
  deploy("audit");
  ASSERT_TRUE(intake.append({nap()}));
  EXPECT_EQ(naps_in("office").size() + naps_in("audit").size(), 1u);
}

TEST_F(IntakeTest, AReplyGoesToTheLogsOfTheFlowsThatCall) {
  const std::string reply = "com.example.order.placed.v1";
  std::vector<SourceDocument> documents = {
      {"order.yaml", flow::testing::contract_text("order", "place", "placed", "orders")}};
  for (const std::string name : {"office", "shop", "other"}) {
    std::string text = flow::testing::flow_text(name == "other" ? "  - nap: { wait: PT1S }\n"
                                                                : "  - place: { call: 'order.place:1.0.0@default' }\n");
    text.replace(text.find("namespace: shop"), 15, "namespace: " + name);
    documents.push_back({name + ".yaml", text});
  }
  const auto result = deployments.deploy(documents, flow::Strategy::orchestration);
  ASSERT_TRUE(result && result->accepted());
  event::Event answer = nap();
  answer.type = reply;
  answer.data = json::Data::from_text("{}");
  ASSERT_TRUE(intake.append({answer}));
  EXPECT_EQ(events_in("orders", reply).size(), 1U) << "it answers nobody: where the contract says";
  answer.correlationid = "C-1";
  ASSERT_TRUE(intake.append({answer}));
  EXPECT_EQ(events_in("office", reply).size() + events_in("shop", reply).size(), 2U);
  answer.flowname = "office/buy";
  ASSERT_TRUE(intake.append({answer}));
  EXPECT_EQ(events_in("office", reply).size(), 2U);
  EXPECT_EQ(events_in("shop", reply).size(), 1U);
  EXPECT_EQ(events_in("other", reply).size(), 0U);
  EXPECT_EQ(events_in("orders", reply).size(), 1U);
}

// Who brings an event where marks it so: not for anybody outside to say.
TEST_F(IntakeTest, TakesNoMarkOfBatonsFromOutside) {
  deploy("office");
  event::Event marked = nap();
  marked.extensions = {{"batonorigin", "{}"}, {"colour", "red"}};
  ASSERT_TRUE(intake.append({marked}));
  const auto naps = naps_in("office");
  ASSERT_EQ(naps.size(), 1u);
  EXPECT_EQ(naps[0].extensions, (std::vector<event::Extension>{{"colour", "red"}}));
}

}  // namespace
}  // namespace baton::app
