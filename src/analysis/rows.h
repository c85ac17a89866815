// A view's acts, for people.
#pragma once

#include <string>
#include <vector>

#include "analysis/project.h"

namespace baton::analysis {

std::vector<ViewRow> rows(const flow::Program& program, const std::string& service);

}  // namespace baton::analysis
