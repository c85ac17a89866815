// What the rows of the route table call, and what they share.
#pragma once

#include <charconv>
#include <optional>

#include "api/problem.h"
#include "api/routes.h"
#include "api/views.h"

namespace baton::api {

namespace handlers {
void publish(const Context& context, Request request, Respond respond);
void follow(const Context& context, Request request, Respond respond);
void deploy(const Context& context, Request request, Respond respond);
void flows(const Context& context, Request request, Respond respond);
void views(const Context& context, Request request, Respond respond);
void start(const Context& context, Request request, Respond respond);
void instances(const Context& context, Request request, Respond respond);
void instance(const Context& context, Request request, Respond respond);
void follow_instance(const Context& context, Request request, Respond respond);
void contracts(const Context& context, Request request, Respond respond);
void orphans(const Context& context, Request request, Respond respond);
void openapi(const Context& context, Request request, Respond respond);
void problem_page(const Context& context, Request request, Respond respond);
void healthz(const Context& context, Request request, Respond respond);
void readyz(const Context& context, Request request, Respond respond);
}  // namespace handlers

/// Done for the backend: its error becomes a problem at `where`, its value what `make` makes of it.
template <class T, class Make>
Done<T> answer(Respond respond, std::string where, Make make) {
  return [respond = std::move(respond), where = std::move(where), make = std::move(make)](Result<T> result) {
    respond(result ? make(*std::move(result)) : problem_of(result.error(), where));
  };
}

/// The parameter's value; "" when absent.
inline std::string value_of(const Parameters& parameters, std::string_view name) {
  const std::string* found = parameter(parameters, name);
  return found == nullptr ? std::string() : *found;
}
inline std::string flow_of(const Request& request) {
  return value_of(request.parameters, "namespace") + "/" + value_of(request.parameters, "name");
}

/// A refusal when the body is not JSON within the limits; reads nothing into memory when only the depth is asked for.
std::optional<Response> check_depth(const Request& request, std::size_t depth_max);
/// "application/json; charset=utf-8" -> "application/json"; "" when there is none.
std::string media_type(const Request& request);

}  // namespace baton::api
