#include "app/follow.h"

#include <algorithm>
#include <tuple>

#include "event/routed.h"
#include "role/matching.h"

namespace baton::app {
namespace {

constexpr std::size_t kReadBytesMax = 256u << 10;  ///< of one partition at a time …
constexpr std::size_t kReadBytesAll = 1u << 20;    ///< … of which all that have something share so much
constexpr std::size_t kReadBytesMin = 4u << 10;
constexpr std::size_t kHeldBytesMax = 8u << 20;    ///< read and not passed yet; what is over it is read again
constexpr std::size_t kPassedBytesMax = 2u << 20;  ///< by one page, whether it matches or not
constexpr std::size_t kReadsMax = 4096;            ///< by one page, beside the first of each partition

bool matches(const FollowFilter& filter, std::string_view headers) {
  const auto fits = [&](const std::string& wanted, std::string_view header) {
    return wanted.empty() || event::peek(headers, header) == wanted;
  };
  return fits(filter.type, "ce_type") && fits(filter.correlationid, "ce_correlationid") &&
         fits(filter.flow, "ce_flowname");
}

// What tells of a deployment stands in every partition, and what listens heard stands in their instances' logs once
// more: shown once. Who follows one instance sees what was brought to it.
bool is_copy(log::TopicPartition from, std::string_view headers, const FollowFilter& filter) {
  const std::string_view kind = event::peek(headers, "ce_batonkind");
  if (kind == "deploy") return from.partition != log::PartitionId(0);
  if (kind == role::kOrphaned) return true;
  return kind == event::kDelivered && filter.correlationid.empty();
}

// As it happened, but with the name of the instance that heard it.
event::Event shown(const event::Event& event) {
  if (event.kind != event::kDelivered) return event;
  event::Event out = event::original(event);
  out.correlationid = event.correlationid;
  return out;
}

std::size_t bytes_of(const log::RecordView& record) {
  return record.key.size() + record.headers.size() + record.value.size() + 64;
}

/// One partition, and what was read of it and not passed yet.
struct Part {
  log::TopicPartition from;
  log::Offset* at;  ///< in the page's cursor
  log::Offset end;
  std::string name;  ///< "loans/3"
  log::Batch batch = {};
  std::size_t index = 0;  ///< of the record at `at` in the batch
  std::size_t bytes = 0;  ///< of the batch
  bool loaded() const { return index < batch.records.size(); }
};

class Reader {
 public:
  Reader(const log::Log& log, log::Position until, Cursor cursor, const FollowFilter& filter, std::size_t max)
      : log_(log), until_(until), filter_(filter), max_(max) {
    page_.gap = cursor.gap;
    cursor.gap = false;
    page_.next = std::move(cursor);
  }

  Result<FollowPage> read(const std::set<std::string>& topics) {
    for (const std::string& name : topics) add(name);
    share_ = std::clamp(kReadBytesAll / std::max<std::size_t>(parts_.size(), 1), kReadBytesMin, kReadBytesMax);
    for (std::size_t i = 0; i < parts_.size(); ++i) BATON_CHECK(queue(i));
    reads_ = 0;
    while (!order_.empty() && !page_.more) BATON_CHECK(pass_first());
    page_.place = page_.more ? place_ : Place{until_, std::nullopt, passed_};
    return std::move(page_);
  }

 private:
  using Turn = std::tuple<log::Position, log::TopicPartition, std::size_t>;  ///< … and index in parts_

  void add(const std::string& name) {
    const auto topic = log_.find_topic(name);
    for (std::int32_t p = 0; topic && p < topic->spec.partitions; ++p) {
      const log::TopicPartition from{topic->id, log::PartitionId(p)};
      const auto [place, unseen] = page_.next.at.try_emplace({name, p});
      log::Offset& at = place->second;
      const log::Offset first = log_.first(from), end = log_.end(from, log::Isolation::durable);
      if (at < first || at > end) {  // removed meanwhile; or a cursor of a log that was here before
        page_.gap = page_.gap || !unseen;
        at = first;
      }
      passed_ += at.value;
      if (at < end) parts_.push_back({from, &at, end, name + "/" + std::to_string(p)});
    }
  }

  void move(Part& part, log::Offset to) {
    passed_ += to.value - part.at->value;
    *part.at = to;
  }

  void let_go(Part& part) {
    held_ -= part.bytes;
    part.bytes = 0;
    part.batch = {};
    part.index = 0;
  }

  Result<void> load(Part& part) {
    while (!part.loaded() && *part.at < part.end) {
      let_go(part);
      ++reads_;
      BATON_TRY(part.batch, log_.read(part.from, *part.at, share_, log::Isolation::durable));
      for (const log::RecordView& record : part.batch.records) part.bytes += bytes_of(record);
      held_ += part.bytes;
      if (part.batch.gap) {
        page_.lost.push_back(part.name + " offsets " + std::to_string(part.at->value) + " to " +
                             std::to_string(part.batch.gap->to.value - 1) + ": " + part.batch.gap->why);
      }
      const log::Offset next = part.loaded() ? part.batch.records.front().offset : part.batch.next;
      if (next <= *part.at && !part.loaded()) break;
      move(part, next);
    }
    return {};
  }

  /// Into the order, by the record that is next.
  Result<void> queue(std::size_t i) {
    Part& part = parts_[i];
    BATON_CHECK(load(part));
    if (!part.loaded()) return {};
    const log::Position position = part.batch.records[part.index].position;
    if (position <= until_) order_.emplace(position, part.from, i);
    if (position > until_ || held_ > kHeldBytesMax) let_go(part);
    return {};
  }

  /// The first partition's records up to where another one has its turn.
  Result<void> pass_first() {
    const std::size_t i = std::get<2>(*order_.begin());
    order_.erase(order_.begin());
    Part& part = parts_[i];
    BATON_CHECK(load(part));
    for (; part.loaded(); ++part.index) {
      const log::RecordView& record = part.batch.records[part.index];
      if (record.position > until_ || (!order_.empty() && Turn(record.position, part.from, i) > *order_.begin())) break;
      page_.more = page_.events.size() >= max_ || bytes_ > kPassedBytesMax || reads_ > kReadsMax;
      if (page_.more) return {};
      pass(part, record);
    }
    if (!part.loaded()) move(part, std::max(*part.at, part.batch.next));
    return queue(i);
  }

  void pass(Part& part, const log::RecordView& record) {
    move(part, record.offset.next());
    bytes_ += bytes_of(record);
    if (record.position != place_.position) shown_.clear();
    place_ = {record.position, std::pair(part.from, record.offset), passed_};
    if (is_copy(part.from, record.headers, filter_) || !matches(filter_, record.headers)) return;
    const auto decoded = event::decode(record.headers, record.value, record.time);
    if (decoded && !shown_.emplace(decoded->source, decoded->id).second) return;  // it went to several topics
    if (!decoded) return;  // a foreign record that is no CloudEvent: the Runner reports it
    page_.events.push_back({place_.text(), decoded->type, json::print(event::to_json(shown(*decoded)))});
  }

  const log::Log& log_;
  const log::Position until_;
  const FollowFilter& filter_;
  const std::size_t max_;
  FollowPage page_;
  std::vector<Part> parts_;  ///< that have something
  std::set<Turn> order_;
  std::set<std::pair<std::string, std::string>> shown_;  ///< source and id, of the commit at place_
  Place place_;                                          ///< of the record passed last
  std::int64_t passed_ = 0;                              ///< the sum of the cursor's offsets
  std::size_t share_ = 0;
  std::size_t held_ = 0;
  std::size_t bytes_ = 0;
  std::size_t reads_ = 0;
};

}  // namespace

Result<FollowPage> follow(const log::Log& log, const std::set<std::string>& topics, log::Position until, Cursor cursor,
                          const FollowFilter& filter, std::size_t max) {
  return Reader(log, until, std::move(cursor), filter, max).read(topics);
}

}  // namespace baton::app
