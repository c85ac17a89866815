// The description of the API, OpenAPI 3.1: written by hand as data (openapi_*.cc), held to the route table by a test.
#pragma once

#include <span>
#include <string_view>

#include "api/backend.h"

namespace baton::api {

/// YAML, kept in parts because compilers bound the length of a literal.
std::string_view openapi_paths();
std::string_view openapi_components();

/// The whole document, with the doors of the services added. Errors: invalid (a mistake in the data; the test would
/// have found it).
Result<json::Value> openapi_document(std::span<const Door> doors);

}  // namespace baton::api
