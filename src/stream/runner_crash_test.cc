// Crashes at random points of random histories: every record's effects stand exactly once, whatever came between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/hash.h"
#include "stream/testing/harness.h"
#include "stream/testing/processors.h"

namespace baton::stream {
namespace {

using testing::Harness;
using testing::make_event;

constexpr std::int32_t kPartitions = 3;

/// Uses everything a Context has. For every event "x": a count, a job, a timer, and out go "job-x" and "timer-x", once
/// each.
class Busy final : public Processor {
 public:
  bool wants(std::string_view, std::string_view) const override { return true; }

  void on_event(const Delivery& delivery, Context& context) override {
    const std::string& id = delivery.event.id;
    if (!count_) count_ = std::stoi(context.get("count").value_or("0"));
    ++*count_;
    EXPECT_FALSE(context.get("pending/" + id).has_value());
    const Instant never = context.now() + 60'000;
    context.put("pending/" + id, std::to_string(never.value));
    context.arm(never, "never-" + id);  // its outcome disarms it, long before
    start(id, context);
    context.arm(context.now() + static_cast<Millis>(fnv1a(id) % 50), id);
  }

  void on_timer(const Timer& timer, Context& context) override {
    EXPECT_FALSE(timer.key.starts_with("never-")) << timer.key;
    context.publish("out", make_event("timer-" + timer.key, context.now()));
  }

  void on_outcome(const Outcome& outcome, Context& context) override {
    const std::optional<std::string> pending = context.get("pending/" + outcome.key);
    ASSERT_TRUE(pending.has_value()) << "two outcomes of " << outcome.key;
    if (!outcome.ok) return start(outcome.key, context);
    context.disarm(Instant(std::stoll(*pending)), "never-" + outcome.key);
    context.erase("pending/" + outcome.key);
    context.publish("out", make_event("job-" + outcome.key, context.now()));
  }

  void restore(Context& context) override {
    std::string after;
    while (true) {
      const auto pairs = context.scan("pending/", after, 2);
      for (const log::Pair& pair : pairs) start(pair.key.substr(8), context);
      if (pairs.size() < 2) return;
      after = pairs.back().key;
    }
  }

  void flush(Context& context) override {
    if (count_) context.put("count", std::to_string(*count_));
    count_.reset();
  }

 private:
  void start(const std::string& id, Context& context) {
    const bool ok = ++tries_ % 4 != 0;
    context.run({id, [ok](const std::function<void(bool, std::string)>& done) { done(ok, ""); }});
  }
  std::optional<int> count_;  // kept for a round
  int tries_ = 0;
};

ProcessorSpec busy_spec() {
  ProcessorSpec spec;
  spec.name = "busy";
  spec.topics = {"in"};
  spec.jobs_max = 3;
  spec.make = [](log::PartitionId) { return std::make_unique<Busy>(); };
  return spec;
}

class History {
 public:
  explicit History(std::uint64_t seed)
      : seed_(seed), h_({.shards = 1 + seed % 2, .runner = {.round_records_max = 1 + seed % 5}}) {
    h_.topic("in", kPartitions);
    h_.topic("out", kPartitions);
    h_.add(busy_spec());
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) act();
    h_.log().refuse(Code::busy, 0);
    h_.settle();
    ASSERT_TRUE(h_.run_out());
    ASSERT_FALSE(h_.busy());
  }

  void check() {
    std::multiset<std::string> expected;
    std::map<std::int32_t, int> counts;
    for (const event::Event& event : h_.events("in")) {
      expected.insert("job-" + event.id);
      expected.insert("timer-" + event.id);
      ++counts[log::partition_of(event.key(), kPartitions).value];
    }
    std::multiset<std::string> found;
    for (const event::Event& event : h_.events("out")) found.insert(event.id);
    EXPECT_EQ(found, expected);
    for (const std::string& id : durable_) EXPECT_TRUE(expected.contains("job-" + id)) << id << " was lost";
    for (const auto& [partition, count] : counts) EXPECT_EQ(stored_count(partition), count);
  }

  std::size_t crashes() const { return crashes_; }

 private:
  std::uint64_t dice(std::uint64_t sides) { return (seed_ = mix(seed_)) % sides; }

  void act() {
    switch (dice(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return publish();
      case 4:
      case 5:
      case 6:
      case 7:
        h_.step();
        return;
      case 8:
      case 9:
        return sync(1 + dice(3));
      case 10:
        return sync(SIZE_MAX);
      case 11:
        h_.executor().run();
        return;
      case 12:
        h_.clock().advance(static_cast<Millis>(dice(30)));
        return;
      case 13:
        h_.log().refuse(dice(2) == 0 ? Code::busy : Code::out_of_space, dice(3));
        return;
      case 14:
        h_.step();
        h_.step();
        return;
      default:
        accepted_.clear();
        ++crashes_;
        return h_.crash();
    }
  }

  void publish() {
    const event::Event event = make_event("e" + std::to_string(++events_), h_.now());
    event::Encoded encoded = event::encode(event);
    log::Commit commit;
    commit.appends.push_back({{h_.log().find_topic("in")->id, log::partition_of(event.key(), kPartitions)},
                              {encoded.key, encoded.headers, encoded.value, event.time}});
    const auto accepted = h_.log().submit(std::move(commit));
    if (accepted) accepted_[accepted->position] = event.id;
  }

  void sync(std::size_t commits) {
    h_.log().sync(commits);
    const log::Position durable = h_.log().durable();
    for (; !accepted_.empty() && accepted_.begin()->first <= durable; accepted_.erase(accepted_.begin())) {
      durable_.insert(accepted_.begin()->second);
    }
  }

  int stored_count(std::int32_t partition) {
    const log::Owner owner =
        h_.log().acquire({"busy", log::PartitionId(partition)}, log::Durability::journaled).value();
    return std::stoi(h_.log().get(owner, "scount").value().value_or("0"));
  }

  std::uint64_t seed_;
  Harness h_;
  int events_ = 0;
  std::size_t crashes_ = 0;
  std::map<log::Position, std::string> accepted_;  // not durable yet
  std::set<std::string> durable_;
};

TEST(RunnerUnderCrashes, EveryEffectStandsExactlyOnce) {
  std::size_t crashes = 0;
  for (std::uint64_t seed = 1; seed <= 150 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(seed);
    history.run(200);
    history.check();
    crashes += history.crashes();
  }
  EXPECT_GT(crashes, 500u);
}

/// One fixed history, cut off after each of its commits in turn.
TEST(RunnerUnderCrashes, ACutAfterAnyCommitChangesNothingInTheEnd) {
  std::size_t cuts = 0;
  for (std::size_t keep = 0;; ++keep, ++cuts) {
    Harness h({.runner = {.round_records_max = 2}});
    h.topic("in");
    h.topic("out");
    h.add(busy_spec());
    for (int i = 0; i < 7; ++i) h.publish("in", make_event("e" + std::to_string(i), h.now()));
    std::size_t synced = 0;
    bool over = false;
    for (int quiet = 0; synced < keep && !over;) {
      const bool moved = h.step() > 0 || h.executor().run() > 0;
      if (h.busy()) {
        h.log().sync(1);
        ++synced;
        quiet = 0;
      } else if (!moved && ++quiet > 2) {
        over = true;
      }
    }
    h.crash();
    ASSERT_TRUE(h.run_out());
    std::set<std::string> out;
    const auto events = h.events("out");
    for (const event::Event& event : events)
      EXPECT_TRUE(out.insert(event.id).second) << event.id << " twice, cut " << keep;
    for (int i = 0; i < 7; ++i) {
      EXPECT_TRUE(out.contains("job-e" + std::to_string(i))) << keep;
      EXPECT_TRUE(out.contains("timer-e" + std::to_string(i))) << keep;
    }
    if (over) break;
  }
  EXPECT_GT(cuts, 5u);
}

}  // namespace
}  // namespace baton::stream
