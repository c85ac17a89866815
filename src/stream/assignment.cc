#include "stream/assignment.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/assert.h"

namespace baton::stream {
namespace {

constexpr std::size_t kOutcomesMax = 256;  // per round
constexpr std::size_t kTimersMax = 256;    // per round
// A participant passes over most records of a topic. Offsets that moved without any effect are not worth a commit each:
// they ride on the next one, or go alone after a while. A crash before only means that these records are passed over
// again.
constexpr Millis kOffsetsHeldMs = 200;
constexpr std::int64_t kRecordsHeldMax = 4096;
constexpr Millis kReadAgainMs = 1000;  // and a store: assignment_again.cc
constexpr Millis kOfferAgainMs = 10;
constexpr Instant kLongAgo(std::numeric_limits<Millis>::min());

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

Result<std::unique_ptr<Assignment>> Assignment::take_over(Shard& shard, const ProcessorSpec& spec,
                                                          log::PartitionId partition, std::size_t number) {
  BATON_TRY(const log::Owner owner, shard.log.acquire({spec.name, partition}, spec.durability));
  return std::unique_ptr<Assignment>(new Assignment(shard, spec, partition, number, owner));
}

Assignment::Assignment(Shard& shard, const ProcessorSpec& spec, log::PartitionId partition, std::size_t number,
                       log::Owner owner)
    : shard_(shard),
      name_(spec.name),
      partition_(partition),
      number_(number),
      durability_(spec.durability),
      jobs_max_(spec.jobs_max),
      from_end_(spec.from_end),
      owner_(owner),
      make_(spec.make),
      processor_(make_(partition)),
      stalled_until_(kLongAgo) {
  BATON_ASSERT(processor_ != nullptr);
  BATON_ASSERT(jobs_max_ > 0);
  subscribe(spec.topics);
}

void Assignment::subscribe(const std::vector<std::string>& topics) {
  const std::map<log::TopicPartition, log::Offset> consumed = shard_.log.consumed({name_, partition_});
  for (const std::string& name : topics) {
    const std::optional<log::Topic> topic = shard_.log.find_topic(name);
    BATON_ASSERT(topic.has_value());
    const log::TopicPartition from{topic->id, partition_};
    if (std::ranges::any_of(readers_, [&](const Reader& r) { return r.feed->from == from; })) continue;
    const auto known = consumed.find(from);
    const bool at_end = known == consumed.end() && from_end_;
    const log::Offset next = known != consumed.end() ? known->second
                             : at_end                ? shard_.log.end(from, log::Isolation::accepted)
                                                     : shard_.log.first(from);
    // A start at the end is written down, or a crash would move it to a later end.
    readers_.push_back(
        {&shard_.feeds.open(from, name), next, at_end ? log::Offset(-1) : next, next, nullptr, kLongAgo});
    offsets_due_ |= at_end;
  }
}

std::size_t Assignment::round() {
  start_durable_jobs();
  if (refused_) return offer() ? 1 : 0;
  if (!ready()) return 0;
  shard_.round.begin(owner_, partition_, durability_, shard_.now, shard_.options.round_bytes_max);
  const std::size_t handled = work();
  if (const auto why = why_nothing()) {
    came_to_nothing(*why, handled);
    return std::max<std::size_t>(handled, 1);
  }
  finish_round();
  return handled;
}

/// Hands over what there is and what the round may have.
std::size_t Assignment::work() {
  BATON_ASSERT(outcomes_handed_ == 0);
  rest_handed_ = false;
  input_.reset();
  inputs_left_ = singly_ > 0 ? 1 : std::numeric_limits<std::size_t>::max();
  std::size_t handled = restored_ ? 0 : restore();
  if (handled > 0 && singly_ > 0) inputs_left_ = 0;  // by itself, so that what fails can be told
  if (goes_on_) {
    handled += hand_over_rest();
  } else {
    handled += hand_over_outcomes();
    handled += fire_timers();
    handled += read_events();
  }
  shard_.round.inputs_over();
  if (handled > 0) processor_->flush(shard_.round);
  return handled;
}

void Assignment::take(Finished finished) {
  outcomes_.push_back({std::move(finished.key), finished.ok, std::move(finished.payload), Instant()});
}

void Assignment::start_durable_jobs() {
  while (!waiting_.empty() && waiting_.front().position <= shard_.durable) {
    for (Job& job : waiting_.front().jobs) {
      shard_.start(std::move(job), number_);
      --jobs_waiting_;
      ++jobs_running_;
    }
    waiting_.pop_front();
  }
}

bool Assignment::ready() const {
  if (stalled_until_ > shard_.now) return false;
  if (!restored_ || goes_on_ || offsets_due_ || !outcomes_.empty()) return true;
  if (timer_due()) return true;
  if (moved_at_ && shard_.now - *moved_at_ >= kOffsetsHeldMs) return true;
  if (jobs_open() >= jobs_max_) return false;
  return std::ranges::any_of(readers_, [&](const Reader& reader) { return readable(reader); });
}

bool Assignment::timer_due() const {
  return next_timer_ && next_timer_->due <= shard_.now;
}

bool Assignment::readable(const Reader& reader) const {
  return reader.next < reader.feed->end && reader.stalled_until <= shard_.now;
}

bool Assignment::stuck() const {
  return (refused_ && no_room_) || stalled_until_ > shard_.now ||
         std::ranges::any_of(readers_, [&](const Reader& reader) { return reader.stalled_until > shard_.now; });
}

std::optional<Instant> Assignment::next_look() const {
  std::optional<Instant> look;
  if (refused_) look = shard_.now + kOfferAgainMs;
  if (moved_at_) look = earlier(look, *moved_at_ + kOffsetsHeldMs);
  if (stalled_until_ > shard_.now) look = earlier(look, stalled_until_);
  for (const Reader& reader : readers_) {
    if (reader.stalled_until > shard_.now) look = earlier(look, reader.stalled_until);
  }
  return look;
}

std::size_t Assignment::restore() {
  restored_ = true;
  next_timer_ = shard_.round.first_timer_after(kLongAgo);
  goes_on_ = shard_.round.has_rest();
  for (std::string& key : shard_.round.barred_jobs()) barred_.insert(std::move(key));
  shard_.round.at(shard_.now);
  shard_.round.inputs_over();
  processor_->restore(shard_.round);
  return 1;
}

/// Alone in its round: what it still has to do may be as much as another round takes.
std::size_t Assignment::hand_over_rest() {
  if (!more()) return 0;
  const std::optional<Round::Rest> rest = shard_.round.take_rest();
  if (!rest) return 0;  // unreadable
  began({SetAside::What::rest});
  rest_handed_ = true;
  shard_.round.at(rest->now);
  processor_->on_again(rest->cursor, shard_.round);
  return 1;
}

void Assignment::began(const Input& input) {
  BATON_ASSERT(inputs_left_ > 0);
  --inputs_left_;
  if (singly_ > 0) input_ = input;
}

std::size_t Assignment::hand_over_outcomes() {
  for (; outcomes_handed_ < kOutcomesMax && outcomes_handed_ < outcomes_.size() && more();) {
    Outcome& outcome = outcomes_[outcomes_handed_];
    outcome.at = shard_.now;
    began({SetAside::What::outcome});
    shard_.round.at(shard_.now);
    ++outcomes_handed_;
    BATON_ASSERT(jobs_running_ >= outcomes_handed_);
    under_way_.erase(outcome.key);
    processor_->on_outcome(outcome, shard_.round);
  }
  shard_.counters.outcomes.add(outcomes_handed_);
  return outcomes_handed_;
}

std::size_t Assignment::fire_timers() {
  if (!timer_due() || !more()) return 0;
  const std::vector<Timer> due = shard_.round.timers(*next_timer_, shard_.now, kTimersMax);
  // What is armed meanwhile comes in through armed(); what is disarmed only makes the bound too low.
  std::optional<Timer> next = due.size() == kTimersMax ? due.back() : shard_.round.first_timer_after(shard_.now);
  std::size_t handled = 0;
  for (const Timer& timer : due) {
    if (!more()) {
      next = timer;
      break;
    }
    if (!shard_.round.take_timer(timer)) continue;
    began({SetAside::What::timer, timer});
    shard_.round.at(shard_.now);
    processor_->on_timer(timer, shard_.round);
    ++handled;
  }
  next_timer_ = next;
  shard_.counters.timers.add(handled);
  return handled;
}

std::size_t Assignment::read_events() {
  Budget budget{shard_.options.round_records_max, shard_.options.round_bytes_max};
  for (std::size_t i = 0; i < readers_.size(); ++i) read_events((first_reader_ + i) % readers_.size(), budget);
  first_reader_ = readers_.empty() ? 0 : (first_reader_ + 1) % readers_.size();
  return shard_.options.round_records_max - budget.records;
}

void Assignment::read_events(std::size_t number, Budget& budget) {
  Reader& reader = readers_[number];
  while (budget.records > 0 && budget.bytes > 0 && more() && readable(reader)) {
    if (jobs_open() + shard_.round.jobs() >= jobs_max_) return;
    if (!find_page(reader)) return;
    const std::size_t index = reader.page->index(reader.next);
    const log::RecordView& record = reader.page->batch.records[index];
    if (processor_->wants(reader.feed->topic, record.headers)) hand_over(number, index);
    reader.next = record.offset.next();
    --budget.records;
    budget.bytes -= std::min(budget.bytes, record.key.size() + record.headers.size() + record.value.size());
    if (reader.next == reader.page->batch.next) reader.page.reset();
  }
}

/// Puts the reader into the page that holds its next record; false: there is none now.
bool Assignment::find_page(Reader& reader) {
  if (reader.page) return true;
  Result<std::shared_ptr<Page>> page = shard_.feeds.page(*reader.feed, reader.next);
  if (!page) {
    report(reader.feed->topic, page.error());
    reader.stalled_until = shard_.now + kReadAgainMs;
    return false;
  }
  if (!*page) {  // trimmed up to its end
    pass_trimmed(reader, shard_.log.first(reader.feed->from));
    return false;
  }
  if (const auto& gap = (*page)->batch.gap) {
    report(reader.feed->topic,
           {Code::corrupt, "records " + std::to_string(reader.next.value) + " to " + std::to_string(gap->to.value - 1) +
                               " are lost, and passed over: " + gap->why});
    BATON_ASSERT(gap->to > reader.next);
    reader.next = gap->to;
    return readable(reader) && find_page(reader);
  }
  reader.page = *std::move(page);
  pass_trimmed(reader, reader.page->first());
  return true;
}

void Assignment::pass_trimmed(Reader& reader, log::Offset first) {
  if (first <= reader.next) return;
  report(reader.feed->topic, not_found("retention has removed records " + std::to_string(reader.next.value) + " to " +
                                       std::to_string(first.value - 1) + " before they were read"));
  reader.next = first;
}

void Assignment::report(const std::string& at, const Error& error) {
  shard_.report(name_ + "/" + std::to_string(partition_.value) + " at " + at, error);
}

void Assignment::hand_over(std::size_t number, std::size_t index) {
  const Reader& reader = readers_[number];
  const event::Event* event = shard_.feeds.event(*reader.feed, *reader.page, index);
  if (event == nullptr) return;
  const log::RecordView& record = reader.page->batch.records[index];
  began({SetAside::What::event, {}, number, record.offset});
  shard_.round.at(record.time);
  processor_->on_event({reader.feed->from, reader.feed->topic, record.offset, *event}, shard_.round);
  shard_.counters.events.add();
}

void Assignment::finish_round() {
  BATON_ASSERT(!refused_);
  goes_on_ = shard_.round.goes_on() || (goes_on_ && !rest_handed_);
  outcomes_.erase(outcomes_.begin(), outcomes_.begin() + static_cast<std::ptrdiff_t>(outcomes_handed_));
  jobs_running_ -= std::exchange(outcomes_handed_, 0);
  if (input_ && singly_ > 0) --singly_;
  const std::optional<Instant> armed = shard_.round.armed();
  if (armed && (!next_timer_ || *armed <= next_timer_->due)) next_timer_ = Timer{*armed, ""};
  std::int64_t held = 0;
  for (const Reader& reader : readers_) held += reader.next.value - reader.committed.value;
  if (held == 0) moved_at_.reset();
  if (held > 0 && !moved_at_) moved_at_ = shard_.now;
  const bool long_held = moved_at_ && (held >= kRecordsHeldMax || shard_.now - *moved_at_ >= kOffsetsHeldMs);
  if (shard_.round.empty() && !offsets_due_ && !long_held) return;

  for (Job& job : shard_.round.take_jobs()) {
    if (barred_.contains(job.key) || !under_way_.insert(job.key).second) continue;
    refused_jobs_.push_back(std::move(job));
  }
  jobs_waiting_ += refused_jobs_.size();
  refused_ = shard_.round.take_commit();
  refused_->owner = owner_;
  for (Reader& reader : readers_) {
    if (reader.next == reader.committed) continue;
    refused_->consumed.push_back({reader.feed->from, reader.next});
    reader.committed = reader.next;
  }
  moved_at_.reset();
  offsets_due_ = false;
  offer();
}

/// Submits the finished commit; false: refused, it stays.
bool Assignment::offer() {
  const Result<log::Position> position = shard_.submit(*refused_);
  if (!position) {
    const Code code = position.error().code;
    fenced_ = code == Code::fenced;
    no_room_ = code == Code::out_of_space;
    if (code != Code::busy) report("its commit", position.error());  // busy is how a log sets the pace
    return false;
  }
  refused_.reset();
  if (!refused_jobs_.empty()) waiting_.push_back({*position, std::exchange(refused_jobs_, {})});
  return true;
}

}  // namespace baton::stream
