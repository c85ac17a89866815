// What came of the runs, as a table.
#pragma once

#include <vector>

#include "cli/demo/screen.h"
#include "json/data.h"

namespace baton::cli {

/// `runs`: what Run::go() gave, one column each.
void print_summary(const std::vector<json::Object>& runs, Screen& screen);

}  // namespace baton::cli
