#include "app/cursor.h"

#include <algorithm>
#include <charconv>

namespace baton::app {
namespace {

template <class T>
bool take_number(std::string_view& text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < T{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// Of the record at `at`, or of the first behind it where records are lost; nothing: there is none.
Result<std::optional<log::Position>> position_at(const log::Log& log, log::TopicPartition from, log::Offset at,
                                                 log::Offset end) {
  while (at < end) {
    BATON_TRY(const log::Batch batch, log.read(from, at, 1, log::Isolation::durable));
    if (!batch.records.empty()) return std::optional(batch.records.front().position);
    if (batch.next <= at) break;
    at = batch.next;
  }
  return std::optional<log::Position>();
}

/// The first offset that a reader at `place` has not passed. Looked for from the end: most who come back were near it.
Result<log::Offset> first_behind(const log::Log& log, log::TopicPartition from, const Place& place) {
  const log::Offset first = log.first(from), end = log.end(from, log::Isolation::durable);
  if (place.record && place.record->first == from) return std::clamp(place.record->second.next(), first, end);
  const bool passed_its_commit = !place.record || from < place.record->first;
  const auto behind = [&](log::Offset at) -> Result<bool> {
    BATON_TRY(const std::optional<log::Position> found, position_at(log, from, at, end));
    return !found || (passed_its_commit ? *found > place.position : *found >= place.position);
  };
  log::Offset low = first, high = end;  // what is before `low` was passed, what is from `high` on was not
  for (std::int64_t step = 1; low < high; step *= 2) {
    const log::Offset probe = std::max(low, high.plus(-step));
    BATON_TRY(const bool is_behind, behind(probe));
    if (!is_behind) {
      low = probe.next();
      break;
    }
    high = probe;
  }
  while (low < high) {
    const log::Offset middle = low.plus((high.value - low.value) / 2);
    BATON_TRY(const bool is_behind, behind(middle));
    (is_behind ? high : low) = is_behind ? middle : middle.next();
  }
  return low;
}

}  // namespace

std::optional<Place> Place::parse(std::string_view text) {
  Place place;
  std::uint64_t position = 0;
  if (!take_number(text, position) || !take(text, ':')) return std::nullopt;
  place.position = log::Position(position);
  if (!text.starts_with(':')) {
    std::uint32_t topic = 0;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    if (!take_number(text, topic) || !take(text, '.') || !take_number(text, partition) || !take(text, '.') ||
        !take_number(text, offset))
      return std::nullopt;
    place.record = {log::TopicPartition{log::TopicId(topic), log::PartitionId(partition)}, log::Offset(offset)};
  }
  if (!take(text, ':') || !take_number(text, place.passed) || !text.empty()) return std::nullopt;
  return place;
}

std::string Place::text() const {
  std::string out = std::to_string(position.value) + ':';
  if (record) {
    out += std::to_string(record->first.topic.value) + '.' + std::to_string(record->first.partition.value) + '.' +
           std::to_string(record->second.value);
  }
  return out + ':' + std::to_string(passed);
}

Result<Cursor> Cursor::parse(std::string_view text) {
  const auto bad = [&] { return invalid("'" + std::string(text) + "' is not a cursor that this server gave out"); };
  Cursor cursor;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto slash = part.rfind('/');
    if (slash == std::string_view::npos) return bad();
    std::string_view numbers = part.substr(slash + 1);
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    if (!take_number(numbers, partition) || !take(numbers, '=') || !take_number(numbers, offset) || !numbers.empty())
      return bad();
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

Result<Cursor> cursor_at(const log::Log& log, const std::set<std::string>& topics, const Place& place) {
  Cursor cursor;
  if (place.position > log.durable()) {  // of a log that was here before: all of this one is new
    cursor.gap = true;
    return cursor;
  }
  std::int64_t passed = 0;
  for (const std::string& name : topics) {
    const auto topic = log.find_topic(name);
    for (std::int32_t p = 0; topic && p < topic->spec.partitions; ++p) {
      BATON_TRY(const log::Offset at, first_behind(log, {topic->id, log::PartitionId(p)}, place));
      cursor.at[{name, p}] = at;
      passed += at.value;
    }
  }
  cursor.gap = passed != place.passed;
  return cursor;
}

Result<Cursor> cursor_now(const log::Log& log, const std::set<std::string>& topics, log::Position until) {
  BATON_TRY(Cursor cursor, cursor_at(log, topics, {until, std::nullopt, 0}));
  cursor.gap = false;
  return cursor;
}

}  // namespace baton::app
