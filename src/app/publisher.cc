#include "app/publisher.h"

#include <future>
#include <memory>
#include <utility>

#include "event/attributes.h"

namespace baton::app {
namespace {

bool transient(Code code) {
  return code == Code::busy || code == Code::out_of_space;
}

HttpRequest to_request(api::DoorRequest request) {
  HttpRequest out;
  out.method = std::move(request.method);
  out.path = std::move(request.path);
  out.headers = std::move(request.headers);
  out.body = std::move(request.body);
  out.parameters = std::move(request.parameters);
  return out;
}

api::DoorResponse to_response(HttpResponse response) {
  api::DoorResponse out;
  out.status = response.status;
  out.body = std::move(response.body);
  for (auto& [name, value] : response.headers) {
    if (name == "Content-Type") {
      out.content_type = std::move(value);
    } else {
      out.headers.emplace_back(std::move(name), std::move(value));
    }
  }
  return out;
}

}  // namespace

std::expected<Published, Publisher::Refused> IntakePublisher::publish(std::string_view type, std::string data,
                                                                      PublishOptions options) {
  event::Event e;
  e.id = options.id.empty() ? random_id() : std::move(options.id);
  e.source = options.source.empty() ? source_ : std::move(options.source);
  e.type = type;
  e.subject = std::move(options.subject);
  e.time = clock_.now();
  e.correlationid = std::move(options.correlation_id);
  if (event::is_traceparent(options.traceparent)) e.traceparent = std::move(options.traceparent);
  e.partitionkey = std::move(options.partition_key);
  auto parsed = json::Data::parse(data);
  if (!parsed) return std::unexpected(Refused{"the data is not JSON: " + parsed.error_text()});
  e.data = *std::move(parsed);
  // A door may pass on what somebody sent it: what is not text would make every answer that shows the event no JSON.
  if (auto good = event::check_attributes(e); !good) return std::unexpected(Refused{good.error_text()});

  std::promise<Result<std::vector<Receipt>>> promise;
  std::vector<event::Event> events;
  events.push_back(std::move(e));
  intake_.publish(std::move(events),
                  [&](Result<std::vector<Receipt>> result) { promise.set_value(std::move(result)); });
  const Result<std::vector<Receipt>> result = promise.get_future().get();
  if (!result) return std::unexpected(Refused{result.error_text(), transient(result.error().code)});
  const Receipt& receipt = result->front();
  if (receipt.refused) return std::unexpected(Refused{receipt.refused->text, transient(receipt.refused->code)});
  return Published{receipt.id, receipt.correlationid};
}

std::vector<api::Door> doors_of(const std::vector<Service::Parts>& services, Intake& intake, const Clock& clock,
                                stream::Executor& executor) {
  std::vector<api::Door> doors;
  for (const Service::Parts& service : services) {
    const auto publisher = std::make_shared<IntakePublisher>(intake, clock, "/" + service.name);
    for (const Route& route : service.routes) {
      api::Door door{route.method, route.path, service.name, "The door of service " + service.name, {}};
      door.handle = [publisher, handler = route.handler, &executor](api::DoorRequest request,
                                                                    std::function<void(api::DoorResponse)> done) {
        executor.submit([publisher, handler, done = std::move(done),
                         shared = std::make_shared<HttpRequest>(to_request(std::move(request)))] {
          done(to_response(handler(*shared, *publisher)));
        });
      };
      doors.push_back(std::move(door));
    }
  }
  return doors;
}

}  // namespace baton::app
