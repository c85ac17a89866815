// YAML 1.2 core schema: what a plain scalar means.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/data.h"

namespace baton::json {

/// `tag` as yaml-cpp hands it out: "?" for a plain scalar, "!" for a quoted one, or what was written out.
/// Errors: invalid, without a position.
Result<Value> yaml_scalar(const std::string& tag, const std::string& text);

}  // namespace baton::json
