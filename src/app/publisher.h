// What a service's own HTTP door publishes with, and those doors as the API mounts them.
#pragma once

#include <vector>

#include "api/backend.h"
#include "app/intake.h"
#include "baton/service.h"
#include "stream/executor.h"

namespace baton::app {

/// Blocks its caller until the event is durable.
class IntakePublisher final : public Publisher {
 public:
  IntakePublisher(Intake& intake, const Clock& clock, std::string source)
      : intake_(intake), clock_(clock), source_(std::move(source)) {}
  std::expected<Published, Refused> publish(std::string_view type, std::string data, PublishOptions options) override;

 private:
  Intake& intake_;
  const Clock& clock_;
  std::string source_;
};

/// The routes of all services. Their handlers run on `executor`.
std::vector<api::Door> doors_of(const std::vector<Service::Parts>& services, Intake& intake, const Clock& clock,
                                stream::Executor& executor);

}  // namespace baton::app
