#include "api/handlers.h"

#include <algorithm>

namespace baton::api {

std::string media_type(const Request& request) {
  const std::string* value = header(request.headers, "Content-Type");
  if (value == nullptr) return "";
  std::string type = value->substr(0, value->find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::ranges::transform(type, type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return type;
}

std::optional<Response> check_depth(const Request& request, std::size_t depth_max) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < request.body.size(); ++i) {
    const char c = request.body[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > depth_max) {
        return problem("nesting-too-deep", request.where() + ": the body is nested more than " +
                                               std::to_string(depth_max) + " deep at byte " + std::to_string(i) +
                                               ". Flatten it.");
      }
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return std::nullopt;
}

namespace handlers {

void contracts(const Context& context, Request request, Respond respond) {
  context.backend.contracts(
      answer<std::vector<ContractInfo>>(std::move(respond), request.where(), [](std::vector<ContractInfo> contracts) {
        return json_response(200, json::Object{{"contracts", to_array(contracts)}});
      }));
}

void problem_page(const Context&, Request request, Respond respond) {
  const std::string name = value_of(request.parameters, "problem");
  const Problem* row = find_problem(name);
  if (row == nullptr) return respond(problem("not-found", request.where() + ": there is no problem of that name."));
  Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body =
      std::string(row->title) + " (" + std::to_string(row->status) + ")\n\n" + std::string(row->page) + "\n";
  respond(std::move(response));
}

namespace {
Response health_response(bool ok, const Health& health) {
  Response response = json_response(
      ok ? 200 : 503, json::Object{{"status", ok ? "ok" : "unavailable"}, {"checks", to_array(health.checks)}});
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}
}  // namespace

void healthz(const Context& context, Request, Respond respond) {
  const Health health = context.backend.health();
  respond(health_response(health.alive, health));
}

void readyz(const Context& context, Request, Respond respond) {
  const Health health = context.backend.health();
  respond(health_response(health.alive && health.ready, health));
}

}  // namespace handlers
}  // namespace baton::api
