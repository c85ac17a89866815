#include <algorithm>

#include "api/problem.h"
#include "api/routes.h"

namespace baton::api {
namespace {

bool is_variable(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::vector<std::string> split(std::string_view path) {
  Target target;
  parse_target(path, target);
  return target.segments;
}

bool same_shape(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::equal(a, b,
                            [](const auto& x, const auto& y) { return x == y || (is_variable(x) && is_variable(y)); });
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  return std::ranges::equal(pattern, segments,
                            [](const auto& p, const auto& s) { return p == s || (is_variable(p) && !s.empty()); });
}

Parameters bind(const std::vector<std::string>& pattern, std::vector<std::string>& segments) {
  Parameters bound;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_variable(pattern[i]))
      bound.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), std::move(segments[i]));
  }
  return bound;
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

void call_route(const Context& context, const Route& route, Request request, const Respond& respond) {
  for (auto at = request.query.begin(); at != request.query.end(); ++at) {
    const std::string& name = at->first;
    if (std::find_if(request.query.begin(), at, [&](const auto& before) { return before.first == name; }) != at)
      return respond(problem("invalid-parameter", request.where() + ": '" + name + "' is given twice. Say it once."));
    if (std::ranges::find(route.query, name) != route.query.end()) continue;
    const std::string known = route.query.empty() ? "It takes none." : "It takes: " + joined(route.query) + ".";
    return respond(problem("invalid-parameter", request.where() + ": there is no parameter '" + name + "'. " + known));
  }
  route.handle(context, std::move(request), respond);
}

void call_door(const Door& door, Request request, Respond respond) {
  DoorRequest in{std::move(request.method), std::move(request.path), std::move(request.parameters),
                 std::move(request.headers), std::move(request.body)};
  std::ranges::move(request.query, std::back_inserter(in.parameters));
  door.handle(std::move(in), [respond = std::move(respond)](DoorResponse out) {
    Response response;
    response.status = out.status;
    response.content_type = std::move(out.content_type);
    response.body = std::move(out.body);
    response.headers = std::move(out.headers);
    respond(std::move(response));
  });
}

}  // namespace

Result<void> Router::add(std::string_view method, std::string_view path, Call call) {
  Entry entry{std::string(method), split(path), std::move(call)};
  for (const Entry& other : entries_) {
    if (other.method == entry.method && same_shape(other.segments, entry.segments)) {
      return invalid("route " + std::string(method) + " " + std::string(path) +
                     ": there is one already. Give the door another path");
    }
  }
  entries_.push_back(std::move(entry));
  return {};
}

Result<void> Router::open() {
  for (const Route& route : routes()) {
    BATON_CHECK(add(route.method, route.path, [this, &route](Request request, Respond respond) {
      call_route(context_, route, std::move(request), respond);
    }));
  }
  for (const Door& door : context_.doors) {
    if (!door.path.starts_with('/') || door.path.starts_with("/v1/") || door.path == "/v1") {
      return invalid("door " + door.method + " " + door.path + " of service " + door.service +
                     ": a path begins with '/', and /v1 is the API's own");
    }
    BATON_CHECK(add(door.method, door.path, [&door](Request request, Respond respond) {
      call_door(door, std::move(request), std::move(respond));
    }));
  }
  return {};
}

void Router::handle(Request request, Respond respond) const {
  Target target;
  if (!parse_target(request.target, target)) {
    return respond(
        problem("malformed-request", "The path '" + request.target.substr(0, 200) +
                                         "' can't be read: it begins with '/', and % is followed by two hex digits."));
  }
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  std::string allow;
  for (const Entry& entry : entries_) {
    if (!fits(entry.segments, target.segments)) continue;
    if (entry.method == method) {
      request.parameters = bind(entry.segments, target.segments);
      return entry.call(std::move(request), std::move(respond));
    }
    allow += (allow.empty() ? "" : ", ") + entry.method + (entry.method == "GET" ? ", HEAD" : "");
  }
  if (allow.empty()) {
    return respond(problem("no-such-route",
                           request.where() + ": there is nothing at this path. /openapi.json lists what there is."));
  }
  Response response = problem("method-not-allowed", request.where() + ": this path takes " + allow + ".");
  response.headers.emplace_back("Allow", allow);
  respond(std::move(response));
}

}  // namespace baton::api
