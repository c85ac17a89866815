#include "log/memory/memory.h"

#include "log/conformance.h"

namespace baton::log {
namespace {

class MemoryRig final : public Rig {
 public:
  Log& log() override { return *log_; }
  void sync() override { log_->sync(); }
  void hold() override { log_->set_auto_sync(false); }
  void release() override { log_->set_auto_sync(true); }
  void checkpoint() override { log_->checkpoint(); }
  void crash() override { log_->crash(); }
  void reopen() override {
    log_->checkpoint();
    log_->crash();
  }
  void fill_disk(bool full) override { log_->refuse(Code::out_of_space, full ? SIZE_MAX : 0); }
  void pass(Millis time) override {
    clock_.advance(time);
    log_->maintain();
  }
  Instant now() const override { return clock_.now(); }

 private:
  ManualClock clock_;
  std::unique_ptr<MemoryLog> log_ = open_memory({.clock = &clock_});
};

const Provider kMemory{"Memory", [] { return std::make_unique<MemoryRig>(); }};
INSTANTIATE_TEST_SUITE_P(Memory, Conformance, ::testing::Values(kMemory), provider_name);

TEST(MemoryLog, LosesExactlyWhatWasNotSynced) {
  const auto log = open_memory({.auto_sync = false});
  const TopicPartition loans{log->open_topic({.name = "loans"})->id, PartitionId(0)};
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(log->submit({.appends = {{loans, {.value = std::to_string(i)}}}}));
  log->sync(3);
  log->crash();
  EXPECT_EQ(log->end(loans, Isolation::accepted), Offset(3));
}

TEST(MemoryLog, RefusesAsOftenAsTheScriptSays) {
  const auto log = open_memory();
  const TopicPartition loans{log->open_topic({.name = "loans"})->id, PartitionId(0)};
  log->refuse(Code::busy, 2);
  EXPECT_EQ(log->submit({.appends = {{loans, {}}}}).error().code, Code::busy);
  EXPECT_EQ(log->submit({.appends = {{loans, {}}}}).error().code, Code::busy);
  EXPECT_TRUE(log->submit({.appends = {{loans, {}}}}));
  EXPECT_EQ(log->end(loans, Isolation::accepted), Offset(1));
}

}  // namespace
}  // namespace baton::log
