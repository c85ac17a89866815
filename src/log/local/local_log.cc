#include "log/local/local_log.h"

#include <chrono>

#include "base/assert.h"
#include "log/check.h"
#include "log/local/read.h"
#include "log/local/recovery.h"

namespace baton::log::local {
namespace {

JournalOptions journal_options(const LocalOptions& options) {
  return {options.segment_bytes,     options.recent_bytes,  options.unsynced_bytes_max,
          options.free_segments_max, options.zero_segments, !options.threads};
}

/// Reused by all commits of a thread, unless one was huge.
struct Scratch {
  Draft draft;
  std::vector<Offset> bases;
  void trim() {
    constexpr std::size_t kKeptBytes = 1U << 20U;
    if (draft.bytes.capacity() > kKeptBytes) draft.bytes = {};
  }
};

Scratch& scratch() {
  thread_local Scratch its;
  return its;
}

/// Offsets of the appended records, from the first of each partition's group.
std::vector<Offset> offsets_of(const Scratch& s, std::size_t appends) {
  std::vector<Offset> offsets;
  offsets.reserve(appends);
  std::vector<Offset> next = s.bases;
  for (std::size_t i = 0; i < appends; ++i) {
    Offset& offset = next[s.draft.order[i]];
    offsets.push_back(offset);
    offset = offset.next();
  }
  return offsets;
}

}  // namespace

Local::Local(LocalOptions options, LockFile lock, std::unique_ptr<Disk> disk, std::unique_ptr<StateStore> state)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : own_clock_),
      lock_(std::move(lock)),
      disk_(std::move(disk)),
      state_(std::move(state)) {}

Result<void> Local::start() {
  const auto began = std::chrono::steady_clock::now();
  BATON_TRY(JournalState journal, recover(*disk_, *state_, options_, clock_.now(), stores_, report_));
  journal_ = std::make_unique<Journal>(*disk_, journal_options(options_), std::move(journal));
  for (std::uint32_t i = 0; i < stores_.size(); ++i) {
    overlay_bytes_ += static_cast<std::ptrdiff_t>(stores_.at(i)->overlay.active_bytes());
  }
  BATON_CHECK(journal_->begin());
  (void)write_group();
  recovery_ms_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
  started_ = true;
  if (options_.threads) {
    writer_thread_ = std::thread([this] { run_writer(); });
    preparer_thread_ = std::thread([this] { run_preparer(); });
    keeper_thread_ = std::thread([this] { run_keeper(); });
  }
  return {};
}

Result<Topic> Local::open_topic(const TopicSpec& spec) {
  BATON_CHECK(check_spec(spec));
  Position position;
  BATON_TRY(Topic topic, journal_->open_topic(spec, position));
  BATON_CHECK(check_same(topic, spec));
  await(position);
  return topic;
}

std::optional<Topic> Local::find_topic(std::string_view name) const {
  return journal_->find_topic(name);
}
std::vector<Topic> Local::topics() const {
  return journal_->list_topics();
}
Offset Local::first(TopicPartition from) const {
  return journal_->first(from);
}
Offset Local::end(TopicPartition from, Isolation isolation) const {
  return journal_->end(from, isolation);
}

Result<Batch> Local::read(TopicPartition at, Offset from, std::size_t bytes_max, Isolation isolation) const {
  Result<Batch> batch = execute(journal_->plan_read(at, from, bytes_max, isolation), *state_, bytes_max);
  if (batch || batch.error().code != Code::corrupt) return batch;
  const Error error = within(journal_->name_of(at), batch.error());
  note_damage(error);
  return error;
}

/// Whoever meets it first, everybody hears of it: a reader may be a stranger who keeps it to himself.
void Local::note_damage(const Error& error) const {
  constexpr std::size_t kMost = 100;
  {
    const std::lock_guard lock(damage_mutex_);
    if (damage_.size() >= kMost || !damage_.insert(error.text).second) return;
  }
  if (options_.on_error) options_.on_error(error);
}

std::vector<std::string> Local::damage() const {
  const std::lock_guard lock(damage_mutex_);
  return {damage_.begin(), damage_.end()};
}

Result<Owner> Local::acquire(const StoreName& name, Durability durability) {
  BATON_CHECK(check_owner_name(name));
  const std::lock_guard adding(acquire_mutex_);
  const std::shared_lock freezing(freeze_mutex_);
  Store* store = stores_.find(name);
  if (store == nullptr && stores_.size() == Stores::kMax) {
    return Error{Code::busy, "acquire " + name.owner + ": " + std::to_string(Stores::kMax) + " stores are the most"};
  }
  std::unique_lock<std::mutex> lock;
  if (store != nullptr) lock = std::unique_lock(store->mutex);
  const Epoch epoch = store != nullptr ? store->epoch.next() : Epoch(1);
  const auto id = store != nullptr ? store->id : static_cast<std::uint32_t>(stores_.size());
  Scratch& s = scratch();
  draft_owner(s.draft, {id, epoch, name, store != nullptr ? store->durability : durability});
  BATON_CHECK(journal_->append(s.draft, s.bases));
  if (store == nullptr) store = &stores_.add(name, durability);
  BATON_ASSERT(store->id == id);
  BATON_ASSERT(store->epoch < epoch);
  store->epoch = epoch;
  store->meta_changed = true;
  return Owner{id, epoch};
}

Result<std::optional<std::string>> Local::get(Owner owner, std::string_view key) const {
  const Store* store = stores_.at(owner.store);
  if (store == nullptr) return unknown_store(owner.store);
  std::size_t grown = 0;
  const std::lock_guard lock(store->mutex);
  auto value = local::get(*store, *state_, key, !overlay_full(), grown);
  if (grown > 0) overlay_bytes_ += static_cast<std::ptrdiff_t>(grown);
  return value;
}

Result<std::vector<Pair>> Local::scan(Owner owner, std::string_view from, std::string_view to,
                                      std::size_t limit) const {
  const Store* store = stores_.at(owner.store);
  if (store == nullptr) return unknown_store(owner.store);
  const std::lock_guard lock(store->mutex);
  return local::scan(*store, *state_, from, to, limit);
}

std::optional<Owner> Local::reader(const StoreName& name) const {
  const Store* store = nullptr;
  {
    const std::lock_guard lock(acquire_mutex_);
    store = stores_.find(name);
  }
  if (store == nullptr) return std::nullopt;
  const std::lock_guard lock(store->mutex);
  return Owner{store->id, store->epoch};
}

std::map<TopicPartition, Offset> Local::consumed(const StoreName& name) const {
  const Store* store = nullptr;
  {
    const std::lock_guard lock(acquire_mutex_);
    store = stores_.find(name);
  }
  if (store == nullptr) return {};
  const std::lock_guard lock(store->mutex);
  return store->consumed;
}

Result<Store*> Local::store_of(const Commit& commit) const {
  if (!commit.owner) {
    if (commit.changes.empty() && commit.consumed.empty()) return nullptr;
    return invalid("submit: state without an owner");
  }
  Store* store = stores_.at(commit.owner->store);
  if (store == nullptr) return unknown_store(commit.owner->store);
  return store;
}

Result<void> Local::check_owner(const Store& store, Epoch epoch) const {
  if (store.epoch != epoch) return fenced(store.name, epoch, store.epoch);
  if (overlay_bytes_ > static_cast<std::ptrdiff_t>(4 * options_.overlay_bytes_max)) {
    return Error{Code::busy, "submit: too many changes wait for a checkpoint"};
  }
  return {};
}

Result<Accepted> Local::submit(Commit&& commit) {
  BATON_CHECK(check_bytes(commit, commit_bytes_max()));
  BATON_TRY(Store * store, store_of(commit));
  if (store != nullptr && store->durability == Durability::checkpointed) {
    return submit_checkpointed(*store, std::move(commit));
  }
  const bool readable = !commit.appends.empty();
  auto accepted = submit_journaled(store, std::move(commit));
  if (accepted && readable) watchers_.call();
  return accepted;
}

Result<Accepted> Local::submit_journaled(Store* store, Commit&& commit) {
  Scratch& s = scratch();
  draft_commit(s.draft, commit);
  s.draft.taken_at = clock_.now();
  Accepted accepted;
  if (store == nullptr) {
    BATON_TRY(accepted.position, journal_->append(s.draft, s.bases));
  } else {
    const std::shared_lock freezing(freeze_mutex_);
    const std::lock_guard lock(store->mutex);
    BATON_CHECK(check_owner(*store, commit.owner->epoch));
    BATON_TRY(accepted.position, journal_->append(s.draft, s.bases));
    overlay_bytes_ += apply(*store, std::move(commit.changes), commit.consumed);
  }
  if (!commit.appends.empty()) accepted.offsets = offsets_of(s, commit.appends.size());
  s.trim();
  return accepted;
}

/// Has no frame, and so no position of its own: it stands where the last commit stands.
Result<Accepted> Local::submit_checkpointed(Store& store, Commit&& commit) {
  if (!commit.appends.empty()) return appends_in_checkpointed(store.name);
  Accepted accepted;
  {
    const std::shared_lock freezing(freeze_mutex_);
    const std::lock_guard lock(store.mutex);
    BATON_CHECK(check_owner(store, commit.owner->epoch));
    overlay_bytes_ += apply(store, std::move(commit.changes), commit.consumed);
    accepted.position = journal_->last();
  }
  ++checkpointed_commits_;
  if (overlay_full()) wake_keeper();
  return accepted;
}

Position Local::durable() const {
  return journal_->durable();
}

void Local::await(Position position) {
  if (options_.threads) {
    journal_->wait_durable(position);
  } else if (journal_->durable() < position) {
    sync_inline();
  }
}

void Local::sync() {
  await(journal_->last());
}

std::uint64_t Local::watch(std::function<void()> changed) {
  return watchers_.add(std::move(changed));
}
void Local::unwatch(std::uint64_t id) {
  watchers_.remove(id);
}

LocalStats Local::stats() const {
  const JournalStats journal = journal_->stats();
  LocalStats stats;
  stats.bytes_written = journal.bytes_written;
  stats.frame_bytes = journal.frame_bytes;
  stats.state_bytes = state_bytes_;
  stats.syncs = journal.syncs;
  stats.commits = journal.commits + checkpointed_commits_;
  stats.checkpoints = checkpoints_;
  stats.segments = journal.segments;
  stats.recovery_ms = recovery_ms_;
  return stats;
}

}  // namespace baton::log::local
