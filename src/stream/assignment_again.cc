// A round that came to nothing: its inputs come again, singly, and the one whose fault it is is set aside.
#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "stream/assignment.h"

namespace baton::stream {
namespace {

constexpr Millis kStoreAgainMs = 1000;

}  // namespace

std::optional<Error> Assignment::why_nothing() const {
  if (shard_.round.unreadable()) return shard_.round.unreadable();
  if (shard_.round.failed()) return shard_.round.failed();
  const std::size_t bytes = shard_.round.commit_bytes() + log::kBytesPerConsumed * readers_.size();
  const std::size_t most = shard_.log.commit_bytes_max();
  if (bytes <= most) return std::nullopt;
  return Error{Code::too_large,
               "what it does is a commit of " + std::to_string(bytes) + " bytes; the most is " + std::to_string(most)};
}

void Assignment::came_to_nothing(const Error& why, std::size_t handled) {
  BATON_ASSERT(!refused_);
  const bool unreadable = shard_.round.unreadable().has_value();
  const bool singly = singly_ > 0;
  const std::optional<Input> input = std::exchange(input_, std::nullopt);
  singly_ = std::max(singly_, std::max<std::size_t>(handled, 1));
  start_over();
  if (!unreadable && singly && input) return set_aside(*input, why);
  // Neither is any input's fault: that of a store that can't be read, and of restore().
  if (unreadable || singly) stall(why);
}

/// As it was committed last, with a processor that knows nothing else.
void Assignment::start_over() {
  shard_.round.discard();
  for (Reader& reader : readers_) {
    reader.next = std::max(reader.committed, reader.begin);
    reader.page.reset();
  }
  for (std::size_t i = 0; i < outcomes_handed_; ++i) under_way_.insert(outcomes_[i].key);
  outcomes_handed_ = 0;
  next_timer_.reset();
  restored_ = false;
  goes_on_ = false;
  processor_ = make_(partition_);
  BATON_ASSERT(processor_ != nullptr);
}

void Assignment::stall(const Error& why) {
  report("its store", why);
  stalled_until_ = shard_.now + kStoreAgainMs;
}

void Assignment::set_aside(const Input& input, const Error& why) {
  shard_.round.begin(owner_, partition_, durability_, shard_.now, shard_.options.round_bytes_max);
  const SetAside aside{input.what, pass_over(input), why.text, shard_.now};
  shard_.round.note_aside(aside);
  if (shard_.round.unreadable()) {
    const Error unreadable = *shard_.round.unreadable();
    start_over();
    return stall(unreadable);
  }
  BATON_ASSERT(singly_ > 0);
  --singly_;
  shard_.counters.set_aside.add();
  if (shard_.options.on_error) {
    const std::string who = name_ + "/" + std::to_string(partition_.value);
    const std::string what = std::string(to_string(aside.what)) + (aside.name.empty() ? "" : " " + aside.name);
    shard_.options.on_error({why.code, who + " has set aside the " + what + ": " + aside.reason});
  }
  finish_round();
}

/// Returns what it is called.
std::string Assignment::pass_over(const Input& input) {
  switch (input.what) {
    case SetAside::What::event: {
      Reader& reader = readers_[input.reader];
      BATON_ASSERT(reader.next <= input.offset);
      reader.next = input.offset.next();
      return reader.feed->topic + "/" + std::to_string(partition_.value) + " offset " +
             std::to_string(input.offset.value);
    }
    case SetAside::What::timer: {
      BATON_ASSERT(input.timer.has_value());
      (void)shard_.round.take_timer(*input.timer);
      return input.timer->key;
    }
    case SetAside::What::outcome: {
      BATON_ASSERT(!outcomes_.empty());
      std::string key = std::move(outcomes_.front().key);
      outcomes_.pop_front();
      BATON_ASSERT(jobs_running_ > 0);
      --jobs_running_;
      under_way_.erase(key);
      barred_.insert(key);
      return key;
    }
    case SetAside::What::rest:
      (void)shard_.round.take_rest();
      rest_handed_ = true;
      return "";
  }
  BATON_ASSERT(false);
  return "";
}

}  // namespace baton::stream
