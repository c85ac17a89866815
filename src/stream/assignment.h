// One processor in one partition: what it reads, what it waits for, what it has under way.
//
//   round:  outcomes, due timers, events  ->  Processor  ->  one commit  ->  accepted: the next round may come
//                       or the rest of an                       \-> durable: its jobs start
//                       input, alone
//
// A round may come to nothing: an input failed, its effects are more than a commit takes, or the store can't be read.
// Then the processor is made anew, everything stands as it was committed last, and its inputs come again: one a round
// (*singly*), so that the one whose fault it is can be told and set aside; the others go through.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "stream/processor.h"
#include "stream/shard.h"

namespace baton::stream {

/// Thread: one shard.
class Assignment {
 public:
  /// Acquires the store and opens the feeds. Errors: as Log::acquire.
  static Result<std::unique_ptr<Assignment>> take_over(Shard& shard, const ProcessorSpec& spec,
                                                       log::PartitionId partition, std::size_t number);

  /// Reads these topics too; those that it reads already are passed over.
  void subscribe(const std::vector<std::string>& topics);
  /// One round, if there is anything to do. Returns what was worked off: inputs, records passed over, a commit accepted
  /// at last.
  std::size_t round();
  void take(Finished finished);

  /// Another owner has taken the store: this one is over.
  bool fenced() const { return fenced_; }
  /// A commit refused so far, or jobs not begun or not ended.
  bool busy() const { return refused_.has_value() || jobs_open() > 0; }
  bool refused() const { return refused_.has_value(); }
  /// Its commit finds no room, or its store or a topic can't be read.
  bool stuck() const;
  /// A lower bound of the due times of the timers it has.
  std::optional<Instant> next_timer() const { return next_timer_ ? std::optional(next_timer_->due) : std::nullopt; }
  /// When it wants a round even if nothing comes in, timers aside.
  std::optional<Instant> next_look() const;
  const std::string& name() const { return name_; }

 private:
  struct Reader {
    Feed* feed;
    log::Offset next;
    log::Offset committed;       ///< told with a commit; -1: none yet
    log::Offset begin;           ///< where it stood when it was opened
    std::shared_ptr<Page> page;  ///< where it stands; nullptr: to be looked up
    Instant stalled_until;       ///< after a read that failed
  };
  struct Waiting {
    log::Position position;
    std::vector<Job> jobs;
  };
  /// Which one: a job's key is the first outcome's.
  struct Input {
    SetAside::What what;
    std::optional<Timer> timer = {};
    std::size_t reader = 0;
    log::Offset offset = {};
  };
  struct Budget {
    std::size_t records;
    std::size_t bytes;
  };

  Assignment(Shard& shard, const ProcessorSpec& spec, log::PartitionId partition, std::size_t number, log::Owner owner);

  std::size_t work();
  void start_durable_jobs();
  bool ready() const;
  bool timer_due() const;
  bool readable(const Reader& reader) const;
  std::size_t restore();
  std::size_t hand_over_rest();
  std::size_t hand_over_outcomes();
  std::size_t fire_timers();
  std::size_t read_events();
  void read_events(std::size_t number, Budget& budget);
  bool find_page(Reader& reader);
  void hand_over(std::size_t number, std::size_t index);
  void report(const std::string& at, const Error& error);
  void pass_trimmed(Reader& reader, log::Offset first);
  std::size_t jobs_open() const { return jobs_waiting_ + jobs_running_ - outcomes_handed_; }
  bool more() const { return inputs_left_ > 0 && !shard_.round.full(); }
  void began(const Input& input);
  void finish_round();
  bool offer();

  // --- a round that came to nothing (assignment_again.cc)
  std::optional<Error> why_nothing() const;
  void came_to_nothing(const Error& why, std::size_t handled);
  void start_over();
  void stall(const Error& why);
  void set_aside(const Input& input, const Error& why);
  std::string pass_over(const Input& input);

  Shard& shard_;
  const std::string name_;
  const log::PartitionId partition_;
  const std::size_t number_;
  const log::Durability durability_;
  const std::size_t jobs_max_;
  const bool from_end_;
  const log::Owner owner_;
  const std::function<std::unique_ptr<Processor>(log::PartitionId)> make_;
  std::unique_ptr<Processor> processor_;

  std::vector<Reader> readers_;
  std::size_t first_reader_ = 0;  ///< which topic the next round reads first
  std::deque<Outcome> outcomes_;
  std::size_t outcomes_handed_ = 0;  ///< of outcomes_: in this round
  std::optional<Timer> next_timer_;  ///< no timer stands before it, by due time and key
  bool restored_ = false;
  bool goes_on_ = false;      ///< the store has the rest of an input
  bool rest_handed_ = false;  ///< in this round
  bool fenced_ = false;

  std::size_t singly_ = 0;       ///< so many inputs yet come one a round
  std::size_t inputs_left_ = 0;  ///< that this round may hand over
  std::optional<Input> input_;   ///< the one that this round has handed over, if singly
  Instant stalled_until_;        ///< after the store could not be read

  std::optional<Instant> moved_at_;  ///< since when offsets have moved that no commit has told yet
  bool offsets_due_ = false;         ///< commit them with this round, whatever else it has
  std::optional<log::Commit> refused_;
  bool no_room_ = false;                       ///< why the commit is refused
  std::vector<Job> refused_jobs_;              ///< of the refused commit
  std::deque<Waiting> waiting_;                ///< accepted, not durable
  std::size_t jobs_waiting_ = 0;               ///< asked for, not begun
  std::size_t jobs_running_ = 0;               ///< begun, outcome not committed
  std::unordered_set<std::string> under_way_;  ///< keys of these jobs
  std::set<std::string> barred_;               ///< keys of jobs whose outcome was set aside
};

}  // namespace baton::stream
