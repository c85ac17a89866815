#include "stream/runner.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "stream/assignment.h"
#include "stream/shard.h"

namespace baton::stream {
namespace {

constexpr Millis kTakeOverAgainMs = 100;

/// A round is full well before its commit is: the last input's effects come on top.
RunnerOptions fitting(RunnerOptions options, std::size_t commit_bytes_max) {
  options.round_bytes_max = std::min(options.round_bytes_max, commit_bytes_max / 4);
  BATON_ASSERT(options.round_bytes_max > 0);
  return options;
}

}  // namespace

struct Runner::Impl {
  Impl(log::Log& log, const Clock& the_clock, Executor& the_executor, RunnerOptions options)
      : clock(the_clock), executor(the_executor), shard(log, fitting(std::move(options), log.commit_bytes_max())) {
    BATON_ASSERT(shard.options.shard < shard.options.shards);
    BATON_ASSERT(shard.options.round_records_max > 0);
    watch = log.watch([this] {
      if (!submitting(shard)) shard.inbox->signal.raise();
    });
  }
  ~Impl() { shard.log.unwatch(watch); }

  void take_messages();
  void add(ProcessorSpec spec);
  std::size_t take_over();
  std::size_t rounds();
  void start_jobs();
  std::optional<Instant> next_look() const;
  std::size_t stuck() const;

  const Clock& clock;
  Executor& executor;
  Shard shard;
  std::uint64_t watch = 0;
  std::map<std::string, ProcessorSpec, std::less<>> specs;
  std::deque<std::pair<std::string, log::PartitionId>> to_take_over;
  Instant take_over_at;
  std::vector<std::unique_ptr<Assignment>> assignments;  ///< by number; nullptr: fenced
  Inbox::Messages messages;
  bool take_over_failed = false;
  std::size_t handled = 0;  ///< by the last step
};

void Runner::Impl::take_messages() {
  shard.inbox->drain(messages);
  for (ProcessorSpec& spec : messages.specs) add(std::move(spec));
  for (Finished& finished : messages.finished) {
    Assignment* assignment = assignments[finished.assignment].get();
    if (assignment != nullptr) assignment->take(std::move(finished));
  }
  messages.specs.clear();
  messages.finished.clear();
}

void Runner::Impl::add(ProcessorSpec spec) {
  const auto known = specs.find(spec.name);
  if (known != specs.end()) {
    known->second.topics = spec.topics;
    for (const auto& assignment : assignments) {
      if (assignment && assignment->name() == spec.name) assignment->subscribe(spec.topics);
    }
    return;
  }
  BATON_ASSERT(!spec.topics.empty());
  std::set<std::int32_t> partitions;
  for (const std::string& name : spec.topics) {
    const std::optional<log::Topic> topic = shard.log.find_topic(name);
    BATON_ASSERT(topic.has_value());
    partitions.insert(topic->spec.partitions);
  }
  BATON_ASSERT(partitions.size() == 1);
  const auto step = static_cast<std::int32_t>(shard.options.shards);
  for (auto p = static_cast<std::int32_t>(shard.options.shard); p < *partitions.begin(); p += step) {
    to_take_over.emplace_back(spec.name, log::PartitionId(p));
  }
  take_over_at = shard.now;
  std::string name = spec.name;
  specs.emplace(std::move(name), std::move(spec));
}

std::size_t Runner::Impl::take_over() {
  std::size_t taken = 0;
  for (; !to_take_over.empty() && take_over_at <= shard.now; ++taken) {
    const auto& [name, partition] = to_take_over.front();
    auto assignment = Assignment::take_over(shard, specs.find(name)->second, partition, assignments.size());
    take_over_failed = !assignment;
    if (!assignment) {
      shard.report("take over " + name, assignment.error());
      take_over_at = shard.now + kTakeOverAgainMs;
      break;
    }
    assignments.push_back(*std::move(assignment));
    to_take_over.pop_front();
  }
  return taken;
}

std::size_t Runner::Impl::rounds() {
  std::size_t sum = 0;
  for (std::unique_ptr<Assignment>& assignment : assignments) {
    if (!assignment) continue;
    sum += assignment->round();
    if (!assignment->fenced()) continue;
    assignment.reset();
    shard.counters.fenced.add();
  }
  return sum;
}

std::size_t Runner::Impl::stuck() const {
  const auto count = std::ranges::count_if(assignments, [](const auto& a) { return a && a->stuck(); });
  return static_cast<std::size_t>(count) + (take_over_failed ? to_take_over.size() : 0);
}

void Runner::Impl::start_jobs() {
  if (!shard.starting.empty()) executor.submit_all(std::exchange(shard.starting, {}));
}

std::optional<Instant> Runner::Impl::next_look() const {
  std::optional<Instant> look;
  const auto at = [&](std::optional<Instant> other) {
    if (other && (!look || *other < *look)) look = other;
  };
  if (!to_take_over.empty()) at(take_over_at);
  for (const auto& assignment : assignments) {
    if (!assignment) continue;
    if (!assignment->refused()) at(assignment->next_timer());
    at(assignment->next_look());
  }
  return look;
}

Runner::Runner(log::Log& log, const Clock& clock, Executor& executor, RunnerOptions options)
    : impl_(std::make_unique<Impl>(log, clock, executor, std::move(options))) {}
Runner::~Runner() = default;

void Runner::add(ProcessorSpec spec) {
  impl_->shard.inbox->send(std::move(spec));
}

std::size_t Runner::step() {
  Shard& shard = impl_->shard;
  shard.inbox->signal.clear();
  shard.now = impl_->clock.now();
  shard.durable = shard.log.durable();
  impl_->take_messages();
  impl_->handled = impl_->take_over();
  shard.feeds.look();
  impl_->handled += impl_->rounds();
  impl_->start_jobs();
  shard.counters.stuck.set(impl_->stuck());
  if (impl_->handled == 0) shard.feeds.forget();
  return impl_->handled;
}

void Runner::idle(Millis most_ms) {
  if (impl_->handled > 0) return;  // the last step may have left something
  const std::optional<Instant> look = impl_->next_look();
  Millis wait_ms = most_ms;
  if (look) wait_ms = std::min(wait_ms, *look - impl_->clock.now());
  if (wait_ms > 0) impl_->shard.inbox->signal.wait(std::chrono::milliseconds(wait_ms));
}

void Runner::wake() {
  impl_->shard.inbox->signal.raise();
}

std::optional<Instant> Runner::next_timer() const {
  std::optional<Instant> next;
  for (const auto& assignment : impl_->assignments) {
    if (!assignment || !assignment->next_timer()) continue;
    next = next ? std::min(*next, *assignment->next_timer()) : *assignment->next_timer();
  }
  return next;
}

bool Runner::busy() const {
  const Shard& shard = impl_->shard;
  if (shard.last > shard.log.durable()) return true;
  return std::ranges::any_of(impl_->assignments, [](const auto& a) { return a && a->busy(); });
}

RunnerStats Runner::stats() const {
  const Counters& c = impl_->shard.counters;
  return {.events = c.events.get(),
          .timers = c.timers.get(),
          .outcomes = c.outcomes.get(),
          .commits = c.commits.get(),
          .jobs = c.jobs.get(),
          .malformed = c.malformed.get(),
          .set_aside = c.set_aside.get()};
}

std::size_t Runner::fenced() const {
  return impl_->shard.counters.fenced.get();
}

std::size_t Runner::stuck() const {
  return impl_->shard.counters.stuck.get();
}

}  // namespace baton::stream
