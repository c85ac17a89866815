#include "cli/remote.h"

#include "api/message.h"
#include "cli/demo/http.h"
#include "cli/text/style.h"

namespace baton::cli {

// The server begins with the request, "GET /v1/flows: "; who typed a command never saw that.
std::string RemoteAnswer::problem() const {
  const json::Value* detail = json::find(body, "/detail");
  if (detail != nullptr && detail->is_string()) {
    std::string text(detail->get_string());
    const bool with_request = text.starts_with("GET /") || text.starts_with("POST /");
    return harmless(with_request && text.find(": ") != std::string::npos ? text.substr(text.find(": ") + 2) : text);
  }
  return "the server answered " + std::to_string(status);
}

std::string Remote::address(const std::string& path, const Query& query) const {
  std::string address = url_;
  while (address.ends_with('/')) address.pop_back();
  address += path;
  char sign = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    address += sign + name + "=" + api::percent_encode(value);
    sign = '&';
  }
  return address;
}

Error Remote::unreachable(const Error& error) const {
  return {Code::io,
          "can't reach a server at " + url_ + " (" +
              error.text.substr(error.text.rfind(": ") == std::string::npos ? 0 : error.text.rfind(": ") + 2) +
              ").\n  Start one:          baton serve --data ./baton-data\n  Or name another:    --server URL, or "
              "BATON_SERVER=URL"};
}

Result<RemoteAnswer> Remote::read(int status, const std::string& body) const {
  RemoteAnswer answer{status, nullptr};
  if (body.empty()) return answer;
  auto value = json::parse(body, {.bytes_max = 256u << 20, .depth_max = 512});
  if (!value)
    return Error{Code::io, "what answers at " + url_ + " is no Baton: it sent no JSON (status " +
                               std::to_string(status) + "). Check --server and BATON_SERVER"};
  answer.body = *std::move(value);
  return answer;
}

Result<RemoteAnswer> Remote::get(const std::string& path, const Query& query) const {
  HttpClient http;
  const auto reply = http.get(address(path, query));
  if (!reply) return unreachable(reply.error());
  return read(reply->status, reply->body);
}

Result<RemoteAnswer> Remote::follow(const std::string& path, const Query& query, SseReader& reader,
                                    const std::function<bool()>& again) const {
  HttpClient http;
  for (;;) {
    std::vector<std::string> headers = {"Accept: text/event-stream"};
    if (!reader.last_id().empty()) headers.push_back("Last-Event-ID: " + reader.last_id());
    reader.begin();
    const auto reply = http.stream(address(path, query), headers, [&](std::string_view bytes) { reader.take(bytes); });
    if (reply && (reply->status == 200 || reply->status == 204)) return RemoteAnswer{reply->status, nullptr};
    const bool comes_back = !reply || reply->status == 503;
    if (comes_back && !reader.last_id().empty() && again()) continue;
    if (!reply) return unreachable(reply.error());
    return read(reply->status, reply->body);
  }
}

Result<RemoteAnswer> Remote::post(const std::string& path, const Query& query, const std::string& body,
                                  const std::string& content_type) const {
  HttpClient http;
  const auto reply = http.post(address(path, query), body, {"Content-Type: " + content_type});
  if (!reply) return unreachable(reply.error());
  return read(reply->status, reply->body);
}

}  // namespace baton::cli
