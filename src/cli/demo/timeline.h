// A timeline of the monitor as the demo shows it.
#pragma once

#include <string>
#include <vector>

#include "json/data.h"

namespace baton::cli {

/// The events and what services were asked to do, a line each: since the first, task, what, who. The steps between (a
/// task has begun, waits, is complete) are left to `baton flow`. `detail`: GET /v1/instances/{id}.
std::vector<std::string> timeline_lines(const json::Value& detail);

}  // namespace baton::cli
