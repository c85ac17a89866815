// Damage is found, named, told apart from a crash's torn tail, and never served.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/hash.h"
#include "log/testing/local_fixture.h"

namespace baton::log {
namespace {

using ::testing::HasSubstr;
using testing::LocalLogTest;
using testing::Loss;
using testing::must;

TEST_F(LocalLogTest, DamageInTheMiddleOfTheJournalIsRefusedAtStartAndNamed) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 10);
  kill();
  segment(1)[place_of(4) + 500] ^= 1;
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::corrupt);
  EXPECT_THAT(opened.error_text(), HasSubstr("journal/0000000000000001.segment at byte "));
  EXPECT_THAT(opened.error_text(), HasSubstr("frames after it are whole"));
}

TEST_F(LocalLogTest, AZeroedPageInTheMiddleIsRefusedToo) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 20);
  kill();
  const std::size_t page = place_of(4) / 4096 * 4096 + 4096;
  std::fill_n(segment(1).begin() + static_cast<std::ptrdiff_t>(page), 4096, '\0');
  EXPECT_EQ(try_open().error().code, Code::corrupt);
}

TEST_F(LocalLogTest, ATornTailIsCutAndReported) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 5);
  append(loans, numbered(5));
  log->sync();
  kill();
  const std::size_t place = place_of(5);
  segment(1)[place + 500] ^= 1;
  open();
  EXPECT_EQ(log->end(loans, Isolation::durable), Offset(5));
  EXPECT_GT(log->opened().torn_bytes, 1000U);
  EXPECT_EQ(log->opened().torn_file, "0000000000000001.segment");
  EXPECT_LT(log->opened().torn_at, place);
  append(loans, "new");
  EXPECT_EQ(must(log->read(loans, Offset(5), 1, Isolation::accepted)).records.at(0).value, "new");
}

TEST_F(LocalLogTest, FramesBehindATornOneDoNotComeBackToLife) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 3);
  for (int i = 3; i < 6; ++i) append(loans, numbered(i));  // one group
  log->sync();
  kill();
  segment(1)[place_of(3) + 500] ^= 1;  // 4 and 5 are whole
  open();
  EXPECT_EQ(log->end(loans, Isolation::durable), Offset(3));
  append(loans, numbered(3).substr(aligned_opened()));  // ends where the old 3 ended
  log->sync();
  kill();
  open();
  EXPECT_EQ(log->end(loans, Isolation::durable), Offset(4));
}

TEST_F(LocalLogTest, DamageFoundByAReadIsNamedAndNotServed) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 10);
  ASSERT_TRUE(log->checkpoint());  // the next start needs no frame before it
  kill();
  segment(1)[place_of(4) + 500] ^= 1;
  open();
  const Batch before = must(log->read(loans, Offset(0), 100'000, Isolation::durable));
  EXPECT_EQ(before.records.size(), 4U);
  const auto at = log->read(loans, before.next, 100'000, Isolation::durable);
  ASSERT_FALSE(at);
  EXPECT_EQ(at.error().code, Code::corrupt);
  EXPECT_THAT(at.error_text(), HasSubstr("journal/0000000000000001.segment at byte "));
  EXPECT_EQ(must(log->read(loans, Offset(5), 100'000, Isolation::durable)).records.size(), 5U);
}

TEST_F(LocalLogTest, AMissingOrBeheadedSegmentIsRefused) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 150);
  ASSERT_TRUE(log->checkpoint());
  kill();
  const std::string whole = segment(1);
  segment(1)[9] ^= 1;
  EXPECT_EQ(try_open().error().code, Code::corrupt);
  segment(1) = whole;
  ASSERT_TRUE(world.disk()->unlink("0000000000000001.segment"));
  const auto missing = try_open();
  EXPECT_EQ(missing.error().code, Code::corrupt);
  EXPECT_THAT(missing.error_text(), HasSubstr("the file is missing"));
}

/// Places of the first segment's frames of a kind, in order.
std::vector<std::size_t> places(std::string_view segment, local::FrameKind kind) {
  std::vector<std::size_t> places;
  for (std::size_t at = 4096; const auto frame = local::read_frame(segment.substr(at), 1, at);) {
    if (frame->head.kind == kind) places.push_back(at);
    at += frame->head.bytes();
  }
  return places;
}

TEST_F(LocalLogTest, DamageThatOnlyTheNextSegmentCanTellIsRefused) {
  open();
  const TopicPartition loans = topic("loans");
  while (world.bytes(name_of(2)) == nullptr) append_synced(loans, 0, 1);
  kill();
  segment(1)[places(segment(1), local::FrameKind::end).at(0) + 4] ^= 1;  // one group stands behind it
  EXPECT_EQ(try_open().error().code, Code::corrupt);
}

TEST_F(LocalLogTest, DamageOfTheFrameThatOpenedIsRefused) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 1);
  kill();
  open();
  append_synced(loans, 1, 2);  // the only group of this open
  kill();
  segment(1)[places(segment(1), local::FrameKind::opened).at(1) + 4] ^= 1;
  EXPECT_EQ(try_open().error().code, Code::corrupt);
}

TEST_F(LocalLogTest, DamageOfTheFrameThatOpenedAfterACleanCloseIsRefused) {
  LocalOptions clean = options();
  clean.checkpoint_on_close = true;
  log = must(open_local("simulated", clean));
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 1);
  log.reset();
  open();
  append_synced(loans, 1, 2);
  kill();
  segment(1)[places(segment(1), local::FrameKind::opened).at(1) + 4] ^= 1;
  EXPECT_EQ(try_open().error().code, Code::corrupt);
}

TEST_F(LocalLogTest, AfterACleanCloseAStartReadsLittle) {
  LocalOptions clean = options();
  clean.segment_bytes = 16U << 20U;
  clean.checkpoint_on_close = true;
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t before = world.bytes_read();
    log = must(open_local("simulated", clean));
    append_synced(topic("loans"), i, i + 1);
    log.reset();
    EXPECT_LT(world.bytes_read() - before, 4U << 20U);
  }
}

TEST_F(LocalLogTest, DamageBehindACheckpointInAGreatGroupIsRefused) {
  LocalOptions great = options();
  great.segment_bytes = 8U << 20U;
  log = must(open_local("simulated", great));
  const TopicPartition loans = topic("loans");
  ASSERT_TRUE(log->checkpoint());
  for (int i = 0; i < 3; ++i) append(loans, numbered(i) + std::string(600'000, '.'));  // one group
  log->sync();
  append_synced(loans, 3, 4);
  kill();
  segment(1)[place_of(0) + 500] ^= 1;
  EXPECT_EQ(open_local("simulated", great).error().code, Code::corrupt);
}

TEST_F(LocalLogTest, ADamagedHeaderCostsNoDataAndIsNamed) {
  open();
  const TopicPartition loans = topic("loans");
  while (world.bytes(name_of(2)) == nullptr) append_synced(loans, 0, 1);
  kill();
  for (const int number : {1, 2}) {
    segment(number)[9] ^= 1;
    const auto opened = try_open();
    ASSERT_FALSE(opened) << number;
    EXPECT_THAT(opened.error_text(), HasSubstr("journal/" + name_of(number) + " at byte 0"));
    ASSERT_NE(world.bytes(name_of(number)), nullptr) << "deleted, with what was acknowledged";
    segment(number)[9] ^= 1;
  }
  EXPECT_TRUE(try_open());
}

TEST_F(LocalLogTest, WhatLooksLikeFramesDoesNotHoldUpAStart) {
  LocalOptions great = options();
  great.segment_bytes = 1U << 20U;
  log = must(open_local("simulated", great));
  const TopicPartition loans = topic("loans");
  std::string words;
  for (int i = 0; i < 4; ++i) {  // one of them is aligned as frames are
    for (int n = 0; n < 4096; ++n) words.append("\1\0\0\0", 4);
    words.push_back('.');
  }
  append(loans, words);
  log->sync();
  kill();
  segment(1)[segment(1).find(words) + words.size() - 1] ^= 1;
  const std::uint64_t before = world.bytes_read();
  log = must(open_local("simulated", great));
  EXPECT_GT(log->opened().torn_bytes, 65'000U);
  EXPECT_LT(world.bytes_read() - before, 10U << 20U);
}

TEST_F(LocalLogTest, RandomDamageNeverCrashesAReaderNorServesAWrongRecord) {
  open();
  const TopicPartition loans = topic("loans");
  append_synced(loans, 0, 30);
  ASSERT_TRUE(log->checkpoint());
  append_synced(loans, 30, 60);
  kill();
  const std::string whole = segment(1);
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::string& bytes = segment(1);
    bytes = whole;
    std::uint64_t random = mix(seed);
    for (std::uint64_t n = seed % 5; n-- > 0 || seed % 5 == 0;) {
      random = mix(random);
      const std::size_t at = random % bytes.size();
      const std::size_t length = seed % 5 == 0 ? 1 + random % 9000 : 1;
      for (std::size_t i = at; i < std::min(bytes.size(), at + length); ++i)
        bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ (random = mix(random)));
      if (seed % 5 == 0) break;
    }
    auto opened = try_open();
    if (!opened) continue;
    log = *std::move(opened);
    for (int i = 0; i < 60; ++i) {
      const auto batch = log->read(loans, Offset(i), 5000, Isolation::durable);
      if (!batch) continue;
      for (const RecordView& r : batch->records) ASSERT_EQ(r.value, numbered(static_cast<int>(r.offset.value))) << seed;
    }
    log->abandon();
    log.reset();
    world.crash(Loss::none, seed);
  }
}

}  // namespace
}  // namespace baton::log
