// Where a reader of the live events stands, as a client keeps it and as the server does meanwhile.
//
// All records stand in one order: by their commit's position, within a commit by topic, partition, offset. A client's
// place in that order is short however many topics there are; it means the same after a restart.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "log/log.h"

namespace baton::app {

/// A place in the one order.
///   "17:3.7.41:1200"   up to the record at offset 41 of topic 3, partition 7, which commit 17 brought
///   "17::1200"         up to commit 17
/// 1200: how many records stood before it, in all topics. Another number when it is given back tells that records
/// behind it have been removed, or that the log is another one.
struct Place {
  log::Position position;
  std::optional<std::pair<log::TopicPartition, log::Offset>>
      record;  ///< the last one passed; nothing: all of the commit
  std::int64_t passed = 0;

  static std::optional<Place> parse(std::string_view text);
  std::string text() const;
};

/// The next offset to read, by topic and partition: "loans/0=12,loans/1=7". As long as there are topics, so it stays in
/// the process. Topics that it does not name are read from their beginning.
class Cursor {
 public:
  /// Errors: invalid.
  static Result<Cursor> parse(std::string_view text);
  std::string text() const;
  std::map<std::pair<std::string, std::int32_t>, log::Offset> at;
  bool gap = false;  ///< records behind the place that it was found by are gone; not part of the text
};

/// Positions the cursor at `place`: a read or a few of every partition. Errors: corrupt, io.
Result<Cursor> cursor_at(const log::Log& log, const std::set<std::string>& topics, const Place& place);
/// Behind all that was there when `until` was the durable end.
Result<Cursor> cursor_now(const log::Log& log, const std::set<std::string>& topics, log::Position until);

}  // namespace baton::app
