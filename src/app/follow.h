// Events as they happen: reads the topics behind a cursor, in the one order of all records.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "app/cursor.h"
#include "base/result.h"
#include "log/log.h"

namespace baton::app {

struct FollowFilter {
  std::string type, correlationid, flow;  ///< "": any
};
struct Followed {
  std::string cursor;  ///< Place::text(): to go on after this event
  std::string type;
  std::string json;  ///< JSON event format, one line
};
struct FollowPage {
  std::vector<Followed> events;
  Cursor next;
  Place place;  ///< the same for a client
  bool more = false;
  bool gap = false;  ///< events that the cursor had not seen are gone: removed by retention, or the log is another one
  std::vector<std::string> lost;  ///< "loans/3 offsets 4 to 7: why": records that are lost, passed over by this page
};

/// At most `max` matching events and a bounded amount of reading. Any thread. `until`: log.durable() from before
/// `topics` was asked for, so that no topic lacks of which a record stands before it; what comes later is for later.
Result<FollowPage> follow(const log::Log& log, const std::set<std::string>& topics, log::Position until, Cursor cursor,
                          const FollowFilter& filter, std::size_t max);

}  // namespace baton::app
