// Errors inside a flow: problem details (RFC 9457) with the DSL's standard types.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/data.h"

namespace baton::engine {

struct Fault {
  std::string type;  ///< a URI
  int status = 500;
  std::string title;     ///< "": absent
  std::string detail;    ///< "": absent
  std::string instance;  ///< JSON pointer of the task that raised it
  bool operator==(const Fault&) const = default;
};

inline constexpr std::string_view kErrorBase = "https://serverlessworkflow.io/spec/1.0.0/errors/";

/// `kind`: configuration, validation, expression, authentication, authorization, timeout, communication, runtime.
Fault standard_fault(std::string_view kind, std::string detail, std::string pointer);
/// Same type; the three bases in use (spec/1.0.0/errors, dsl/errors/types, open-workflow-specification.org) are one.
bool same_type(std::string_view a, std::string_view b);
json::Value to_json(const Fault& fault);
/// Takes any object: what is missing is filled in (type runtime, status 500).
Fault fault_from_json(const json::Value& value, std::string_view pointer);

}  // namespace baton::engine
