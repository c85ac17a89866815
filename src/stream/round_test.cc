#include "stream/round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <map>
#include <string>

#include "log/memory/memory.h"
#include "stream/keys.h"
#include "stream/testing/processors.h"
#include "stream/writes.h"

namespace baton::stream {

// A test failure prints what a scan gave.
void PrintTo(const Timer& timer, std::ostream* out) {
  *out << timer.due.value << " " << timer.key;
}

namespace {

using Model = std::map<std::string, std::string>;

/// Few different keys, so that they meet; bytes from both ends of the range.
rc::Gen<std::string> keys() {
  return rc::gen::resize(3, rc::gen::container<std::string>(rc::gen::element('a', 'b', '\xff', '\0')));
}

TEST(Keys, TimersStandInTheOrderOfTheirTimes) {
  rc::check([](Millis a, Millis b, const std::string& key) {
    RC_ASSERT((timer_key(Instant(a), key) < timer_key(Instant(b), key)) == (a < b));
    const Timer back = timer_of(timer_key(Instant(a), key));
    RC_ASSERT(back.due == Instant(a));
    RC_ASSERT(back.key == key);
    RC_ASSERT(timer_key(Instant(a), key) < timers_end());
    RC_ASSERT(state_key(key) < timer_key(Instant(std::numeric_limits<Millis>::min()), ""));
  });
}

TEST(Writes, TheLastChangeOfAKeyStands) {
  rc::check([] {
    Writes writes;
    for (int round = 0; round < 2; ++round) {
      std::map<std::string, std::optional<std::string>> model;
      const auto sets = *rc::gen::container<std::vector<std::pair<std::string, bool>>>(
          rc::gen::pair(keys(), rc::gen::arbitrary<bool>()));
      for (const auto& [key, erase] : sets) {
        const std::optional<std::string> value = erase ? std::nullopt : std::optional(std::to_string(model.size()));
        writes.set(state_key(key), value);
        model[key] = value;
      }
      for (const auto& [key, value] : model) RC_ASSERT(writes.find(kStatePrefix, key)->value == value);
      RC_ASSERT(writes.find(kTimerPrefix, "a") == nullptr);
      RC_ASSERT(writes.take().size() == model.size());
      RC_ASSERT(writes.empty());
    }
  });
}

TEST(Writes, GrowWithTheRoundAndKeepTheOrderOfFirstWriting) {
  Writes writes;
  for (int i = 0; i < 20'000; ++i) writes.set("s" + std::to_string(i % 10'000), std::to_string(i));
  EXPECT_EQ(writes.find('s', "9999")->value, "19999");
  const auto changes = writes.take();
  ASSERT_EQ(changes.size(), 10'000u);
  EXPECT_EQ(changes[7].key, "s7");
  EXPECT_EQ(writes.find('s', "9999"), nullptr);
}

/// A store with committed pairs, and a round over it.
struct Fixture {
  Fixture() : log(log::open_memory()), round(*log) {
    owner = log->acquire({"p", log::PartitionId(0)}, log::Durability::journaled).value();
    begin();
  }
  void begin() { round.begin(owner, log::PartitionId(0), log::Durability::journaled, Instant(0), 1u << 20); }
  void commit() {
    log::Commit commit = round.take_commit();
    commit.owner = owner;
    ASSERT_TRUE(log->submit(std::move(commit)).has_value());
    begin();
  }
  std::unique_ptr<log::MemoryLog> log;
  log::Owner owner;
  Round round;
};

TEST(Round, ReadsAndScansSeeTheStoreWithTheRoundsWritesOverIt) {
  rc::check([] {
    Fixture f;
    Model model;
    for (int round = 0; round < 2; ++round) {
      const auto edits = *rc::gen::container<std::vector<std::pair<std::string, bool>>>(
          rc::gen::pair(keys(), rc::gen::arbitrary<bool>()));
      for (const auto& [key, erase] : edits) {
        if (erase) {
          f.round.erase(key);
          model.erase(key);
        } else {
          f.round.put(key, "v" + key + std::to_string(round));
          model[key] = "v" + key + std::to_string(round);
        }
      }
      if (round == 0) f.commit();
    }
    const std::string prefix = *keys();
    const std::string after = *keys();
    const auto limit = *rc::gen::inRange<std::size_t>(0, 6);
    Model expected;
    for (const auto& [key, value] : model) {
      const bool in = key.starts_with(prefix) && (after.empty() || key > after);
      if (in && expected.size() < limit) expected[key] = value;
    }
    Model found;
    std::vector<std::string> order;
    for (const log::Pair& pair : f.round.scan(prefix, after, limit)) {
      found[pair.key] = pair.value;
      order.push_back(pair.key);
    }
    RC_ASSERT(found == expected);
    RC_ASSERT(std::ranges::is_sorted(order));
    for (const auto& [key, value] : model) RC_ASSERT(f.round.get(key) == value);
  });
}

TEST(Round, TimersOfTheRoundAndOfTheStoreComeInOneOrder) {
  Fixture f;
  f.round.arm(Instant(-5), "a");
  f.round.arm(Instant(10), "b");
  f.round.arm(Instant(20), "c");
  f.round.put("t", "no timer");
  f.commit();
  f.round.disarm(Instant(10), "b");
  f.round.arm(Instant(7), "d");
  EXPECT_EQ(f.round.armed(), Instant(7));
  std::string order;
  for (const Timer& timer : f.round.timers({Instant(-100), ""}, Instant(19), 10)) order += timer.key;
  EXPECT_EQ(order, "ad");
  EXPECT_EQ(f.round.first_timer_after(Instant(7)).value().due, Instant(20));
  EXPECT_FALSE(f.round.take_timer({Instant(10), "b"}));
  EXPECT_TRUE(f.round.take_timer({Instant(20), "c"}));
  EXPECT_FALSE(f.round.first_timer_after(Instant(7)).has_value());
}

TEST(Round, AnEventGoesToThePartitionOfItsKey) {
  Fixture f;
  const log::Topic topic = f.log->open_topic({.name = "out", .partitions = 7}).value();
  event::Event event = testing::make_event("id", Instant(42), "");
  event.correlationid = "loan-1";
  f.round.at(Instant(4711));  // by which flows' clocks go, whatever the event says
  f.round.publish("out", event);
  event.partitionkey = "customer-9";  // the producer's own: moves nothing
  f.round.publish("out", event);
  event.correlationid.clear();
  f.round.publish("out", event);
  const log::Commit commit = f.round.take_commit();
  ASSERT_EQ(commit.appends.size(), 3u);
  EXPECT_EQ(commit.appends[0].to, (log::TopicPartition{topic.id, log::partition_of("loan-1", 7)}));
  EXPECT_EQ(commit.appends[1].to, (log::TopicPartition{topic.id, log::partition_of("loan-1", 7)}));
  EXPECT_EQ(commit.appends[2].to, (log::TopicPartition{topic.id, log::partition_of("id", 7)}));
  EXPECT_EQ(commit.appends[0].record.time, Instant(4711));
}

TEST(RoundDeathTest, PublishingToATopicThatIsNotThereIsABug) {
  Fixture f;
  EXPECT_DEATH(f.round.publish("nowhere", testing::make_event("id", Instant(0))),
               ::testing::HasSubstr("found.has_value"));
}

}  // namespace
}  // namespace baton::stream
