// The types of errors: the DSL's standard ones, and what is none.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "flow/node.h"

namespace baton::flow {

/// A standard error's type is a base and its kind. The three bases in use are one; the first is what Baton writes.
inline constexpr std::array<std::string_view, 3> kErrorBases{
    "https://serverlessworkflow.io/spec/1.0.0/errors/", "https://serverlessworkflow.io/dsl/errors/types/",
    "https://open-workflow-specification.org/spec/1.0.0/errors/"};
inline constexpr std::array<std::string_view, 8> kErrorKinds{"configuration",  "validation",    "expression",
                                                             "authentication", "authorization", "timeout",
                                                             "communication",  "runtime"};

/// Warns of a word, for types are URIs, and of a standard base with a kind that does not exist.
void check_error_type(const Node& node, const std::string& type);

}  // namespace baton::flow
