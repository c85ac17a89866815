// Versions of flows, of the language and of AsyncAPI.
#pragma once

#include <string_view>

namespace baton::flow {

/// Semantic Versioning 2.0.0: major.minor.patch, with an optional -pre.release and +build.
bool is_version(std::string_view text);

}  // namespace baton::flow
