// Events as they happen: reads the topics behind a cursor that a client can keep.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "log/log.h"

namespace baton::app {

/// "loans/0=12,loans/1=7": the next offset to read, by topic and partition. Topics it does not name are read from their
/// beginning.
class Cursor {
 public:
  static Result<Cursor> parse(std::string_view text);
  std::string text() const;
  std::map<std::pair<std::string, std::int32_t>, log::Offset> at;
};

struct FollowFilter {
  std::string type, correlationid, flow;  ///< "": any
};
struct Followed {
  std::string cursor;  ///< to go on after this event
  std::string type;
  std::string json;  ///< JSON event format, one line
};
struct FollowPage {
  std::vector<Followed> events;
  Cursor next;
  bool more = false;
  bool gap = false;  ///< events that the cursor had not seen are gone: removed by retention, or the log is another one
  std::vector<std::string> lost;  ///< "loans/3 offsets 4 to 7: why": records that are lost, passed over by this page
};

/// Positions the cursor at the end of all these topics.
Cursor cursor_now(const log::Log& log, const std::set<std::string>& topics);
/// At most `max` matching events and a bounded amount of reading. Any thread; durable records only.
Result<FollowPage> follow(const log::Log& log, const std::set<std::string>& topics, Cursor cursor,
                          const FollowFilter& filter, std::size_t max);

}  // namespace baton::app
