// The routes as a table, and the router that finds one.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/message.h"
#include "api/server.h"
#include "base/clock.h"

namespace baton::api {

/// What the handlers have. Outlives every request.
struct Context {
  Backend& backend;
  const Clock& clock;
  const ServerOptions& options;
  const std::vector<Door>& doors;
};

using Handle = void (*)(const Context&, Request, Respond);

struct Route {
  std::string_view method;
  std::string_view path;                ///< "/v1/flows/{namespace}/{name}/views"
  std::string_view id;                  ///< operationId at /openapi.json
  std::vector<std::string_view> query;  ///< the parameters it knows; another is refused
  Handle handle;
};
const std::vector<Route>& routes();

class Router {
 public:
  explicit Router(Context context) : context_(context) {}
  /// The API's routes and the doors. Errors: invalid (two on one method and path, or a door inside /v1).
  Result<void> open();
  /// Answers exactly once. HEAD is GET; the caller leaves the body out.
  void handle(Request request, Respond respond) const;

 private:
  using Call = std::function<void(Request, Respond)>;
  struct Entry {
    std::string method;
    std::vector<std::string> segments;  ///< "{name}" matches any
    Call call;
  };
  Result<void> add(std::string_view method, std::string_view path, Call call);
  Context context_;
  std::vector<Entry> entries_;
};

}  // namespace baton::api
