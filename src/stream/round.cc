#include "stream/round.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/assert.h"
#include "base/bytes.h"
#include "stream/keys.h"

namespace baton::stream {
namespace {

constexpr std::size_t kNamedMax = 200;  // of a key, in an error
constexpr std::size_t kSmall = 64;

std::string named(std::string_view key) {
  std::string name(key.substr(0, kNamedMax));
  std::ranges::replace_if(name, [](char c) { return c < ' ' || c == 0x7f; }, '?');
  return name;
}

Error too_large(const std::string& what, std::size_t bytes) {
  return {Code::too_large,
          what + " of " + std::to_string(bytes) + " bytes; the most is " + std::to_string(log::kRecordBytesMax)};
}

/// Stored pairs with the round's writes laid over them. `written` in key order.
std::vector<log::Pair> merge(std::vector<log::Pair> stored, const std::vector<const log::Change*>& written,
                             std::size_t limit) {
  std::vector<log::Pair> merged;
  auto s = stored.begin();
  auto w = written.begin();
  while (merged.size() < limit && (s != stored.end() || w != written.end())) {
    if (w == written.end() || (s != stored.end() && s->key < (*w)->key)) {
      merged.push_back(std::move(*s++));
      continue;
    }
    if (s != stored.end() && s->key == (*w)->key) ++s;
    if ((*w)->value) merged.push_back({(*w)->key, *(*w)->value});
    ++w;
  }
  return merged;
}

}  // namespace

/// State that can't be read leaves nothing to go on with: the round comes to nothing.
template <class T>
T Round::read(Result<T> result) {
  if (result) return *std::move(result);
  if (!unreadable_) unreadable_ = result.error();
  return {};
}

void Round::begin(log::Owner owner, log::PartitionId partition, log::Durability durability, Instant clock,
                  std::size_t bytes_max) {
  BATON_ASSERT(empty());
  BATON_ASSERT(bytes_max > 0);
  bytes_max_ = bytes_max;
  again_ = false;
  may_go_on_ = false;
  failed_.reset();
  unreadable_.reset();
  owner_ = owner;
  partition_ = partition;
  durability_ = durability;
  clock_ = clock;
  bytes_ = 0;
  armed_.reset();
}

std::optional<std::string> Round::get(std::string_view key) {
  if (const log::Change* change = writes_.find(kStatePrefix, key)) return change->value;
  scratch_.assign(1, kStatePrefix);
  scratch_.append(key);
  std::optional<std::string> value = read(log_.get(owner_, scratch_));
  if (value) bytes_ += value->size();
  return value;
}

void Round::discard() {
  appends_.clear();
  jobs_.clear();
  (void)writes_.take();
  again_ = false;
}

void Round::put(std::string_view key, std::string value) {
  const std::size_t bytes = 1 + key.size() + value.size();
  if (bytes > log::kRecordBytesMax) return fail(too_large("its state under the key " + named(key), bytes));
  bytes_ += bytes;
  writes_.set(state_key(key), std::move(value));
}

void Round::erase(std::string_view key) {
  writes_.set(state_key(key), std::nullopt);
}

std::vector<log::Pair> Round::scan(std::string_view prefix, std::string_view after, std::size_t limit) {
  std::string from = state_key(prefix);
  const std::string to = past_prefix(from);
  if (!after.empty()) from = std::max(from, state_key(after) + '\0');
  if (from >= to) return {};
  std::vector<log::Pair> pairs = range(from, to, limit);
  for (log::Pair& pair : pairs) {
    bytes_ += pair.value.size();
    pair.key.erase(0, 1);
  }
  return pairs;
}

std::vector<log::Pair> Round::range(const std::string& from, const std::string& to, std::size_t limit) {
  std::vector<const log::Change*> written;
  for (const log::Change& change : writes_.all()) {
    if (change.key >= from && change.key < to) written.push_back(&change);
  }
  if (written.empty()) return read(log_.scan(owner_, from, to, limit));
  std::ranges::sort(written, {}, &log::Change::key);
  // Each written key can hide at most one stored pair.
  const std::size_t enough = std::min(limit, std::numeric_limits<std::size_t>::max() - written.size()) + written.size();
  return merge(read(log_.scan(owner_, from, to, enough)), written, limit);
}

std::vector<Timer> Round::timers(const Timer& from, Instant to, std::size_t limit) {
  std::vector<Timer> timers;
  for (const log::Pair& pair : range(timer_key(from.due, from.key), timer_key(to.next(), ""), limit)) {
    timers.push_back(timer_of(pair.key));
  }
  return timers;
}

std::optional<Timer> Round::first_timer_after(Instant after) {
  const std::vector<log::Pair> first = range(timer_key(after.next(), ""), timers_end(), 1);
  if (first.empty()) return std::nullopt;
  return timer_of(first[0].key);
}

bool Round::take_timer(const Timer& timer) {
  std::string key = timer_key(timer.due, timer.key);
  const log::Change* change = writes_.find(kTimerPrefix, std::string_view(key).substr(1));
  if (change != nullptr && !change->value) return false;
  writes_.set(std::move(key), std::nullopt);
  return true;
}

void Round::arm(Instant due, std::string_view key) {
  writes_.set(timer_key(due, key), std::string());
  armed_ = armed_ ? std::min(*armed_, due) : due;
}

void Round::disarm(Instant due, std::string_view key) {
  writes_.set(timer_key(due, key), std::nullopt);
}

std::optional<Round::Rest> Round::take_rest() {
  const std::string key(1, kAgainPrefix);
  std::optional<std::string> stored = read(log_.get(owner_, key));
  if (!stored) return std::nullopt;
  writes_.set(key, std::nullopt);
  Reader in(*stored);
  Rest rest;
  rest.now = Instant(in.zigzag());
  rest.cursor = in.rest();
  BATON_ASSERT(in.ok());
  return rest;
}

bool Round::has_rest() {
  return read(log_.get(owner_, std::string(1, kAgainPrefix))).has_value();
}

std::vector<std::string> Round::barred_jobs() {
  std::vector<std::string> keys;
  const std::string from(1, kAsidePrefix);
  for (const log::Pair& pair : read(log_.scan(owner_, from, past_prefix(from), kSetAsideMax))) {
    SetAside aside = decode_set_aside(pair.value);
    if (aside.what == SetAside::What::outcome) keys.push_back(std::move(aside.name));
  }
  return keys;
}

std::size_t Round::commit_bytes() const {
  return log::commit_bytes(appends_, writes_.all());
}

void Round::again(std::string cursor) {
  BATON_ASSERT(may_go_on_);
  BATON_ASSERT(!again_);
  if (cursor.size() + kSmall > log::kRecordBytesMax) return fail(too_large("a cursor", cursor.size()));
  std::string value;
  Writer(value).zigzag(now_.value);
  writes_.set(std::string(1, kAgainPrefix), value + cursor);
  again_ = true;
}

void Round::fail(Error why) {
  if (!failed_) failed_ = std::move(why);
}

void Round::note_aside(const SetAside& aside) {
  const std::string from(1, kAsidePrefix);
  const std::vector<log::Pair> noted = read(log_.scan(owner_, from, past_prefix(from), kSetAsideMax));
  if (noted.size() >= kSetAsideMax) writes_.set(noted.front().key, std::nullopt);
  // Behind all that are noted, whatever the clock says.
  const bool before = !noted.empty() && noted.back().key >= aside_key(aside.at, 0);
  const std::string key = before ? next_aside_key(noted.back().key) : aside_key(aside.at, 0);
  writes_.set(key, encode(aside));
}

const log::Topic& Round::topic(std::string_view name) {
  const auto known = topics_.find(name);
  if (known != topics_.end()) return known->second;
  std::optional<log::Topic> found = log_.find_topic(name);
  BATON_ASSERT(found.has_value());
  return topics_.emplace(std::string(name), *std::move(found)).first->second;
}

void Round::publish(std::string_view topic_name, const event::Event& event) {
  BATON_ASSERT(durability_ == log::Durability::journaled);
  const log::Topic& to = topic(topic_name);
  event::Encoded encoded = event::encode(event);
  const std::size_t bytes = encoded.key.size() + encoded.headers.size() + encoded.value.size();
  if (bytes > log::kRecordBytesMax) return fail(too_large("an event for " + std::string(topic_name), bytes));
  const log::PartitionId at = log::partition_of(event.key(), to.spec.partitions);
  appends_.push_back(
      {{to.id, at}, {std::move(encoded.key), std::move(encoded.headers), std::move(encoded.value), now_}});
  bytes_ += bytes;
}

log::Commit Round::take_commit() {
  BATON_ASSERT(!failed_);
  BATON_ASSERT(!unreadable_);
  log::Commit commit;
  commit.appends = std::exchange(appends_, {});
  commit.changes = writes_.take();
  return commit;
}

std::vector<Job> Round::take_jobs() {
  return std::exchange(jobs_, {});
}

}  // namespace baton::stream
