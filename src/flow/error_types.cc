#include "flow/error_types.h"

#include <algorithm>

#include "flow/codes.h"

namespace baton::flow {
namespace {

/// Nothing: the type has no such base.
std::optional<std::string> standard_kind(const std::string& type) {
  for (const std::string_view base : kErrorBases) {
    if (type.starts_with(base)) return type.substr(base.size());
  }
  return std::nullopt;
}

/// The kind that the word says or nearly says; "": none.
std::string meant(const std::string& word) {
  const std::vector<std::string> kinds(kErrorKinds.begin(), kErrorKinds.end());
  if (std::ranges::find(kinds, word) != kinds.end()) return word;
  const std::string hint = did_you_mean(word, kinds);
  const auto found =
      std::ranges::find_if(kinds, [&](const auto& kind) { return hint.find(quote(kind)) != std::string::npos; });
  return found == kinds.end() ? "" : *found;
}

}  // namespace

void check_error_type(const Node& node, const std::string& type) {
  const std::string base(kErrorBases.front());
  const auto kind = standard_kind(type);
  if (kind) {
    if (std::ranges::find(kErrorKinds, *kind) != kErrorKinds.end()) return;
    const std::string near = meant(*kind);
    node.warning(code::kErrorType, "there is no standard error " + quote(*kind),
                 near.empty() ? "The kinds are " + either({kErrorKinds.begin(), kErrorKinds.end()}) + "."
                              : "Write " + base + near + ".");
    return;
  }
  if (type.find_first_of(":/") != std::string::npos) return;
  const std::string near = meant(type);
  node.warning(code::kErrorType, "an error's type is a URI, and " + quote(type) + " is none",
               near.empty() ? "Write it whole, such as https://example.org/errors/busy or " + base + "timeout."
                            : "Write " + base + near + ".");
}

}  // namespace baton::flow
