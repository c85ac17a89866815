// Shared between the files of this folder.
#pragma once

#include <string>
#include <string_view>

#include "json/data.h"

namespace baton::json {

/// "null", "boolean", "number", "string", "array", "object": JSON's own names, as jq and JSON Schema say them.
std::string_view type_name(const Value& value);

/// The value is a number: as a double (integers beyond 2^53 lose digits, as everywhere in jq).
double to_double(const Value& number);

/// Below zero, zero or above: numbers by value, integers exactly.
int compare_numbers(const Value& a, const Value& b);

inline std::string_view view(boost::json::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace baton::json
