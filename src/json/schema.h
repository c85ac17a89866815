// JSON Schema, compiled once.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "json/data.h"

namespace baton::json {

/// Immutable after compile; any thread. Draft 7 with the keywords of AsyncAPI 3 schemas and 2020-12's common ones ($defs, prefixItems …)
/// as far as valijson knows them; `const`, `enum`, `type`, `required`, `properties`, `items`, `$ref` inside the document always.
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
