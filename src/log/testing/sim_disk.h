// A folder in memory that can crash, be full, fail to sync, and count its operations: what the journal is tested on.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "log/local/disk.h"
#include "log/local/state_store.h"

namespace baton::log::testing {

/// What a crash takes of what was not synced.
enum class Loss {
  all,       ///< everything
  none,      ///< nothing yet: only the process died; a later crash may still lose it
  sectors,   ///< some 512-byte sectors
  flip,      ///< nothing, but one bit is turned
  truncate,  ///< files are as short as when they were last synced
};

/// What happens at the operation with the scripted number.
enum class Fault { none, crash, full, sync_fails };

/// Thrown by the operation at which the crash is scripted, and by every one after it: unwinds to the test.
struct Crashed {};

/// Survives the logs that are opened on it. Any thread.
class SimWorld {
 public:
  /// A new view of the folder, for one open().
  std::unique_ptr<local::Disk> disk();
  std::unique_ptr<local::StateStore> state();

  /// At operation number `at` (from 0, counted since reset_count()) `fault` happens.
  void script(Fault fault, std::uint64_t at);
  std::uint64_t operations() const;
  /// From files, since the beginning.
  std::uint64_t bytes_read() const;
  /// From now on reservations fail (true), or there is room again.
  void set_full(bool full);

  /// The machine goes down and comes up: what was not synced is lost as `loss` says, by `seed`.
  void crash(Loss loss, std::uint64_t seed);

  /// For tests that damage files: the file's bytes, as they are now.
  std::string* bytes(const std::string& name);
  std::vector<std::string> names() const;

  struct Impl;
  SimWorld();
  ~SimWorld();
  SimWorld(const SimWorld&) = delete;
  SimWorld& operator=(const SimWorld&) = delete;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace baton::log::testing
