// The Log in one data folder: a journal of our own, and RocksDB for keyed state.
//
//   DIR/lock                     who has the folder open (its pid)
//   DIR/journal/*.segment        preallocated segments of checksummed frames; one frame = one commit
//   DIR/state/                   RocksDB, its own WAL off: state as of the last checkpoint, and the records' index
//
// The journal's format: docs/formats/journal.md.
//
// Threads of its own: one syncs (one write and one fdatasync for all commits that wait), one prepares segments, one
// writes checkpoints and trims. With `threads = false` there are none: await(), sync() and submit() do that work
// inline, deterministically, and everything must be called from one thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "log/log.h"

namespace baton::log {

namespace local {
class Disk;
class StateStore;
}  // namespace local

/// What takes long, and how far it is.
struct Progress {
  std::string what;  ///< "the journal is read"
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;  ///< at the most
};

struct LocalOptions {
  const Clock* clock = nullptr;             ///< for retention; nothing: the system's. Outlives the log
  std::optional<Retention> retention = {};  ///< of records: stands for what the topics that are not kept for ever were
                                            ///< created with; nothing: that holds
  std::size_t segment_bytes = 64u << 20;    ///< of new segments; 16 KiB to 1 GiB. a commit takes at most half of one
  std::size_t recent_bytes = 16u << 20;     ///< of the newest frames kept in memory for readers
  std::size_t unsynced_bytes_max = 64u << 20;  ///< waiting for the disk; over it, submit answers busy
  std::size_t checkpoint_bytes = 64u << 20;    ///< a checkpoint whenever the journal grew by so much
  std::size_t overlay_bytes_max = 16u << 20;   ///< and whenever so many bytes of changes wait in memory
  std::size_t sync_gap_us = 1000;              ///< under load, syncs begin at least this far apart; alone, at once
  std::size_t free_segments_max = 2;           ///< emptied segments kept for reuse, rather than given back
  Millis maintain_every_ms = 10'000;           ///< how often retention is looked at; 0: only when told
  Millis checkpoint_again_ms = 1000;           ///< after one that failed (a full disk)
  bool checkpoint_on_close = true;
  bool threads = true;
  bool zero_segments = true;  ///< write a new segment once before its use: later syncs then change no file metadata

  /// How far open() is, where it takes long: now and then, on the caller's thread. Nothing: nobody is told.
  std::function<void(const Progress&)> on_progress;
  /// What went wrong beside the callers and is tried again: checkpoints, so also retention. Called on a thread of the
  /// log's, when the trouble is new and once a minute while it lasts; it must not call the log. Nothing: nobody is
  /// told.
  std::function<void(const Error&)> on_error;

  // Seams for tests. Nothing: the real ones.
  std::function<void(const std::string&)> fatal;  ///< must not return; default baton::fatal
  std::function<std::unique_ptr<local::Disk>()> disk;
  std::function<std::unique_ptr<local::StateStore>()> state;
};

struct LocalStats {
  std::uint64_t bytes_written = 0;  ///< to the journal: frames and preparation of segments, without RocksDB's files
  std::uint64_t frame_bytes = 0;    ///< of which frames
  std::uint64_t state_bytes = 0;    ///< keys and values handed to RocksDB
  std::uint64_t syncs = 0;
  std::uint64_t commits = 0;  ///< accepted
  std::uint64_t checkpoints = 0;
  std::uint64_t segments = 0;  ///< files in use now
  double recovery_ms = 0;      ///< of the last open
};

/// What open() found.
struct OpenReport {
  bool created = false;
  bool rebuilt = false;           ///< there was a journal and no checkpoint: everything was computed from the journal
  std::uint64_t frames_lost = 0;  ///< places where a repair has set damaged frames aside, read by this open
  std::uint64_t frames_replayed = 0;
  std::uint64_t torn_bytes = 0;  ///< of commits that a crash cut off before they were durable; they are gone
  std::string torn_file;
  std::uint64_t torn_at = 0;  ///< byte position in torn_file
};

class LocalLog : public Log {
 public:
  virtual LocalStats stats() const = 0;
  virtual const OpenReport& opened() const = 0;
  /// Places that reads found damaged since the open, as their errors said, each once; the first hundred of them.
  virtual std::vector<std::string> damage() const = 0;
  /// Everything accepted is durable when it returns. Not on a shard's thread.
  virtual void sync() = 0;
  /// Writes a checkpoint now. Errors: out_of_space, io (the last checkpoint stands, nothing is lost).
  virtual Result<void> checkpoint() = 0;
  /// Trims what retention allows, and frees the segments that nothing needs any more.
  virtual Result<void> maintain() = 0;
  /// For crash tests: destruction then writes nothing more.
  virtual void abandon() = 0;
};

/// Opens the folder, or creates it. Errors: busy (another process has it open: its pid is named), corrupt (file and
/// byte position are named), out_of_space, io.
Result<std::unique_ptr<LocalLog>> open_local(const std::filesystem::path& folder, LocalOptions options = {});

}  // namespace baton::log
