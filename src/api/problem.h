// Everything that the API can refuse, as data: RFC 9457 problem details whose `type` is stable and is itself a page of
// this server.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/message.h"

namespace baton::api {

struct Problem {
  std::string_view name;  ///< type: "/problems/<name>"
  int status;
  std::string_view title;  ///< the same for every occurrence
  std::string_view page;   ///< what it means and what to do
};
std::span<const Problem> problems();
const Problem* find_problem(std::string_view name);

/// `name` is one of problems(). `detail`: what, where, what to do, for this occurrence. `more`: further members.
Response problem(std::string_view name, std::string detail, json::Object more = {});
/// For what the backend refuses. `where`: what was asked, "GET /v1/instances/x".
Response problem_of(const Error& error, const std::string& where);

}  // namespace baton::api
