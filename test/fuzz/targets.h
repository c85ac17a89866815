// What reads bytes from outside, each as one function that takes any bytes at all. What it must not do ends the
// process: the sanitizers see to memory and arithmetic, BATON_ASSERT to what a reader promises (what was read is
// printed and read back the same).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::fuzz {

struct Target {
  std::string_view name;
  void (*read)(std::string_view bytes);
  std::vector<std::string> seeds;  ///< well-formed inputs, to begin from
};

/// json, yaml, expression, schema, http, record.
const std::vector<Target>& targets();

}  // namespace baton::fuzz
