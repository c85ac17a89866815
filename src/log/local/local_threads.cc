// What a local log does beside its callers: syncs, prepares segments, writes checkpoints; on threads or inline.
#include <chrono>

#include "base/assert.h"
#include "log/local/local_log.h"

namespace baton::log::local {
namespace {
/// So many commits or bytes in one group mean load: then wait for more, rather than sync for few.
constexpr std::size_t kLoadCommits = 4;
constexpr std::size_t kLoadBytes = 16U << 10U;

bool shows_load(const WriteGroup& group) {
  std::size_t bytes = 0;
  for (const Span& span : group.spans) bytes += span.bytes().size();
  return group.commits >= kLoadCommits || bytes >= kLoadBytes;
}
}  // namespace

void Local::fatal(const std::string& what) const {
  if (options_.fatal) options_.fatal(what);
  baton::fatal("the journal could not be made durable", what.c_str());
}

bool Local::write_group() {
  const auto group = journal_->take();
  if (!group) return false;
  if (const auto written = journal_->write(*group); !written) fatal(written.error_text());
  journal_->synced(*group);
  watchers_.call();
  return shows_load(*group);
}

void Local::sync_inline() {
  (void)write_group();
  if (checkpoint_due()) (void)tell(checkpoint());
}

void Local::run_writer() {
  using std::chrono::steady_clock;
  const std::chrono::microseconds gap(options_.sync_gap_us);
  while (journal_->wait_for_work(std::nullopt)) {
    const auto began = steady_clock::now();
    const bool load = write_group();
    if (checkpoint_due()) wake_keeper();
    if (load && !journal_->wait_for_work(began + gap)) break;
  }
}

void Local::run_preparer() {
  while (journal_->wait_prepare()) (void)journal_->prepare_if_wanted();
}

void Local::run_keeper() {
  const auto every = std::chrono::milliseconds(options_.maintain_every_ms > 0 ? options_.maintain_every_ms : 3'600'000);
  const std::chrono::milliseconds again(options_.checkpoint_again_ms);
  auto next_trim = std::chrono::steady_clock::now() + every;
  std::unique_lock lock(keeper_mutex_);
  while (!stopping_) {
    const bool wanted = keeper_.wait_until(lock, next_trim, [&] { return stopping_ || keeper_wanted_; });
    if (stopping_) return;
    keeper_wanted_ = false;
    lock.unlock();
    bool done = true;
    if (wanted) {
      done = tell(checkpoint());
      keeper_busy_ = false;
    }
    if (std::chrono::steady_clock::now() >= next_trim) {
      if (options_.maintain_every_ms > 0) done = tell(maintain()) && done;
      next_trim = std::chrono::steady_clock::now() + every;
    }
    // Who was refused for what waits for a checkpoint commits nothing, and so wakes nobody: it is looked for here.
    const bool due = checkpoint_due();
    lock.lock();
    if (!done) keeper_.wait_for(lock, again, [&] { return stopping_; });
    keeper_wanted_ = keeper_wanted_ || !done || due;
  }
}

bool Local::tell(const Result<void>& done) {
  if (done) return true;
  if (options_.on_error && failed_.due(done.error().code, clock_.now())) options_.on_error(done.error());
  return false;
}

void Local::wake_keeper() {
  if (keeper_busy_.exchange(true)) return;
  {
    const std::lock_guard lock(keeper_mutex_);
    keeper_wanted_ = true;
  }
  keeper_.notify_one();
}

bool Local::overlay_full() const {
  return overlay_bytes_ >= static_cast<std::ptrdiff_t>(options_.overlay_bytes_max);
}

bool Local::checkpoint_due() const {
  return journal_->appended_bytes() - checkpoint_at_bytes_ >= options_.checkpoint_bytes || overlay_full();
}

Snapshot Local::freeze() {
  const std::lock_guard adding(acquire_mutex_);
  const std::unique_lock freezing(freeze_mutex_);
  BATON_ASSERT(!snapshot_);
  Snapshot snapshot;
  snapshot.journal = journal_->freeze();
  checkpoint_at_bytes_ = journal_->appended_bytes();
  for (std::uint32_t i = 0; i < stores_.size(); ++i) {
    Store& store = *stores_.at(i);
    const std::lock_guard lock(store.mutex);
    store.overlay.freeze();
    store.any_stored = store.any_stored || !store.overlay.frozen().empty();
    snapshot.stores.push_back({&store, store.epoch, store.meta_changed ? store.consumed : decltype(store.consumed){},
                               std::exchange(store.meta_changed, false)});
  }
  return snapshot;
}

void Local::thaw(const Snapshot& snapshot) {
  for (const StoreFreeze& frozen : snapshot.stores) {
    Store& store = *stores_.at(frozen.store->id);
    const std::lock_guard lock(store.mutex);
    overlay_bytes_ -= static_cast<std::ptrdiff_t>(store.overlay.thaw());
    store.gap_known = false;
  }
  journal_->thaw(snapshot.journal);
}

/// State may reach the state store only after the records it was made from are durable: no crash keeps the consequence
/// and loses the cause.
Result<void> Local::checkpoint_locked(bool closing) {
  if (!snapshot_) {
    snapshot_ = freeze();
    snapshot_->closed = closing;
  }
  if (!options_.threads) (void)write_group();
  journal_->wait_durable(snapshot_->journal.last);
  if (journal_->durable() < snapshot_->journal.last) return Error{Code::io, "checkpoint: the log was closed"};
  BATON_ASSERT(journal_->durable() >= snapshot_->journal.last);
  std::uint64_t written = 0;
  const auto done = write_snapshot(*state_, *snapshot_, written);
  state_bytes_ += written;
  if (!done) return within("checkpoint", done.error());
  thaw(*snapshot_);
  snapshot_.reset();
  ++checkpoints_;
  return {};
}

Result<void> Local::checkpoint(bool closing) {
  const std::lock_guard lock(checkpoint_mutex_);
  if (snapshot_) BATON_CHECK(checkpoint_locked(closing));  // an earlier one that failed
  return checkpoint_locked(closing);
}

Result<void> Local::checkpoint() {
  return checkpoint(false);
}

Result<void> Local::maintain() {
  if (!journal_->trim(clock_.now(), options_.retention)) return {};
  return checkpoint();
}

void Local::stop_threads() {
  {
    const std::lock_guard lock(keeper_mutex_);
    stopping_ = true;
  }
  keeper_.notify_all();
  if (abandoned_) journal_->close();  // a checkpoint that waits for a sync gives up
  if (keeper_thread_.joinable()) keeper_thread_.join();
  if (!abandoned_) {
    sync();
    if (options_.checkpoint_on_close) (void)tell(checkpoint(true));
  }
  journal_->close();
  if (writer_thread_.joinable()) writer_thread_.join();
  if (preparer_thread_.joinable()) preparer_thread_.join();
}

Local::~Local() {
  if (started_) stop_threads();
}

}  // namespace baton::log::local
