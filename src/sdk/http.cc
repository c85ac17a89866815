#include "baton/http.h"

#include <algorithm>

namespace baton {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// The words of RFC 9110 for the statuses that services answer with.
std::string_view words_of(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

// Cuts the next segment off a path: "/loans/L-1" gives "loans" and leaves "/L-1".
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  const auto found = std::ranges::find_if(headers, [&](const auto& header) { return same_name(header.first, name); });
  return found == headers.end() ? std::string_view() : found->second;
}

std::string_view HttpRequest::parameter(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, &std::pair<std::string, std::string>::first);
  return found == parameters.end() ? std::string_view() : found->second;
}

HttpResponse HttpResponse::json(int status, std::string text) {
  return {status, {{"Content-Type", "application/json"}}, std::move(text)};
}

HttpResponse HttpResponse::problem(int status, std::string_view detail, std::string_view title) {
  std::string body = R"({"type":"about:blank","status":)" + std::to_string(status) + R"(,"title":)";
  mapping::write_string(body, title.empty() ? words_of(status) : title);
  body += R"(,"detail":)";
  mapping::write_string(body, detail);
  return {status, {{"Content-Type", "application/problem+json"}}, body + "}"};
}

bool Route::matches(std::string_view request_path, std::vector<std::pair<std::string, std::string>>& parameters) const {
  std::vector<std::pair<std::string, std::string>> found;
  std::string_view pattern = path;
  while (!pattern.empty() && !request_path.empty()) {
    const std::string_view want = next_segment(pattern);
    const std::string_view have = next_segment(request_path);
    if (want.size() > 2 && want.front() == '{' && want.back() == '}') {
      if (have.empty()) return false;
      found.emplace_back(want.substr(1, want.size() - 2), have);
    } else if (want != have) {
      return false;
    }
  }
  if (!pattern.empty() || !request_path.empty()) return false;
  parameters = std::move(found);
  return true;
}

}  // namespace baton
