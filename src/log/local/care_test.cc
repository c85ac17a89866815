// A folder on a real disk, damaged, looked at, repaired, opened again.
#include "log/local/care.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "log/testing/local_fixture.h"
#include "log/testing/scratch_folder.h"

namespace baton::log {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::must;
using ::testing::Not;
namespace fs = std::filesystem;

constexpr int kRecords = 100;

class Care : public ::testing::Test {
 protected:
  static LocalOptions options(bool checkpoint) {
    LocalOptions options{.segment_bytes = 16U << 10U, .maintain_every_ms = 0};
    options.threads = false;
    options.free_segments_max = 0;
    options.checkpoint_on_close = checkpoint;
    options.zero_segments = false;
    return options;
  }
  static std::string value_of(int i) { return std::to_string(i) + std::string(300, '.'); }
  /// Records and state, over several segments. `checkpoint`: in the index; else all behind it.
  void write(bool checkpoint) {
    const auto log = must(open_local(path(), options(checkpoint)));
    const TopicPartition loans{must(log->open_topic({.name = "loans"})).id, PartitionId(0)};
    const Owner owner = must(log->acquire({"o", PartitionId(0)}, Durability::journaled));
    for (int i = 0; i < kRecords; ++i) {
      (void)must(
          log->submit({.owner = owner,
                       .appends = {{loans, {.key = "k", .headers = "", .value = value_of(i), .time = Instant(i)}}},
                       .changes = {{"k" + std::to_string(i), std::to_string(i)}}}));
      log->sync();
    }
    if (!checkpoint) log->abandon();
  }
  fs::path path() const { return folder.path(); }
  static std::string read_file(const fs::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
  }
  static void write_file(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }
  fs::path segment(int number) const {
    return path() / "journal" / ("000000000000000" + std::to_string(number) + ".segment");
  }
  void flip(const fs::path& file, std::size_t at) const {
    std::string bytes = read_file(file);
    ASSERT_LT(at, bytes.size());
    bytes[at] ^= 1;
    write_file(file, bytes);
  }
  std::size_t place_of(int number, int record) const { return read_file(segment(number)).find(value_of(record)); }

  struct Seen {
    int records = 0;
    std::vector<std::string> gaps;
    std::string error;
  };
  /// Opens and reads all; whatever is served must be right, and nothing may be missing without a word.
  Seen read_all() const {
    Seen seen;
    auto opened = open_local(path(), options(true));
    if (!opened) return {0, {}, opened.error_text()};
    LocalLog& log = **opened;
    const auto topic = log.find_topic("loans");
    if (!topic) return {0, {}, "no topic"};
    const TopicPartition loans{topic->id, PartitionId(0)};
    for (Offset at; at < log.end(loans, Isolation::durable);) {
      const auto batch = log.read(loans, at, 4000, Isolation::durable);
      if (!batch) {
        seen.error = batch.error_text();
        return seen;
      }
      EXPECT_GT(batch->next, at);
      if (batch->gap) {
        EXPECT_THAT(batch->records, IsEmpty());
        EXPECT_EQ(batch->gap->from, at);
        seen.gaps.push_back(std::to_string(batch->gap->from.value) + "-" + std::to_string(batch->gap->to.value - 1));
      }
      for (const RecordView& r : batch->records) {
        EXPECT_EQ(r.offset, at) << "an offset was left out";
        EXPECT_EQ(r.value, value_of(static_cast<int>(r.offset.value)));
        at = at.next();
        ++seen.records;
      }
      at = batch->next;
    }
    return seen;
  }
  int last_segment() const {
    int number = 1;
    while (fs::exists(segment(number + 1))) ++number;
    return number;
  }
  void lose_segment(int number);
  /// The repaired folder takes more.
  void write_more() const {
    const auto log = must(open_local(path(), options(true)));
    const TopicPartition loans{log->find_topic("loans")->id, PartitionId(0)};
    const auto accepted = must(log->submit({.appends = {{loans, {.value = value_of(kRecords)}}}}));
    EXPECT_EQ(accepted.offsets.front(), Offset(kRecords));
  }
  Verified verify() const { return must(verify_local(path(), {})); }
  Repaired repair(bool only_tell = false) const { return must(repair_local(path(), only_tell, {})); }

  const testing::ScratchFolder folder;
};

TEST_F(Care, AWholeFolderIsFoundToBeWholeAndIsNotChanged) {
  write(true);
  const Verified verified = verify();
  EXPECT_THAT(verified.findings, IsEmpty());
  EXPECT_EQ(verified.records, static_cast<std::uint64_t>(kRecords));
  EXPECT_GE(verified.segments, 3U);
  const Repaired repaired = repair();
  EXPECT_THAT(repaired.findings, IsEmpty());
  EXPECT_THAT(repaired.done, IsEmpty());
  EXPECT_FALSE(fs::exists(path() / "damaged"));
}

TEST_F(Care, WhatIsNoDataFolderOrInUseIsRefused) {
  EXPECT_EQ(verify_local(path() / "elsewhere", {}).error().code, Code::not_found);
  EXPECT_FALSE(fs::exists(path() / "elsewhere"));
  const auto log = must(open_local(path(), options(true)));
  EXPECT_EQ(verify_local(path(), {}).error().code, Code::busy);
  EXPECT_EQ(repair_local(path(), false, {}).error().code, Code::busy);
}

TEST_F(Care, ADamagedCheckpointedFrameIsFoundSetAsideAndShownAsAGap) {
  write(true);
  flip(segment(1), place_of(1, 7) + 100);
  const Verified verified = verify();
  ASSERT_EQ(verified.findings.size(), 1U);
  EXPECT_THAT(verified.findings[0].where, HasSubstr("journal/0000000000000001.segment bytes "));
  ASSERT_EQ(verified.findings[0].held.size(), 1U);
  EXPECT_THAT(verified.findings[0].held[0], HasSubstr("loans/0 offsets 7 to 7"));
  EXPECT_THAT(read_all().error, HasSubstr("loans/0: journal/0000000000000001.segment at byte "));

  const std::string before = read_file(segment(1));
  EXPECT_FALSE(repair(true).done.empty());
  EXPECT_EQ(read_file(segment(1)), before) << "only told";
  EXPECT_FALSE(fs::exists(path() / "damaged"));

  const Repaired repaired = repair();
  EXPECT_THAT(repaired.impossible, IsEmpty());
  EXPECT_EQ(read_file(path() / "damaged" / "1" / "journal" / segment(1).filename()), before);
  EXPECT_THAT(verify().findings, IsEmpty());
  const Seen seen = read_all();
  EXPECT_EQ(seen.error, "");
  EXPECT_EQ(seen.records, kRecords - 1);
  EXPECT_THAT(seen.gaps, ::testing::ElementsAre("7-7"));
  EXPECT_THAT(read_all().gaps, ::testing::ElementsAre("7-7")) << "after another checkpoint";
}

TEST_F(Care, DamageBehindTheCheckpointIsSetAsideToo) {
  write(false);
  flip(segment(1), place_of(1, 7) + 100);
  EXPECT_THAT(read_all().error, HasSubstr("baton repair"));
  ASSERT_EQ(verify().findings.size(), 1U);
  EXPECT_THAT(repair().impossible, IsEmpty());
  const Seen seen = read_all();
  EXPECT_EQ(seen.error, "");
  EXPECT_EQ(seen.records, kRecords - 1);
  EXPECT_THAT(seen.gaps, ::testing::ElementsAre("7-7"));
  EXPECT_THAT(verify().findings, IsEmpty());
}

TEST_F(Care, ADamagedHeaderIsWrittenAnew) {
  for (const int number : {1, 2}) {
    if (number == 1) write(true);
    flip(segment(number), 9);
    EXPECT_THAT(read_all().error, HasSubstr("header is damaged"));
    ASSERT_EQ(verify().findings.size(), 1U);
    EXPECT_THAT(repair().impossible, IsEmpty());
    EXPECT_EQ(read_all().records, kRecords);
  }
}

/// In the middle, and that of the checkpoint's end.
TEST_F(Care, AMissingSegmentIsAGap) {
  write(true);
  ASSERT_GT(last_segment(), 2);
  lose_segment(2);
}

TEST_F(Care, TheLastSegmentMissingIsAGapToo) {
  write(true);
  lose_segment(last_segment());
  write_more();
}

void Care::lose_segment(int number) {
  fs::remove(segment(number));
  EXPECT_THAT(read_all().error, HasSubstr("the file is missing"));
  const Verified verified = verify();
  ASSERT_EQ(verified.findings.size(), 1U);
  EXPECT_EQ(verified.findings[0].what, "the file is missing");
  EXPECT_THAT(repair().impossible, IsEmpty());
  const Seen seen = read_all();
  EXPECT_EQ(seen.error, "");
  EXPECT_EQ(seen.gaps.size(), 1U);
  EXPECT_LT(seen.records, kRecords);
}

TEST_F(Care, ALostOrDamagedStateIsComputedFromTheJournal) {
  write(true);
  for (const bool lost : {true, false}) {
    if (lost) {
      fs::remove(path() / "state" / "CURRENT");
    } else {
      for (const auto& file : fs::directory_iterator(path() / "state")) {
        if (file.path().extension() == ".sst") flip(file.path(), 40);
      }
    }
    const Verified verified = verify();
    ASSERT_EQ(verified.findings.size(), 1U) << lost;
    EXPECT_EQ(verified.findings[0].where, "state");
    const Repaired repaired = repair();
    EXPECT_THAT(repaired.impossible, IsEmpty());
    EXPECT_TRUE(fs::exists(path() / "damaged" / (lost ? "1" : "2") / "state"));
    const Seen seen = read_all();
    EXPECT_EQ(seen.error, "");
    EXPECT_EQ(seen.records, kRecords);
    const auto log = must(open_local(path(), options(true)));
    EXPECT_EQ(must(log->get(*log->reader({"o", PartitionId(0)}), "k99")), "99");
  }
}

TEST_F(Care, AStateThatTheJournalCannotGiveBackIsLeftAlone) {
  {
    ManualClock clock;
    LocalOptions aging = options(true);
    aging.clock = &clock;
    const auto log = must(open_local(path(), aging));
    const TopicPartition loans{must(log->open_topic({.name = "loans", .retention_ms = 1000})).id, PartitionId(0)};
    for (int i = 0; i < kRecords; ++i) (void)must(log->submit({.appends = {{loans, {.value = value_of(i)}}}}));
    log->sync();
    clock.advance(5000);
    ASSERT_TRUE(log->maintain());
  }
  ASSERT_FALSE(fs::exists(segment(1)));
  fs::remove(path() / "state" / "CURRENT");
  const Repaired repaired = repair();
  ASSERT_EQ(repaired.impossible.size(), 1U);
  EXPECT_THAT(repaired.impossible[0], HasSubstr("the journal reaches back to commit"));
  EXPECT_TRUE(fs::exists(path() / "state"));
  EXPECT_FALSE(fs::exists(path() / "damaged"));
}

/// Wherever a byte of the folder is turned: it is found, or does no harm; after a repair the folder opens, and what is
/// read is complete or shown as a gap.
TEST_F(Care, WhereverAByteIsTurnedAFolderIsMended) {
  for (const bool checkpoint : {true, false}) {
    fs::remove_all(path());
    fs::create_directories(path());
    write(checkpoint);
    std::map<fs::path, std::string> whole;
    for (const auto& file : fs::recursive_directory_iterator(path())) {
      if (file.is_regular_file()) whole[file.path()] = read_file(file.path());
    }
    for (const auto& [file, bytes] : whole) {
      const bool journal = file.extension() == ".segment";
      if (bytes.empty() || file.filename() == "lock" || file.filename().string().starts_with("LOG")) continue;
      for (std::size_t at = 3; at < bytes.size(); at += std::max<std::size_t>(journal ? 7019 : bytes.size() / 2, 1)) {
        fs::remove_all(path());
        for (const auto& [other, its] : whole) {
          fs::create_directories(other.parent_path());
          write_file(other, its);
        }
        flip(file, at);
        const bool clean = verify().findings.empty();
        if (clean) {
          const Seen seen = read_all();
          EXPECT_EQ(seen.error, "") << file << " at " << at;
          EXPECT_THAT(seen.gaps, IsEmpty());
          EXPECT_GE(seen.records, checkpoint ? kRecords : 0) << file << " at " << at;
          continue;
        }
        ASSERT_THAT(repair().impossible, IsEmpty()) << file << " at " << at;
        const Seen seen = read_all();
        EXPECT_EQ(seen.error, "") << file << " at " << at;
        EXPECT_GE(seen.records, kRecords - 1 - static_cast<int>(seen.gaps.size()) * 1) << file << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace baton::log
