// Shared between the files of this folder.
#pragma once

#include <string>
#include <string_view>

#include "json/data.h"
#include "json/number.h"

namespace baton::json {

/// "null", "boolean", "number", "string", "array", "object": JSON's own names, as jq and JSON Schema say them.
std::string_view type_name(const Value& value);

/// No item equals another. Takes no longer than sorting them.
bool all_different(const Array& array);

inline std::string_view view(boost::json::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace baton::json
