// The HTTP door of a service: routes that Baton's own listener serves, beside its API.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "baton/json.h"

namespace baton {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;  ///< "POST"
  std::string path;    ///< decoded, without query: "/loans/L-1"
  HttpHeaders headers;
  std::string body;  ///< at most 1 MiB: the listener refuses more
  /// Decoded: of the route's path ({id} -> "L-1"), then of the query.
  std::vector<std::pair<std::string, std::string>> parameters;

  /// The header's value, whatever the case of its name; "" when absent.
  std::string_view header(std::string_view name) const;
  std::string_view parameter(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers;  ///< Content-Length is added
  std::string body;

  static HttpResponse json(int status, std::string text);
  /// Problem details (RFC 9457). `title` "": the status' own words.
  static HttpResponse problem(int status, std::string_view detail, std::string_view title = "");
};

/// What a route's handler publishes with.
struct PublishOptions {
  std::string correlation_id = {};  ///< the flow instance; "": a new one
  std::string id = {};      ///< the event's; "": a new one. Two events with one id (and one source) are one event
  std::string source = {};  ///< "": the service's name, as "/loan-request"
  std::string subject;
  std::string traceparent = {};    ///< W3C trace context to go on with; what is none is passed over
  std::string partition_key = {};  ///< "": correlation_id
};
struct Published {
  std::string id;
  std::string correlation_id;
};

class Publisher {
 public:
  virtual ~Publisher() = default;
  struct Refused {
    std::string detail;
    bool transient = false;  ///< too much waits, or the disk is full: the same event may be taken later
  };
  /// Publishes the event on the channel that a contract gives its type; returns once it is durable (synced). `data` is
  /// JSON text, checked against the contract's schema. Any thread that may block.
  virtual std::expected<Published, Refused> publish(std::string_view type, std::string data,
                                                    PublishOptions options = {}) = 0;

  template <class T>
    requires mapping::Described<T>
  std::expected<Published, Refused> publish(std::string_view type, const T& data, PublishOptions options = {}) {
    return publish(type, to_json(data), std::move(options));
  }
};

using RouteHandler = std::function<HttpResponse(const HttpRequest&, Publisher&)>;

struct Route {
  std::string method;
  std::string path;  ///< "/loans" or "/loans/{id}"
  RouteHandler handler;

  /// Does the path fit? Then `parameters` is what its {…} segments stand for.
  bool matches(std::string_view request_path, std::vector<std::pair<std::string, std::string>>& parameters) const;
};

}  // namespace baton
