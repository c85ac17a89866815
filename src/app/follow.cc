#include "app/follow.h"

#include <charconv>

#include "event/routed.h"
#include "role/matching.h"

namespace baton::app {
namespace {

constexpr std::size_t kBytesPerRead = 256u << 10;

bool matches(const FollowFilter& filter, std::string_view headers) {
  const auto fits = [&](const std::string& wanted, std::string_view header) {
    return wanted.empty() || event::peek(headers, header) == wanted;
  };
  return fits(filter.type, "ce_type") && fits(filter.correlationid, "ce_correlationid") &&
         fits(filter.flow, "ce_flowname");
}

// What tells of a deployment stands in every partition, and what listens heard stands in their instances' logs once more:
// shown once. Who follows one instance sees what was brought to it.
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

// Reads one partition on into the page; false when something of it is left.
Result<bool> read_on(const log::Log& log, log::TopicPartition from, std::pair<std::string, std::int32_t> key,
                     const FollowFilter& filter, std::size_t max, FollowPage& page) {
  const auto [place, unseen] = page.next.at.try_emplace(std::move(key));
  log::Offset& at = place->second;
  const log::Offset first = log.first(from), end = log.end(from, log::Isolation::durable);
  if (at < first || at > end) {  // removed meanwhile; or a cursor of a log that was here before
    page.gap = page.gap || !unseen;
    at = first;
  }
  if (at == end) return true;
  BATON_TRY(const log::Batch batch, log.read(from, at, kBytesPerRead, log::Isolation::durable));
  if (batch.gap) {
    page.lost.push_back(place->first.first + "/" + std::to_string(place->first.second) + " offsets " +
                        std::to_string(at.value) + " to " + std::to_string(batch.gap->to.value - 1) + ": " +
                        batch.gap->why);
  }
  for (const log::RecordView& record : batch.records) {
    if (page.events.size() >= max) return false;
    at = record.offset.next();
    if (is_copy(from, record.headers, filter) || !matches(filter, record.headers)) continue;
    const auto decoded = event::decode(record.headers, record.value, record.time);
    if (!decoded) continue;  // a foreign record that is no CloudEvent: the Runner reports it
    page.events.push_back({page.next.text(), decoded->type, json::print(event::to_json(shown(*decoded)))});
  }
  at = std::max(at, batch.next);
  return at >= end;
}

}  // namespace

Result<Cursor> Cursor::parse(std::string_view text) {
  const auto bad = [&] { return invalid("'" + std::string(text) + "' is not a cursor that this server gave out"); };
  Cursor cursor;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto slash = part.rfind('/');
    const auto equals = part.rfind('=');
    if (slash == std::string_view::npos || equals == std::string_view::npos || equals < slash) return bad();
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    const auto p = std::from_chars(part.data() + slash + 1, part.data() + equals, partition);
    const auto o = std::from_chars(part.data() + equals + 1, part.data() + part.size(), offset);
    if (p.ec != std::errc{} || p.ptr != part.data() + equals || o.ec != std::errc{} ||
        o.ptr != part.data() + part.size())
      return bad();
    if (partition < 0 || offset < 0) return bad();
    cursor.at[{std::string(part.substr(0, slash)), partition}] = log::Offset(offset);
  }
  return cursor;
}

std::string Cursor::text() const {
  std::string out;
  for (const auto& [key, offset] : at) {
    if (!out.empty()) out += ',';
    out += key.first + '/' + std::to_string(key.second) + '=' + std::to_string(offset.value);
  }
  return out;
}

Cursor cursor_now(const log::Log& log, const std::set<std::string>& topics) {
  Cursor cursor;
  for (const std::string& name : topics) {
    const auto topic = log.find_topic(name);
    for (std::int32_t p = 0; topic && p < topic->spec.partitions; ++p) {
      cursor.at[{name, p}] = log.end({topic->id, log::PartitionId(p)}, log::Isolation::durable);
    }
  }
  return cursor;
}

Result<FollowPage> follow(const log::Log& log, const std::set<std::string>& topics, Cursor cursor,
                          const FollowFilter& filter, std::size_t max) {
  FollowPage page;
  page.next = std::move(cursor);
  for (const std::string& name : topics) {
    const auto topic = log.find_topic(name);
    for (std::int32_t p = 0; topic && p < topic->spec.partitions; ++p) {
      BATON_TRY(const bool at_end, read_on(log, {topic->id, log::PartitionId(p)}, {name, p}, filter, max, page));
      page.more = page.more || !at_end;
    }
  }
  return page;
}

}  // namespace baton::app
