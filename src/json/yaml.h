// YAML (and JSON, its subset) read into JSON values, with the place of every node kept for diagnostics.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/data.h"

namespace baton::json {

struct Place {
  int line = 0;    ///< from 1; 0: unknown
  int column = 0;  ///< from 1
};

struct Document {
  Value value;
  /// JSON pointer -> where that node stands (for a map's entry: where its key stands).
  std::map<std::string, Place, std::less<>> places;
  /// The place of the pointer, or of the nearest node around it.
  Place place(std::string_view pointer) const;
};

/// YAML 1.2 core schema scalars (true, null, 12, 1.5; yes/no/on stay strings), anchors and aliases (bounded: an alias
/// bomb is refused), one document; a duplicate key is an error. Depth and size are bounded. The error's text begins
/// "line L, column C: ".
Result<Document> parse_yaml(std::string_view text, const Limits& limits = {});

/// "a/b" -> "a~1b": one reference token of an RFC 6901 pointer.
std::string escape_pointer(std::string_view token);

}  // namespace baton::json
