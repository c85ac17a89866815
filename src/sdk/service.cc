#include "baton/service.h"

#include "base/assert.h"

namespace baton {
namespace mapping {

Failure unreadable(const Invocation& call, const std::string& error) {
  return {.detail = call.service + "." + call.operation + " cannot read its request: " + error,
          .transient = false,
          .status = 400,
          .title = "The request does not fit the handler",
          .type = "https://serverlessworkflow.io/spec/1.0.0/errors/validation"};
}

Failure thrown(const Invocation& call) {
  std::string what = "something that is no std::exception";
  try {
    throw;
  } catch (const std::exception& exception) {
    what = exception.what();
  } catch (...) {
    what = "what is no std::exception";
  }
  CallLog(call).error("the handler threw: {}", what);
  return {.detail = call.service + "." + call.operation + " threw: " + what,
          .transient = true,
          .status = 500,
          .title = "",
          .type = ""};
}

}  // namespace mapping

Service::Service(std::string name, std::string version)
    : parts_{.name = std::move(name), .version = std::move(version)} {}

Service& Service::add(std::string operation, Handler handler) {
  const bool first = parts_.operations.emplace(std::move(operation), std::move(handler)).second;
  BATON_ASSERT(first);  // one handler an operation: the program is wrong, and says so at its start
  return *this;
}

Service& Service::route(std::string method, std::string path, RouteHandler handler) {
  BATON_ASSERT(path.starts_with('/'));
  auto guarded = [handler = std::move(handler)](const HttpRequest& request, Publisher& publisher) {
    try {
      return handler(request, publisher);
    } catch (const std::exception& exception) {
      return HttpResponse::problem(500, std::string("the handler threw: ") + exception.what());
    } catch (...) {
      return HttpResponse::problem(500, "the handler threw something that is no std::exception");
    }
  };
  parts_.routes.push_back({std::move(method), std::move(path), std::move(guarded)});
  return *this;
}

Service& Service::in_flight(std::size_t calls_max) {
  BATON_ASSERT(calls_max > 0);
  parts_.in_flight_max = calls_max;
  return *this;
}

Service& Service::retry(RetryPolicy policy) {
  BATON_ASSERT(policy.attempts_max >= 0);
  BATON_ASSERT(policy.lasts_ms >= 0);
  parts_.retry = policy;
  return *this;
}

}  // namespace baton
