#include "api/guard.h"

#include <algorithm>

#include "api/problem.h"

namespace baton::api {
namespace {

bool is_ipv4_loopback(std::string_view host) {
  return host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
         std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

std::string_view authority_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

}  // namespace

bool is_loopback(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return is_ipv4_loopback(host) || host == "::1" || equal_without_case(host, "localhost") ||
         (host.size() > 10 && equal_without_case(host.substr(host.size() - 10), ".localhost"));
}

std::string_view without_port(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

std::optional<Response> guard(const Request& request, bool loopback) {
  const auto hosts =
      std::ranges::count_if(request.headers, [](const auto& h) { return equal_without_case(h.first, "Host"); });
  if (hosts > 1 || (hosts == 0 && !request.http_1_0)) {
    Response response = problem("malformed-request",
                                "HTTP/1.1 wants exactly one Host header; there were " + std::to_string(hosts) + ".");
    response.close = true;
    return response;
  }
  // What reads the first and what reads the last would not see the same request.
  for (const std::string_view name : {"Content-Type", "Last-Event-ID", "Origin", "traceparent"}) {
    const auto given =
        std::ranges::count_if(request.headers, [&](const auto& h) { return equal_without_case(h.first, name); });
    if (given <= 1) continue;
    Response response = problem("malformed-request",
                                std::string(name) + " is given " + std::to_string(given) + " times. Send it once.");
    response.close = true;
    return response;
  }
  const std::string* host = header(request.headers, "Host");
  if (loopback && host != nullptr && !is_loopback(without_port(*host))) {
    return problem("wrong-host", "This server is bound to loopback and does not answer to '" + host->substr(0, 200) +
                                     "'. Use localhost or a loopback address.");
  }
  const std::string* origin = header(request.headers, "Origin");
  const bool changes = request.method != "GET" && request.method != "HEAD";
  if (changes && origin != nullptr && (host == nullptr || !equal_without_case(authority_of(*origin), *host))) {
    return problem("cross-origin", "A page of " + origin->substr(0, 200) + " may not change anything here.");
  }
  return std::nullopt;
}

}  // namespace baton::api
