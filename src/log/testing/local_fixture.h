// A local log on a simulated disk, for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/assert.h"
#include "log/local/frame.h"
#include "log/local/local.h"
#include "log/testing/sim_disk.h"

namespace baton::log::testing {

inline constexpr PartitionId kZero{0};

template <class T>
T must(Result<T> result) {
  if (!result) baton::fatal("a step of the test failed", result.error_text().c_str());
  return *std::move(result);
}

/// A log on a simulated disk, everything inline.
class LocalLogTest : public ::testing::Test {
 protected:
  LocalOptions options() {
    LocalOptions options{.clock = &clock, .segment_bytes = 64U << 10U, .recent_bytes = 0};
    options.threads = false;
    options.checkpoint_on_close = false;
    options.disk = [&] { return world.disk(); };
    options.state = [&] { return world.state(); };
    return options;
  }
  Result<std::unique_ptr<LocalLog>> try_open() { return open_local("simulated", options()); }
  void open() { log = must(try_open()); }
  void kill(Loss loss = Loss::none) {
    log->abandon();
    log.reset();
    world.crash(loss, 7);
  }
  TopicPartition topic(const std::string& name, Millis retention_ms = 0) {
    return {must(log->open_topic({.name = name, .retention_ms = retention_ms})).id, kZero};
  }
  void append(TopicPartition to, const std::string& value) {
    (void)must(log->submit({.appends = {{to, {.key = "k", .headers = "", .value = value, .time = clock.now()}}}}));
  }
  void append_synced(TopicPartition to, int from, int to_number) {
    for (int i = from; i < to_number; ++i) {
      append(to, numbered(i));
      log->sync();
    }
  }
  static std::string numbered(int i) { return std::to_string(i) + std::string(1000, '.'); }
  static std::string name_of(int number) { return "000000000000000" + std::to_string(number) + ".segment"; }
  std::string& segment(int number) {
    std::string* bytes = world.bytes(name_of(number));
    BATON_ASSERT(bytes != nullptr);
    return *bytes;
  }
  std::size_t place_of(int record) { return segment(1).find(numbered(record)); }
  /// Bytes that the frame of another open takes at the place where a torn one was cut.
  static constexpr std::size_t aligned_opened() { return local::aligned(local::kHeadBytes); }

  SimWorld world;
  ManualClock clock;
  std::unique_ptr<LocalLog> log;
};

}  // namespace baton::log::testing
