// JSON Schema, compiled once.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "json/data.h"

namespace baton::json {

/// Immutable after compile; any thread. The keywords of draft 7 (which AsyncAPI 3 builds on), and of 2020-12 $defs,
/// prefixItems, dependentRequired, dependentSchemas, minContains, maxContains. `$ref` points inside the document (#/…)
/// and stands beside other keywords. `format`, `description`, `default` and unknown keywords say nothing about
/// validity; unevaluatedProperties, unevaluatedItems and $dynamicRef are refused, as leaving them out would accept what
/// they forbid. Of our own making, and held to valijson by a differential test: every message passes here, it takes a
/// tenth of valijson's time (schema_bench.cc), says what was found, bounds its work, and a long text does not overflow
/// the stack as std::regex lets it.
class Schema {
 public:
  /// `schema` must be self-contained: references into other files have been resolved by the caller. Errors: invalid.
  static Result<Schema> compile(const Value& schema);
  /// Ok, or invalid with up to three violations: "/loan/amount: must be a number (found string)".
  Result<void> validate(const Value& value) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace baton::json
