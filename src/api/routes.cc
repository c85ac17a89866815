#include "api/handlers.h"

namespace baton::api {

// The door of events stands first: it is the one that is hot.
const std::vector<Route>& routes() {
  static const std::vector<Route> kRoutes = {
      {"POST", "/v1/events", "publishEvents", {}, handlers::publish},
      {"GET",
       "/v1/events",
       "followEvents",
       {"type", "correlationid", "flow", "from", "after", "until"},
       handlers::follow},
      {"POST", "/v1/deployments", "deploy", {"strategy", "name"}, handlers::deploy},
      {"GET", "/v1/flows", "listFlows", {}, handlers::flows},
      {"GET", "/v1/flows/{namespace}/{name}/views", "projectFlow", {"version", "service"}, handlers::views},
      {"POST", "/v1/flows/{namespace}/{name}/instances", "startInstance", {"version", "id"}, handlers::start},
      {"GET",
       "/v1/instances",
       "listInstances",
       {"flow", "version", "status", "from", "to", "limit", "cursor"},
       handlers::instances},
      {"GET", "/v1/instances/{id}", "showInstance", {"flow"}, handlers::instance},
      {"GET", "/v1/instances/{id}/events", "followInstance", {"after"}, handlers::follow_instance},
      {"GET", "/v1/orphans", "listOrphans", {"type", "flow", "limit"}, handlers::orphans},
      {"GET", "/v1/contracts", "listContracts", {}, handlers::contracts},
      {"GET", "/openapi.json", "describeApi", {}, handlers::openapi},
      {"GET", "/problems/{problem}", "explainProblem", {}, handlers::problem_page},
      {"GET", "/healthz", "health", {}, handlers::healthz},
      {"GET", "/readyz", "readiness", {}, handlers::readyz},
  };
  return kRoutes;
}

}  // namespace baton::api
