#include "log/local/local.h"
#include "base/testing/source_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "log/local/frame.h"
#include "log/testing/local_fixture.h"
#include "log/testing/scratch_folder.h"

namespace baton::log {
namespace {

using ::testing::HasSubstr;
using testing::kZero;
using testing::LocalLogTest;
using testing::Loss;
using testing::must;
using testing::ScratchFolder;

// --- space

TEST_F(LocalLogTest, SegmentsThatNothingNeedsAreUsedAnew) {
  open();
  const TopicPartition loans = topic("loans", 1000);
  for (int round = 0; round < 12; ++round) {
    append_synced(loans, 0, 60);  // a segment's worth
    clock.advance(5000);
    ASSERT_TRUE(log->maintain());
    ASSERT_TRUE(log->checkpoint());
  }
  EXPECT_LE(world.names().size(), 5U);
  EXPECT_EQ(log->end(loans, Isolation::accepted), Offset(720));
  EXPECT_GT(log->first(loans), Offset(600));
  append_synced(loans, 720, 725);
  kill();
  open();
  EXPECT_EQ(log->end(loans, Isolation::accepted), Offset(725));
  EXPECT_EQ(must(log->read(loans, Offset(724), 1, Isolation::durable)).records.at(0).value, numbered(724));
}

TEST_F(LocalLogTest, ASegmentStaysAsLongAsOneTopicNeedsIt) {
  open();
  const TopicPartition shortly = topic("shortly", 1000);
  const TopicPartition forever = topic("forever");
  append(forever, "kept");
  append_synced(shortly, 0, 200);
  clock.advance(5000);
  ASSERT_TRUE(log->maintain());
  ASSERT_TRUE(log->checkpoint());
  EXPECT_EQ(must(log->read(forever, Offset(0), 1, Isolation::durable)).records.at(0).value, "kept");
  kill();
  open();
  EXPECT_EQ(must(log->read(forever, Offset(0), 1, Isolation::durable)).records.at(0).value, "kept");
}

TEST_F(LocalLogTest, ACheckpointOnAFullDiskFailsAndIsMadeUpForLater) {
  open();
  const Owner owner = must(log->acquire({"o", kZero}, Durability::journaled));
  (void)must(log->submit({.owner = owner, .changes = {{"a", "1"}}}));
  log->sync();
  world.script(testing::Fault::full, 0);
  EXPECT_EQ(log->checkpoint().error().code, Code::out_of_space);
  (void)must(log->submit({.owner = owner, .changes = {{"a", "2"}, {"b", "2"}}}));
  EXPECT_EQ(must(log->get(owner, "a")), "2");
  ASSERT_TRUE(log->checkpoint());
  EXPECT_EQ(must(log->get(owner, "a")), "2");
  kill(Loss::all);
  open();
  EXPECT_EQ(must(log->get(owner, "a")), "2");
  EXPECT_EQ(must(log->get(owner, "b")), "2");
}

TEST_F(LocalLogTest, TooMuchUnsyncedIsAnsweredWithBusy) {
  LocalOptions small = options();
  small.unsynced_bytes_max = 10'000;
  log = must(open_local("simulated", small));
  const TopicPartition loans = topic("loans");
  int accepted = 0;
  while (log->submit({.appends = {{loans, {.value = numbered(0)}}}})) ASSERT_LT(++accepted, 20);
  EXPECT_EQ(log->submit({.appends = {{loans, {.value = numbered(0)}}}}).error().code, Code::busy);
  log->sync();
  EXPECT_TRUE(log->submit({.appends = {{loans, {.value = numbered(0)}}}}));
}

TEST_F(LocalLogTest, ACommitOverHalfASegmentIsRefused) {
  open();
  const TopicPartition loans = topic("loans");
  const auto refused = log->submit({.appends = {{loans, {.value = std::string(40'000, 'x')}}}});
  EXPECT_EQ(refused.error().code, Code::too_large);
  append(loans, std::string(30'000, 'x'));
}

TEST_F(LocalLogTest, AFailingSyncIsFatal) {
  open();
  const TopicPartition loans = topic("loans");
  append(loans, "x");
  world.script(testing::Fault::sync_fails, 1);
  EXPECT_DEATH(log->sync(), ::testing::AllOf(::testing::HasSubstr("could not be made durable"),
                                             ::testing::HasSubstr("sync failed")));
  world.script(testing::Fault::none, 0);
}

TEST(LocalLog, ADiskWithoutRoomIsToldAndOpensOnceThereIsSome) {
  const testing::ScratchFolder folder;
  const auto before = signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  const rlimit small{1U << 20U, unlimited.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto refused = open_local(folder.path(), {.segment_bytes = 16U << 10U});
  setrlimit(RLIMIT_FSIZE, &unlimited);
  signal(SIGXFSZ, before);

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error_text(), ::testing::HasSubstr("must be free"));
  EXPECT_TRUE(open_local(folder.path(), {.segment_bytes = 16U << 10U}));
}

// --- state

TEST_F(LocalLogTest, AShortLivedKeyNeverReachesTheStateStore) {
  open();
  const Owner owner = must(log->acquire({"o", kZero}, Durability::journaled));
  (void)must(log->submit({.owner = owner, .changes = {{"stays", "1"}}}));
  ASSERT_TRUE(log->checkpoint());
  for (int i = 0; i < 100; ++i) {
    const std::string key = "timer" + std::to_string(i);
    (void)must(log->submit({.owner = owner, .changes = {{key, "x"}}}));
    (void)must(log->submit({.owner = owner, .changes = {{key, std::nullopt}}}));
  }
  const std::uint64_t before = log->stats().state_bytes;
  ASSERT_TRUE(log->checkpoint());
  EXPECT_EQ(log->stats().state_bytes, before);
}

TEST_F(LocalLogTest, GoesOnFromTheCheckpointWithoutReplayingWhatStandsBefore) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 100);
  ASSERT_TRUE(log->checkpoint());
  append_synced(loans, 100, 103);
  kill();
  open();
  EXPECT_EQ(log->opened().frames_replayed, 3U);
  EXPECT_EQ(must(log->read(loans, Offset(7), 1, Isolation::durable)).records.at(0).value, numbered(7));
}

TEST_F(LocalLogTest, LookingForKeysThatAreNowhereDoesNotFillTheMemory) {
  LocalOptions small = options();
  small.overlay_bytes_max = 10'000;
  log = must(open_local("simulated", small));
  const Owner owner = must(log->acquire({"o", kZero}, Durability::journaled));
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(must(log->get(owner, "nowhere" + std::to_string(i))), std::nullopt);
  EXPECT_TRUE(log->submit({.owner = owner, .changes = {{"a", "1"}}}));  // busy, had they been kept
}

// --- real files

static_assert(std::is_convertible_v<Result<std::unique_ptr<LocalLog>>, Result<std::unique_ptr<Log>>>);

TEST(LocalFolder, ASecondOpenIsRefusedAndNamesTheProcess) {
  const ScratchFolder folder;
  const auto log = must(open_local(folder.path()));
  const auto second = open_local(folder.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::busy);
  EXPECT_THAT(second.error_text(), HasSubstr("process " + std::to_string(::getpid())));
}

TEST(LocalFolder, CanBeOpenedAgainOnceClosed) {
  const ScratchFolder folder;
  must(open_local(folder.path())).reset();
  const auto log = must(open_local(folder.path()));
  EXPECT_FALSE(log->opened().created);
}

TEST(LocalFolder, TwoWritersAReaderAndCheckpointsAtTheSameTime) {
  const ScratchFolder folder;
  LocalOptions options{.segment_bytes = 256U << 10U, .recent_bytes = 64U << 10U};
  options.checkpoint_bytes = 128U << 10U;
  auto log = must(open_local(folder.path(), options));
  const TopicId loans = must(log->open_topic({.name = "loans", .partitions = 2})).id;
  constexpr int kCommits = 1500;
  const auto write = [&](std::int32_t number) {
    const Owner owner = must(log->acquire({"o", PartitionId(number)}, Durability::journaled));
    for (int i = 0; i < kCommits;) {
      const std::string text = std::to_string(i);
      const auto accepted =
          log->submit({.owner = owner,
                       .appends = {{{loans, PartitionId(number)}, {.value = text + std::string(200, '.')}}},
                       .changes = {{"last", text}, {"k" + std::to_string(i % 50), text}}});
      if (accepted) {
        ASSERT_EQ(must(log->get(owner, "last")), text);
        ++i;
      } else {
        ASSERT_EQ(accepted.error().code, Code::busy);
        std::this_thread::yield();
      }
    }
  };
  std::jthread first([&] { write(0); });
  std::jthread second([&] { write(1); });
  for (const std::int32_t p : {0, 1}) {
    for (Offset next; next < Offset(kCommits);) {
      const Batch batch = must(log->read({loans, PartitionId(p)}, next, 10'000, Isolation::durable));
      for (const RecordView& r : batch.records) {
        ASSERT_EQ(r.offset, next);
        ASSERT_TRUE(r.value.starts_with(std::to_string(next.value) + "."));
        next = next.next();
      }
    }
  }
  first.join();
  second.join();
  EXPECT_GT(log->stats().checkpoints, 0U);
  log->abandon();
  log.reset();
  log = must(open_local(folder.path(), options));
  const Owner owner = must(log->acquire({"o", kZero}, Durability::journaled));
  EXPECT_EQ(must(log->get(owner, "last")), std::to_string(kCommits - 1));
  EXPECT_EQ(must(log->scan(owner, "k", "l", 100)).size(), 50U);
}

/// Under TSan: the newest records are read from memory while more are written behind them.
TEST(LocalFolder, AReaderOfTheNewestRecordsMeetsTheirWriter) {
  const ScratchFolder folder;
  const auto log = must(open_local(folder.path()));
  const TopicPartition loans{must(log->open_topic({.name = "loans"})).id, kZero};
  constexpr int kCommits = 3000;
  const std::jthread writer([&] {
    for (int i = 0; i < kCommits; ++i) (void)must(log->submit({.appends = {{loans, {.value = std::to_string(i)}}}}));
  });
  for (Offset next; next < Offset(kCommits);) {
    for (const RecordView& r : must(log->read(loans, next, 10'000, Isolation::accepted)).records) {
      ASSERT_EQ(r.value, std::to_string(next.value));
      next = next.next();
    }
  }
}

/// A state store on a disk that is full until told otherwise; counts what it refuses.
class CrampedStore final : public local::StateStore {
 public:
  CrampedStore(std::unique_ptr<local::StateStore> store, std::atomic<bool>& full, std::atomic<int>& refused)
      : store_(std::move(store)), full_(full), refused_(refused) {}
  Result<std::optional<std::string>> get(std::string_view key) const override { return store_->get(key); }
  bool may_contain(std::string_view key) const override { return store_->may_contain(key); }
  std::unique_ptr<local::Cursor> scan(std::string_view from, std::string_view to) const override {
    return store_->scan(from, to);
  }
  Result<void> write(const local::StoreBatch& batch) override {
    if (!full_) return store_->write(batch);
    ++refused_;
    return Error{Code::out_of_space, "the test's disk is full"};
  }
  Result<void> flush() override { return store_->flush(); }

 private:
  const std::unique_ptr<local::StateStore> store_;
  std::atomic<bool>& full_;
  std::atomic<int>& refused_;
};

TEST_F(LocalLogTest, ADiskThatWasFullForLongIsToldAndHoldsUpNothingAfterwards) {
  std::atomic<bool> full = true;
  std::atomic<int> refused = 0;
  std::atomic<int> told = 0;
  int keys = 0;
  LocalOptions cramped;
  cramped.segment_bytes = 1U << 20U;
  cramped.overlay_bytes_max = 4U << 10U;
  cramped.checkpoint_again_ms = 1;
  cramped.maintain_every_ms = 0;
  cramped.disk = [&] { return world.disk(); };
  cramped.state = [&] { return std::make_unique<CrampedStore>(world.state(), full, refused); };
  cramped.on_error = [&](const Error& error) {
    EXPECT_THAT(error.text, HasSubstr("checkpoint: the test's disk is full"));
    ++told;
  };
  log = must(open_local("simulated", cramped));
  const Owner owner = must(log->acquire({"o", kZero}, Durability::journaled));
  const auto put = [&] { return log->submit({.owner = owner, .changes = {{std::to_string(++keys), "v"}}}); };
  Result<Accepted> accepted = put();
  while (accepted) accepted = put();
  EXPECT_EQ(accepted.error().code, Code::busy);
  log->sync();
  for (const int before = refused; refused < before + 3;) EXPECT_FALSE(put()) << "it is tried again all the while";
  full = false;
  while (!put()) std::this_thread::yield();
  EXPECT_EQ(told, 1);
  log.reset();
}

// --- the format's page

std::string example_of_the_page() {
  std::ifstream page(source_dir() + "/docs/formats/journal.md");
  std::stringstream text;
  text << page.rdbuf();
  const std::string all = text.str();
  const std::size_t begin = all.find("```hex\n") + 7;
  std::istringstream hex(all.substr(begin, all.find("```", begin) - begin));
  std::string bytes;
  for (std::string two; hex >> two;) bytes.push_back(static_cast<char>(std::stoi(two, nullptr, 16)));
  return bytes;
}

TEST(JournalFormat, ThePagesExampleIsARealFrame) {
  const std::string bytes = example_of_the_page();
  const auto frame = local::read_frame(bytes, 1, 4136);
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->head.position, Position(17));
  EXPECT_EQ(frame->head.lag, 2U);
  EXPECT_EQ(frame->head.bytes(), bytes.size());
  const auto commit = local::read_commit(*frame);
  ASSERT_TRUE(commit.has_value());
  EXPECT_EQ(commit->owner->store, 2U);
  EXPECT_EQ(commit->owner->epoch, Epoch(5));
  ASSERT_EQ(commit->groups.size(), 1U);
  EXPECT_EQ(commit->groups[0].base, Offset(41));
  std::string_view records = commit->groups[0].records;
  EXPECT_EQ(local::take_record(records, Offset(41))->value, "hello");
  std::vector<Consumed> consumed;
  std::vector<Change> changes;
  ASSERT_TRUE(local::read_effects(commit->rest, consumed, changes));
  EXPECT_EQ(consumed.at(0).next, Offset(8));
  EXPECT_EQ(changes.at(0).value, "new");
  EXPECT_EQ(changes.at(1).key, "t");
}

TEST(JournalFormat, AFrameIsWorthlessInAnotherPlaceOrSegment) {
  const std::string bytes = example_of_the_page();
  EXPECT_FALSE(local::read_frame(bytes, 1, 4140).has_value());
  EXPECT_FALSE(local::read_frame(bytes, 2, 4136).has_value());
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    std::string flipped = bytes;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(local::read_frame(flipped, 1, 4136).has_value()) << "bit " << i;
  }
}

}  // namespace
}  // namespace baton::log
