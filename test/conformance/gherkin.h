// As much of Gherkin as the kit uses: features of scenarios, steps with one doc string each. No outlines, tables,
// backgrounds, tags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace baton::conformance {

struct GherkinStep {
  std::string text;  ///< without its keyword (Given, When, Then, And, But)
  std::string doc;   ///< the doc string, its own indentation taken off; "" if there is none
  int line = 0;      ///< from 1
};
struct Scenario {
  std::string name;
  std::vector<GherkinStep> steps;
};

/// Errors: invalid (a line that is none of what is known: nothing is skipped silently).
Result<std::vector<Scenario>> read_feature(std::string_view text);

}  // namespace baton::conformance
