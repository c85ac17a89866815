#include "role/fold.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.h"
#include "role/monitor/stores.h"
#include "role/testing/bare_context.h"
#include "role/testing/shop.h"

namespace baton::role {
namespace {

using namespace testing;
using flow::Strategy;

constexpr Millis kDay = 86'400'000;

/// Says what it is told: "began C-1", "stepped C-1", "ended C-1", "refused C-1: …".
class Telling final : public Folder {
 public:
  std::string told;
  void stepped(Live& live, const event::Event&, engine::Taken, bool began, const engine::Effects&,
               stream::Context&) override {
    tell((began                                 ? "began "
          : engine::ended(live.instance.status) ? "ended "
                                                : "stepped ") +
         live.instance.id.correlation);
  }
  void refused(const event::Event& event, std::string_view, Refused reason, std::string_view,
               stream::Context&) override {
    tell("refused " + event.correlationid + ": " + std::string(to_string(reason)));
  }
  void tell(const std::string& what) { told += (told.empty() ? "" : "\n") + what; }
};

class FoldTest : public ::testing::Test {
 protected:
  void use(std::shared_ptr<const flow::Program> program) {
    auto registry = std::make_shared<Registry>(catalog.snapshot().copy());
    registry->flows[{program->full_name(), program->version}] = {program, {}};
    catalog.replace(registry);
    event::Event deploy = World::outside("io.baton.flow.deployed.v1", "", "null", "d");
    deploy.kind = "deploy";
    deploy.flowname = program->full_name();
    deploy.flowversion = program->version;
    read(deploy);
  }
  void read(event::Event event) {
    event.time = context.time;
    fold().on_event({{}, "shop", log::Offset(0), event}, context);
  }
  void reply(const std::string& id, const std::string& task, const std::string& type) {
    event::Event event = World::outside("com.example." + type + ".v1", id, "{}", id + task);
    event.flowname = "shop/buy";
    event.flowversion = "1.0.0";
    event.flowtask = task + "#0.0";
    read(event);
  }
  Fold& fold() {
    if (!fold_)
      fold_ =
          std::make_unique<Fold>(catalog, [](const Deployed& deployed) { return deployed.program; }, folder, options);
    return *fold_;
  }
  /// As after a restart: nothing in memory.
  void forget() { fold_.reset(); }
  std::size_t instances() { return context.scan("i", "", 10'000).size(); }

  Catalog catalog;
  FoldOptions options = [] {
    FoldOptions a_day;
    a_day.retention_ms = kDay;
    return a_day;
  }();
  Telling folder;
  BareContext context;
  FoldTest() { context.time = Instant(1'700'000'000'000); }

 private:
  std::unique_ptr<Fold> fold_;
};

const std::string kTwo =
    "  - place: { call: 'order.place:1.0.0@default' }\n  - tell: { call: 'email.send:1.0.0@default' }\n";

TEST_F(FoldTest, FoldsOneInstanceFromItsEvents) {
  use(shop(Strategy::orchestration, kTwo));
  read(cart("C-1"));
  reply("C-1", "/do/0/place", "order.placed");
  reply("C-1", "/do/1/tell", "email.sent");
  EXPECT_EQ(folder.told, "began C-1\nstepped C-1\nended C-1");
}

TEST_F(FoldTest, WritesNothingOfWhatBeganAndEndedInOneRoundButATombstone) {
  use(shop(Strategy::orchestration, "  - note: { call: 'log.write:1.0.0@default' }\n"));
  read(cart("C-1"));
  fold().flush(context);
  EXPECT_EQ(context.get(instance_key({"shop/buy", "C-1"})), "E");
}

TEST_F(FoldTest, ReadsBackWhatIsNotInMemory) {
  options.instances_max = 2;
  use(shop(Strategy::orchestration, kTwo));
  for (int i = 0; i < 10; ++i) read(cart("C-" + std::to_string(i)));
  fold().flush(context);
  folder.told.clear();
  reply("C-0", "/do/0/place", "order.placed");
  fold().flush(context);
  forget();
  reply("C-0", "/do/1/tell", "email.sent");
  EXPECT_EQ(folder.told, "stepped C-0\nended C-0");
}

TEST_F(FoldTest, WhatCannotBeReadIsNamedAndHarmsNoOther) {
  use(shop(Strategy::orchestration, kTwo));
  read(cart("C-1"));
  read(cart("C-2"));
  fold().flush(context);
  forget();
  const std::string key = instance_key({"shop/buy", "C-1"});
  context.put(key, context.get(key)->substr(0, 20));
  folder.told.clear();
  reply("C-1", "/do/0/place", "order.placed");
  reply("C-2", "/do/0/place", "order.placed");
  EXPECT_EQ(folder.told, "stepped C-2");
  ASSERT_EQ(context.failed.size(), 1U);
  EXPECT_NE(context.failed[0].find("C-1"), std::string::npos) << context.failed[0];
}

TEST_F(FoldTest, SaysWhyItRefuses) {
  use(shop(Strategy::orchestration, kTwo));
  reply("C-1", "/do/0/place", "order.placed");
  event::Event unknown = World::outside("com.example.order.placed.v1", "C-2", "{}");
  unknown.flowname = "shop/buy";
  unknown.flowversion = "7.0.0";
  read(unknown);
  read(World::outside("com.example.nobody.knows.v1", "C-3", "{}"));
  EXPECT_EQ(folder.told,
            "refused C-1: no instance has this id, and the event starts none\n"
            "refused C-2: this version of the flow is not deployed\n"
            "refused C-3: no instance listens for it");
}

TEST_F(FoldTest, ForgetsWhoHasEndedAfterADay) {
  use(shop(Strategy::orchestration, "  - note: { call: 'log.write:1.0.0@default' }\n"));
  for (int i = 0; i < 3; ++i) {
    read(cart("C-" + std::to_string(i)));
    fold().flush(context);
    context.time = context.time + 1'000;
  }
  read(cart("C-0"));
  EXPECT_TRUE(folder.told.ends_with("refused C-0: a second start of the same instance")) << folder.told;
  fold().flush(context);
  EXPECT_EQ(instances(), 3u);
  context.time = context.time + kDay;
  read(cart("C-9"));
  fold().flush(context);
  EXPECT_EQ(instances(), 1u);
  EXPECT_EQ(context.scan("b", "", 100).size(), 1u);
}

TEST_F(FoldTest, LetsAViewGoOnceItsFlowIsOver) {
  flow::Program slice = *shop(Strategy::choreography, kTwo);
  slice.slice = flow::Program::Slice{"email", {"com.example.order.placed.v1", "com.example.cart.filled.v1"}, true};
  use(std::make_shared<const flow::Program>(slice));
  bool over = false;
  catalog.set_over([&](const engine::InstanceId& instance) { return over && instance.correlation == "C-1"; });
  read(cart("C-1"));
  fold().flush(context);
  EXPECT_EQ(instances(), 1u);
  const auto days = [&](int count) {
    for (int day = 0; day < count; ++day) {
      context.time = context.time + kDay + 61'000;
      fold().flush(context);
    }
  };
  days(400);
  EXPECT_EQ(instances(), 1u) << "age alone is no evidence";
  over = true;
  days(2);
  EXPECT_EQ(instances(), 0u);
}

TEST_F(FoldTest, KeepsAViewThatATimerWillWake) {
  flow::Program slice = *shop(Strategy::choreography, "  - nap: { wait: P50D }\n" + kTwo);
  slice.slice = flow::Program::Slice{"order", {"com.example.order.placed.v1", "com.example.cart.filled.v1"}, true};
  use(std::make_shared<const flow::Program>(slice));
  catalog.set_over([](const engine::InstanceId&) { return true; });
  read(cart("C-1"));
  for (int day = 0; day < 79; ++day) {
    fold().flush(context);
    context.time = context.time + kDay + 61'000;
  }
  EXPECT_EQ(instances(), 1u);
  for (int day = 0; day < 5; ++day) {
    fold().flush(context);
    context.time = context.time + kDay + 61'000;
  }
  EXPECT_EQ(instances(), 0u);
}

TEST_F(FoldTest, AViewsTombstoneStaysADayHoweverLongTheInstanceRan) {
  flow::Program slice = *shop(Strategy::choreography, "  - note: { call: 'log.write:1.0.0@default' }\n" + kTwo);
  slice.slice = flow::Program::Slice{"email", {"com.example.order.placed.v1", "com.example.cart.filled.v1"}, true};
  use(std::make_shared<const flow::Program>(slice));
  read(cart("C-1"));
  fold().flush(context);
  const auto pass = [&](Millis ms) {
    context.time = context.time + ms;
    fold().flush(context);
  };
  pass(kDay - 1'000);
  fold().close({"shop/buy", "C-1"}, context);
  pass(100'000);
  EXPECT_EQ(context.get(instance_key({"shop/buy", "C-1"})), "E");
  pass(kDay);
  EXPECT_EQ(instances(), 0u);
}

/// A view that begins in the middle of the flow, and may so hear of a suspension before it has an instance.
class HeldTest : public FoldTest {
 protected:
  HeldTest() {
    flow::Program slice = *shop(Strategy::choreography, kTwo);
    slice.slice = flow::Program::Slice{"email", {"com.example.order.placed.v1", "com.example.email.sent.v1"}, false};
    // Without the start there is no data for what others are asked: a projection has let it go.
    std::get<flow::Call>(slice.tasks[slice.find("/do/0/place")->id.value].body).request_schema.reset();
    program_ = std::make_shared<const flow::Program>(slice);
    use(program_);
  }
  void control(const std::string& action) { read(World::control(*program_, "C-1", action)); }
  void place() { reply("C-1", "/do/0/place", "order.placed"); }

 private:
  std::shared_ptr<const flow::Program> program_;
};

TEST_F(HeldTest, BeginsWhenItIsResumed) {
  control("suspend");
  place();
  control("suspend");
  control("nonsense");
  EXPECT_EQ(folder.told, "");
  control("resume");
  EXPECT_EQ(folder.told, "began C-1");
  reply("C-1", "/do/1/tell", "email.sent");
  EXPECT_EQ(folder.told, "began C-1\nended C-1");
}

TEST_F(HeldTest, IsHeldAgainWhenItIsSuspendedAgain) {
  control("suspend");
  control("resume");
  control("suspend");
  place();
  EXPECT_EQ(folder.told, "");
  control("resume");
  EXPECT_EQ(folder.told, "began C-1");
}

TEST_F(HeldTest, OnceItHasBegunControlsAreTheInstances) {
  control("suspend");
  place();
  control("resume");
  control("suspend");
  control("cancel");
  EXPECT_EQ(folder.told, "began C-1\nstepped C-1\nended C-1");
}

TEST_F(HeldTest, IsOverWhenItIsCancelledMeanwhile) {
  control("suspend");
  place();
  control("cancel");
  control("resume");
  place();
  EXPECT_EQ(folder.told, "refused C-1: the instance has ended\nrefused C-1: the instance has ended");
}

TEST_F(HeldTest, KeepsWhatItHoldsOverARestart) {
  control("suspend");
  place();
  fold().flush(context);
  forget();
  control("resume");
  EXPECT_EQ(folder.told, "began C-1");
}

TEST_F(FoldTest, KeepsARunningInstanceOfTheWholeHoweverLongItTakes) {
  use(shop(Strategy::orchestration, kTwo));
  read(cart("C-1"));
  fold().flush(context);
  context.time = context.time + 400 * kDay;
  fold().flush(context);
  forget();
  folder.told.clear();
  reply("C-1", "/do/0/place", "order.placed");
  EXPECT_EQ(folder.told, "stepped C-1");
}

TEST_F(FoldTest, StartsEveryFlowThatAnEventStarts) {
  use(shop(Strategy::orchestration, kTwo));
  const auto compiled =
      flow::testing::compile_text("document:\n  dsl: '1.0.3'\n  namespace: shop\n  name: count\n  version: '1.0.0'\n" +
                                      kStartsOnCart + "do:\n" + kTwo,
                                  flow::testing::shop_contracts(), {Strategy::orchestration});
  ASSERT_NE(compiled.program, nullptr) << compiled.text();
  use(compiled.program);
  read(cart("C-1"));
  EXPECT_EQ(folder.told, "began C-1\nbegan C-1");
  fold().flush(context);
  EXPECT_EQ(instances(), 2u);
}

TEST_F(FoldTest, WantsOnlyWhatMayMoveAnInstance) {
  use(shop(Strategy::orchestration, kTwo));
  const auto wants = [&](event::Event event) { return fold().wants(event::encode(event).headers, false); };
  EXPECT_TRUE(wants(cart("C-1")));
  EXPECT_FALSE(wants(World::outside("com.example.other.v1", "C-1", "{}")));
  event::Event stamped = World::outside("com.example.order.placed.v1", "C-1", "{}");
  stamped.flowname = "shop/other";
  EXPECT_FALSE(wants(stamped));
  stamped.kind = "deploy";
  EXPECT_TRUE(wants(stamped));
  stamped.kind = "command";
  EXPECT_FALSE(wants(stamped));
}

TEST(Keys, StandInTheOrderOfTime) {
  const Instant times[] = {Instant(-5), Instant(0), Instant(1), Instant(1'700'000'000'000)};
  std::string before, before_inverted(9, '\xff');
  for (const Instant time : times) {
    std::string key, inverted;
    append_time(key, time);
    append_time_inverted(inverted, time);
    EXPECT_LT(before, key);
    EXPECT_GT(before_inverted, inverted);
    EXPECT_EQ(read_time(key), time);
    EXPECT_EQ(read_time_inverted(inverted), time);
    before = key;
    before_inverted = inverted;
  }
}

}  // namespace
}  // namespace baton::role
