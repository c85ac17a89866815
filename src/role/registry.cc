#include "role/registry.h"

namespace baton::role {

const Deployed* Registry::find(std::string_view flow, std::string_view version) const {
  const auto found = flows.find(std::pair(std::string(flow), std::string(version)));
  return found == flows.end() ? nullptr : &found->second;
}

Held<Registry> Catalog::snapshot() const {
  const std::lock_guard lock(mutex_);
  return Held<Registry>(registry_);
}

void Catalog::replace(std::shared_ptr<const Registry> registry) {
  const std::lock_guard lock(mutex_);
  BATON_ASSERT(registry != nullptr);
  registry_ = std::move(registry);
}

void Catalog::set_running(std::set<std::string, std::less<>> services) {
  const std::lock_guard lock(mutex_);
  running_ = std::move(services);
}

bool Catalog::runs(std::string_view service) const {
  const std::lock_guard lock(mutex_);
  return running_.contains(service);
}

void Catalog::set_over(std::function<bool(const engine::InstanceId&)> over) {
  const std::lock_guard lock(mutex_);
  over_ = std::move(over);
}

bool Catalog::over(const engine::InstanceId& instance) const {
  std::unique_lock lock(mutex_);
  const auto over = over_;
  lock.unlock();
  return over && over(instance);
}

}  // namespace baton::role
