// What one processor does in one round, collected into one commit.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "log/log.h"
#include "stream/processor.h"
#include "stream/set_aside.h"
#include "stream/writes.h"

namespace baton::stream {

/// The Context that processors see. One per shard, used by its assignments in turn. Reads see the round's writes, then
/// the store. Thread: one shard.
class Round final : public Context {
 public:
  explicit Round(log::Log& log) : log_(log) {}

  /// `bytes_max`: from how many bytes() on it is full.
  void begin(log::Owner owner, log::PartitionId partition, log::Durability durability, Instant clock,
             std::size_t bytes_max);
  /// The next input begins, at this time.
  void at(Instant now) {
    BATON_ASSERT(!again_);  // nothing comes before the rest of the one that called again()
    now_ = now;
    may_go_on_ = true;
  }
  /// No input any more: flush() comes.
  void inputs_over() { may_go_on_ = false; }

  /// Nothing was done that must be kept.
  bool empty() const { return writes_.empty() && appends_.empty() && jobs_.empty(); }
  /// Of what was published, written and read so far: what is read is mostly written again at the round's end
  /// (Processor::flush), and a commit must stay far below what a log takes at once.
  std::size_t bytes() const { return bytes_; }
  bool full() const override { return again_ || bytes_ >= bytes_max_; }
  /// Why the step that is under way, or was before flush(), comes to nothing; the first reason.
  const std::optional<Error>& failed() const { return failed_; }
  /// Why the store, and so the round, can't be read.
  const std::optional<Error>& unreadable() const { return unreadable_; }
  /// Nothing of it stands.
  void discard();
  std::size_t jobs() const { return jobs_.size(); }
  /// The earliest timer that this round has armed.
  std::optional<Instant> armed() const { return armed_; }

  /// Timers from `from` on, itself included, that are due at `to` or before; by due time and key.
  std::vector<Timer> timers(const Timer& from, Instant to, std::size_t limit);
  /// The first timer that is due after `after`.
  std::optional<Timer> first_timer_after(Instant after);
  /// Takes the timer out of the store; false when it is not there any more.
  bool take_timer(const Timer& timer);
  /// Takes the rest of an input out of the store.
  struct Rest {
    Instant now;  ///< the input's time
    std::string cursor;
  };
  std::optional<Rest> take_rest();
  bool has_rest();
  /// Keys of jobs whose outcomes are noted as set aside.
  std::vector<std::string> barred_jobs();
  /// What its commit counts for so far (log::commit_bytes), without consumed offsets.
  std::size_t commit_bytes() const;
  /// An input of this round called again().
  bool goes_on() const { return again_; }
  /// Notes an input that comes to nothing. The oldest notes go when there are more than kSetAsideMax.
  void note_aside(const SetAside& aside);

  /// The effects, without owner and consumed offsets; afterwards there are none.
  log::Commit take_commit();
  std::vector<Job> take_jobs();

  Instant now() const override { return now_; }
  Instant clock() const override { return clock_; }
  log::PartitionId partition() const override { return partition_; }
  std::optional<std::string> get(std::string_view key) override;
  void put(std::string_view key, std::string value) override;
  void erase(std::string_view key) override;
  std::vector<log::Pair> scan(std::string_view prefix, std::string_view after, std::size_t limit) override;
  void publish(std::string_view topic, const event::Event& event) override;
  void arm(Instant due, std::string_view key) override;
  void disarm(Instant due, std::string_view key) override;
  void run(Job job) override { jobs_.push_back(std::move(job)); }
  void again(std::string cursor) override;
  void fail(Error why) override;

 private:
  template <class T>
  T read(Result<T> result);
  std::vector<log::Pair> range(const std::string& from, const std::string& to, std::size_t limit);
  const log::Topic& topic(std::string_view name);

  log::Log& log_;
  std::map<std::string, log::Topic, std::less<>> topics_;  ///< those published to so far; a topic never changes
  log::Owner owner_;
  log::PartitionId partition_;
  log::Durability durability_ = log::Durability::journaled;
  Instant now_;
  Instant clock_;
  Writes writes_;
  std::vector<log::Append> appends_;
  std::vector<Job> jobs_;
  std::size_t bytes_ = 0;
  std::size_t bytes_max_ = 0;
  bool again_ = false;
  bool may_go_on_ = false;
  std::optional<Error> failed_;
  std::optional<Error> unreadable_;
  std::optional<Instant> armed_;
  std::string scratch_;  ///< for stored keys that are only looked up
};

}  // namespace baton::stream
