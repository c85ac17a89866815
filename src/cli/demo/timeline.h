// A timeline of the monitor as the demo shows it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/data.h"

namespace baton::cli {

/// The events and what services were asked to do, a line each: since the first, task, what, who. The steps between (a
/// task has begun, waits, is complete) are left to `baton flow`. `detail`: GET /v1/instances/{id}.
std::vector<std::string> timeline_lines(const json::Value& detail);

/// What went between the parts for one flow.
struct Traffic {
  std::uint64_t messages = 0;  ///< commands and events
  std::uint64_t commands = 0;  ///< of the orchestrator; choreographed: none
  std::uint64_t hops = 0;      ///< of them, those that had to wait for one another
};
Traffic traffic_of(const json::Value& detail);

/// The answer of …/views: "offer  when credit.checked and criminal-activity.checked do determine then loan.processed".
std::vector<std::string> rule_lines(const json::Value& views);

}  // namespace baton::cli
