// A view's acts, for people.
#pragma once

#include <string>
#include <vector>

#include "analysis/project.h"

namespace baton::analysis {

/// Of the very slice that runs.
std::vector<ViewRow> rows(const flow::Program& view, const std::string& service);

}  // namespace baton::analysis
