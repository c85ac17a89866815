#include <algorithm>
#include <array>

#include "api/handlers.h"

namespace baton::api {
namespace {

constexpr std::size_t kLimitMax = 1000;
constexpr std::array<std::string_view, 7> kStatuses = {"pending",   "running", "waiting",  "suspended",
                                                       "completed", "faulted", "cancelled"};

Result<std::optional<Instant>> time_of(const Request& request, std::string_view name) {
  const std::string* text = parameter(request.query, name);
  if (text == nullptr) return std::optional<Instant>();
  const auto time = parse_rfc3339(*text);
  if (!time)
    return invalid(std::string(name) + " is '" + *text + "'; it must be an RFC 3339 time such as 2026-01-31T09:00:00Z");
  return std::optional(*time);
}

Result<std::size_t> limit_of(const Request& request) {
  const std::string* text = parameter(request.query, "limit");
  if (text == nullptr) return InstanceFilter().limit;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || end != text->data() + text->size() || limit == 0 || limit > kLimitMax) {
    return invalid("limit is '" + *text + "'; it must be a whole number from 1 to " + std::to_string(kLimitMax));
  }
  return limit;
}

Result<InstanceFilter> filter_of(const Request& request) {
  InstanceFilter filter;
  filter.flow = value_of(request.query, "flow");
  filter.version = value_of(request.query, "version");
  filter.status = value_of(request.query, "status");
  filter.cursor = value_of(request.query, "cursor");
  if (!filter.status.empty() && std::ranges::find(kStatuses, filter.status) == kStatuses.end()) {
    return invalid("status is '" + filter.status +
                   "'; it may be pending, running, waiting, suspended, completed, faulted or cancelled");
  }
  BATON_TRY(filter.from, time_of(request, "from"));
  BATON_TRY(filter.to, time_of(request, "to"));
  BATON_TRY(filter.limit, limit_of(request));
  return filter;
}

}  // namespace

namespace handlers {

void instances(const Context& context, Request request, Respond respond) {
  auto filter = filter_of(request);
  if (!filter) return respond(problem("invalid-parameter", request.where() + ": " + filter.error_text() + "."));
  context.backend.instances(*std::move(filter),
                            answer<InstancePage>(std::move(respond), request.where(),
                                                 [](InstancePage page) { return json_response(200, to_json(page)); }));
}

void orphans(const Context& context, Request request, Respond respond) {
  const auto limit = limit_of(request);
  if (!limit) return respond(problem("invalid-parameter", request.where() + ": " + limit.error_text() + "."));
  context.backend.orphans({value_of(request.query, "type"), value_of(request.query, "flow"), *limit},
                          answer<std::vector<OrphanInfo>>(
                              std::move(respond), request.where(), [](std::vector<OrphanInfo> found) {
                                return json_response(200, json::Object{{"orphans", to_array(found)}});
                              }));
}

void instance(const Context& context, Request request, Respond respond) {
  context.backend.instance(value_of(request.parameters, "id"), value_of(request.query, "flow"),
                           answer<InstanceDetail>(std::move(respond), request.where(), [](InstanceDetail detail) {
                             return json_response(200, to_json(detail));
                           }));
}

}  // namespace handlers
}  // namespace baton::api
