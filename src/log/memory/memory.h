// A Log in memory: deterministic, for tests and simulation, with faults on script.
//
// Two worlds are kept: what is accepted, and what is durable. sync() brings the second up to the first; crash() throws
// the first away. With `auto_sync` every commit is durable at once.
#pragma once

#include <cstddef>
#include <memory>

#include "log/log.h"

namespace baton::log {

struct MemoryOptions {
  bool auto_sync = true;                     ///< false: durable() moves only by sync() and await()
  const Clock* clock = nullptr;              ///< for retention by age; none: never by age. Outlives the log
  std::size_t commit_bytes_max = 32u << 20;  ///< as the local log's
};

/// Any thread, as Log. await() syncs by itself, so that a test with one thread never hangs.
class MemoryLog : public Log {
 public:
  /// Makes the oldest `commits` accepted commits durable (default: all), in order.
  virtual void sync(std::size_t commits = SIZE_MAX) = 0;
  /// From now on: sync with every commit, or only when told.
  virtual void set_auto_sync(bool on) = 0;
  /// sync(), then the checkpointed stores are durable too.
  virtual void checkpoint() = 0;
  /// Loses what is not durable; checkpointed stores fall back to the last checkpoint. Owners must acquire() again.
  virtual void crash() = 0;
  /// The next `times` submits are refused with this code (busy, out_of_space).
  virtual void refuse(Code code, std::size_t times = 1) = 0;
  /// From now on [from, to) is a gap, as a repair leaves it.
  virtual void lose(TopicPartition partition, Offset from, Offset to) = 0;
  /// Trims what retention allows at the clock's time.
  virtual void maintain() = 0;
};

std::unique_ptr<MemoryLog> open_memory(MemoryOptions options = {});

}  // namespace baton::log
