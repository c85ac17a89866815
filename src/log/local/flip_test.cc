// Every single byte of a small journal is damaged in turn: what is read is complete, or an error that names the place.
// Never silently less.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "log/testing/local_fixture.h"

namespace baton::log {
namespace {

using ::testing::HasSubstr;
using testing::LocalLogTest;
using testing::Loss;
using testing::must;

class EveryByte : public LocalLogTest {
 protected:
  LocalOptions small() {
    LocalOptions small = options();
    small.segment_bytes = 16U << 10U;
    small.free_segments_max = 0;
    small.checkpoint_on_close = true;
    return small;
  }
  /// Two topics of two partitions, and a store, over three segments; closed in good order.
  void write() {
    log = must(open_local("simulated", small()));
    for (const char* name : {"loans", "other"})
      topics_.push_back(must(log->open_topic({.name = name, .partitions = 2})));
    const Owner owner = must(log->acquire({"o", PartitionId(0)}, Durability::journaled));
    for (int i = 0; i < 60; ++i) {
      Commit commit{.owner = owner, .changes = {{"k" + std::to_string(i), std::to_string(i)}}};
      for (int n = 0; n <= i % 3; ++n) {
        const TopicPartition to{topics_[static_cast<std::size_t>(i % 2)].id, PartitionId(n % 2)};
        commit.appends.push_back(
            {to,
             {.key = "k", .headers = "h", .value = std::to_string(i) + std::string(200, '.'), .time = clock.now()}});
      }
      (void)must(log->submit(std::move(commit)));
      if (i % 4 == 0) log->sync();
    }
    log.reset();
    log = must(open_local("simulated", small()));
    for (const Topic& topic : topics_) {
      for (const int p : {0, 1}) whole_.push_back(read_all({topic.id, PartitionId(p)}).value());
    }
    log.reset();
  }
  /// All values of a partition, or the first error.
  Result<std::string> read_all(TopicPartition from) {
    std::string all;
    for (Offset at = log->first(from); at < log->end(from, Isolation::durable);) {
      auto batch = log->read(from, at, 1500, Isolation::durable);
      if (!batch) return batch.error();
      for (const RecordView& r : batch->records) all += std::to_string(r.offset.value) + "=" + std::string(r.value);
      if (batch->next <= at) return invalid("a reader stands still");
      at = batch->next;
    }
    return all;
  }
  /// What is wrong; "": nothing is missing, or its place was named.
  std::string judge() {
    auto opened = open_local("simulated", small());
    if (!opened) return opened.error_text().find("journal/000000") == std::string::npos ? opened.error_text() : "";
    log = *std::move(opened);
    std::string wrong;
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      const auto all = read_all({topics_[i / 2].id, PartitionId(static_cast<std::int32_t>(i % 2))});
      const bool named =
          !all && all.error().code == Code::corrupt && all.error_text().find("journal/000000") != std::string::npos;
      if (!named && (!all || *all != whole_[i])) wrong = all ? "less, or other, was served" : all.error_text();
    }
    log->abandon();
    log.reset();
    world.crash(Loss::none, 1);
    return wrong;
  }

  std::vector<Topic> topics_;
  std::vector<std::string> whole_;
};

/// Of the bytes in between one in 173, a prime, so that every field gets its turn; BATON_EVERY_BYTE=1: all, some
/// minutes.
TEST_F(EveryByte, WhatIsReadIsCompleteOrAnErrorThatNamesThePlace) {
  write();
  const std::size_t step = std::getenv("BATON_EVERY_BYTE") != nullptr ? 1 : 173;
  std::size_t flips = 0;
  for (const int number : {1, 2, 3}) {
    ASSERT_NE(world.bytes(name_of(number)), nullptr);
    const std::string whole = segment(number);
    const std::size_t used = std::min(whole.size(), whole.find_last_not_of('\0') + 8);
    for (std::size_t at = 0; at < used; at += at < 32 || (at >= 4096 && at < 4096 + 64) ? 1 : step) {
      segment(number)[at] ^= static_cast<char>(1 << (at % 8));
      const std::string wrong = judge();
      ASSERT_EQ(wrong, "") << "segment " << number << ", byte " << at;
      if (world.bytes(name_of(number)) != nullptr) segment(number) = whole;
      ++flips;
    }
  }
  EXPECT_GT(flips, 300U);
}

}  // namespace
}  // namespace baton::log
