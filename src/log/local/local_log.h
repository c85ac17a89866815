// The parts of a local log put together, and the threads that serve it.
#pragma once

#include <set>
#include <shared_mutex>
#include <thread>

#include "base/reminder.h"
#include "log/local/checkpoint.h"
#include "log/local/journal.h"
#include "log/local/local.h"
#include "log/local/lock_file.h"
#include "log/watchers.h"

namespace baton::log::local {

/// Locks, in the order in which they may be taken: checkpoint_mutex_, acquire_mutex_, freeze_mutex_, a store's, the
/// journal's.
class Local final : public LocalLog {
 public:
  Local(LocalOptions options, LockFile lock, std::unique_ptr<Disk> disk, std::unique_ptr<StateStore> state);
  ~Local() override;
  Local(const Local&) = delete;
  Local& operator=(const Local&) = delete;
  /// Once, before anything else.
  Result<void> start();

  Result<Topic> open_topic(const TopicSpec& spec) override;
  std::optional<Topic> find_topic(std::string_view name) const override;
  std::vector<Topic> topics() const override;
  Offset first(TopicPartition from) const override;
  Offset end(TopicPartition from, Isolation isolation) const override;
  Result<Batch> read(TopicPartition at, Offset from, std::size_t bytes_max, Isolation isolation) const override;
  Result<Owner> acquire(const StoreName& name, Durability durability) override;
  Result<std::optional<std::string>> get(Owner owner, std::string_view key) const override;
  Result<std::vector<Pair>> scan(Owner owner, std::string_view from, std::string_view to,
                                 std::size_t limit) const override;
  std::optional<Owner> reader(const StoreName& name) const override;
  std::map<TopicPartition, Offset> consumed(const StoreName& name) const override;
  Result<Accepted> submit(Commit&& commit) override;
  std::size_t commit_bytes_max() const override { return options_.segment_bytes / 2; }
  Position durable() const override;
  void await(Position position) override;
  std::uint64_t watch(std::function<void()> changed) override;
  void unwatch(std::uint64_t id) override;

  LocalStats stats() const override;
  const OpenReport& opened() const override { return report_; }
  std::vector<std::string> damage() const override;
  void sync() override;
  Result<void> checkpoint() override;
  Result<void> maintain() override;
  void abandon() override { abandoned_ = true; }

 private:
  Result<Accepted> submit_journaled(Store* store, Commit&& commit);
  Result<Accepted> submit_checkpointed(Store& store, Commit&& commit);
  Result<void> check_owner(const Store& store, Epoch epoch) const;
  Result<Store*> store_of(const Commit& commit) const;

  /// True: there was so much that the next group may wait for company.
  bool write_group();
  void sync_inline();
  bool overlay_full() const;
  bool checkpoint_due() const;
  /// What is done beside the callers: on_error hears of a failure. Returns whether there was none.
  bool tell(const Result<void>& done);
  Result<void> checkpoint(bool closing);
  Result<void> checkpoint_locked(bool closing);
  Snapshot freeze();
  void thaw(const Snapshot& snapshot);
  void run_writer();
  void run_preparer();
  void run_keeper();
  void wake_keeper();
  void stop_threads();
  [[noreturn]] void fatal(const std::string& what) const;
  void note_damage(const Error& error) const;

  const LocalOptions options_;
  RunningClock own_clock_;
  const Clock& clock_;
  LockFile lock_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<StateStore> state_;
  Stores stores_;
  std::unique_ptr<Journal> journal_;
  Watchers watchers_;
  OpenReport report_;
  mutable std::mutex damage_mutex_;
  mutable std::set<std::string> damage_;  ///< that reads have found
  double recovery_ms_ = 0;
  bool abandoned_ = false;
  bool started_ = false;

  std::mutex checkpoint_mutex_;       ///< one checkpoint at a time
  std::optional<Snapshot> snapshot_;  ///< frozen, not in the state store yet
  mutable std::mutex acquire_mutex_;  ///< guards adding and finding stores
  std::shared_mutex freeze_mutex_;    ///< shared: between a commit's place in the order and its changes' in the overlay
  mutable std::atomic<std::ptrdiff_t> overlay_bytes_ = 0;
  std::atomic<std::uint64_t> checkpoint_at_bytes_ = 0;  ///< journal bytes at the last checkpoint
  std::atomic<std::uint64_t> checkpoints_ = 0;
  std::atomic<std::uint64_t> state_bytes_ = 0;
  std::atomic<std::uint64_t> checkpointed_commits_ = 0;

  Reminder failed_;  ///< checkpoints beside the callers; the keeper's, or the only thread's

  std::mutex keeper_mutex_;
  std::condition_variable keeper_;
  bool keeper_wanted_ = false;
  std::atomic<bool> keeper_busy_ = false;  ///< woken for a checkpoint, and not done with it
  bool stopping_ = false;
  std::thread writer_thread_, preparer_thread_, keeper_thread_;
};

}  // namespace baton::log::local
