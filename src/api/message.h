// One request and one response, free of the library that reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "event/event.h"

namespace baton::api {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string target;     ///< as sent
  std::string path;       ///< decoded, without the query
  Parameters parameters;  ///< of the path's {names}, decoded
  Parameters query;       ///< decoded, in order
  event::HttpHeaders headers;
  std::string body;
  bool http_1_0 = false;
  bool keep_alive = true;
  /// Where, for error texts: "POST /v1/events".
  std::string where() const { return method + " " + path; }
};

/// The first value of that name; nullptr when absent. Header names are compared without case.
const std::string* header(const event::HttpHeaders& headers, std::string_view name);
const std::string* parameter(const Parameters& parameters, std::string_view name);
bool equal_without_case(std::string_view a, std::string_view b);

/// Splits and decodes `target` ("/a/b%20c?x=1", or "http://host/a") into path, segments and query. False: malformed
/// (a bad escape, a NUL, not UTF-8, no leading slash).
struct Target {
  std::string path;
  std::vector<std::string> segments;  ///< decoded one by one: an escaped slash does not part
  Parameters query;
};
bool parse_target(std::string_view target, Target& out);

/// "a b/c" -> "a%20b%2Fc" (RFC 3986, 2.3).
std::string percent_encode(std::string_view text);

/// An event stream (SSE) instead of a body: goes on from `first` until the client leaves or, with `until_ended`, the
/// instance has ended, or, with `until_now`, nothing more is there.
struct Stream {
  FollowFilter filter;
  FollowPage first;
  bool until_ended = false;
  bool until_now = false;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  event::HttpHeaders headers;
  bool close = false;  ///< nothing more is read from this connection
  std::optional<Stream> stream;
};

Response json_response(int status, const json::Value& value);

/// The response as it goes over the wire. `date`: for the Date header. `head_only`: the answer to HEAD.
struct WireOptions {
  std::string_view date;
  bool head_only = false;
  bool close = false;
  bool http_1_0 = false;
};
void write_response(std::string& out, const Response& response, const WireOptions& options);
std::string_view reason_phrase(int status);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(Instant instant);

using Respond = std::function<void(Response)>;

}  // namespace baton::api
