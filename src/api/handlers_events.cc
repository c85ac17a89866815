#include "api/handlers.h"

namespace baton::api {
namespace {

constexpr std::size_t kFollowPage = 256;

Response refused(const std::vector<Receipt>& receipts, const std::string& where) {
  json::Array errors;
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    if (receipts[i].error)
      errors.push_back(json::Object{{"index", i}, {"id", receipts[i].id}, {"detail", receipts[i].error->text}});
  }
  const std::string first = std::string(errors.front().at("detail").as_string());
  const std::string count = std::to_string(errors.size()) + " of " + std::to_string(receipts.size()) +
                            " events refused, none published. The first: ";
  return problem("events-refused", where + ": " + (receipts.size() == 1 ? first : count + first),
                 {{"errors", std::move(errors)}});
}

bool any_refused(const std::vector<Receipt>& receipts) {
  for (const Receipt& receipt : receipts) {
    if (receipt.error) return true;
  }
  return false;
}

bool is_json(const std::string& type) {
  return type.empty() || type.ends_with("json");
}

/// Where a client that comes back, or asks for a place, wants to go on.
std::string cursor_of(const Request& request, const char* otherwise) {
  if (const std::string* last = header(request.headers, "Last-Event-ID"); last != nullptr && !last->empty())
    return *last;
  if (const std::string* after = parameter(request.query, "after")) return *after;
  return otherwise;
}

enum class Until { left, ended, now };

void open_stream(Backend& backend, const Request& request, std::string cursor, FollowFilter filter, Until until,
                 Respond respond) {
  const bool resumed = header(request.headers, "Last-Event-ID") != nullptr;
  auto make = [filter, until, resumed](FollowPage page) {
    Response response;
    if (resumed && until == Until::ended && page.ended && page.events.empty()) {
      response.status = 204;  // tells an EventSource that comes back to stop (HTML, 9.2)
      return response;
    }
    response.content_type = "text/event-stream";
    response.stream = Stream{filter, std::move(page), until == Until::ended, until == Until::now};
    return response;
  };
  backend.poll(std::move(cursor), filter, kFollowPage,
               answer<FollowPage>(std::move(respond), request.where(), std::move(make)));
}

}  // namespace

namespace handlers {

void publish(const Context& context, Request request, Respond respond) {
  const std::string type = media_type(request);
  if (is_json(type)) {
    if (auto refusal = check_depth(request, context.options.depth_max)) return respond(*std::move(refusal));
  }
  auto events = event::from_http(request.headers, request.body, context.clock.now());
  const std::string where = request.where();
  if (!events) {
    const bool format = events.error().code == Code::unsupported;  // an event format that is not read here
    return respond(problem(format ? "unsupported-media-type" : "malformed-event", where + ": " + events.error_text()));
  }
  const bool batch = type == "application/cloudevents-batch+json";
  if (events->empty()) return respond(json_response(202, json::Object{{"events", json::Array{}}}));
  context.backend.publish(
      *std::move(events),
      answer<std::vector<Receipt>>(std::move(respond), where, [where, batch](std::vector<Receipt> receipts) {
        if (any_refused(receipts)) return refused(receipts, where);
        return json_response(202, batch || receipts.empty() ? json::Value(json::Object{{"events", to_array(receipts)}})
                                                            : to_json(receipts.front()));
      }));
}

void follow(const Context& context, Request request, Respond respond) {
  FollowFilter filter{value_of(request.query, "type"), value_of(request.query, "correlationid"),
                      value_of(request.query, "flow")};
  const std::string from = value_of(request.query, "from");
  if (!from.empty() && from != "start" && from != "now") {
    return respond(problem("invalid-parameter", request.where() + ": from is '" + from + "'; it may be start or now."));
  }
  const std::string until = value_of(request.query, "until");
  if (!until.empty() && until != "now")
    return respond(problem("invalid-parameter", request.where() + ": until is '" + until + "'; it may be now."));
  std::string cursor = cursor_of(request, from == "start" ? kFollowFromStart : kFollowFromNow);
  open_stream(context.backend, request, std::move(cursor), std::move(filter), until.empty() ? Until::left : Until::now,
              std::move(respond));
}

void follow_instance(const Context& context, Request request, Respond respond) {
  const std::string id = value_of(request.parameters, "id");
  // Asked first whether there is such an instance: a stream of an unknown one would stay silent for ever.
  auto opened = [&backend = context.backend, request, respond, id](Result<InstanceDetail> found) mutable {
    if (!found) return respond(problem_of(found.error(), request.where()));
    std::string cursor = cursor_of(request, kFollowFromStart);
    open_stream(backend, request, std::move(cursor), FollowFilter{"", id, ""}, Until::ended, std::move(respond));
  };
  context.backend.instance(id, "", std::move(opened));
}

}  // namespace handlers
}  // namespace baton::api
