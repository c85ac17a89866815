// All there is of the instances of one id.
#include "role/keys.h"
#include "role/monitor/record.h"
#include "role/monitor/stores.h"
#include "role/monitor/why.h"
#include "role/monitor_query.h"

namespace baton::role {
namespace {

constexpr std::size_t kFlowsMax = 64;  ///< instances of one id

}  // namespace

std::optional<bool> has_ended(const log::Log& log, const Catalog& catalog, const engine::InstanceId& instance) {
  const auto registry = catalog.snapshot();
  const std::string key = instance_key(instance);
  for (const auto& [partition, store] : stores_of(log, "monitor")) {
    const auto bytes = store.get(key);
    const auto record = bytes ? read_record(std::string_view(key).substr(1), *bytes, *registry) : std::nullopt;
    if (record) return engine::ended(record->summary.status);
  }
  return std::nullopt;
}

Result<std::vector<Shown>> show_instance(const log::Log& log, const Catalog& catalog, std::string_view id) {
  const auto registry = catalog.snapshot();
  std::vector<Shown> found;
  const std::string prefix = instances_prefix(id);
  for (const auto& [partition, store] : stores_of(log, "monitor")) {
    for (const log::Pair& pair : store.scan(prefix, "", kFlowsMax)) {
      auto record = read_record(std::string_view(pair.key).substr(1), pair.value, *registry);
      if (!record) continue;
      Shown one;
      one.waiting = why(log, catalog, *record, partition);
      one.timeline = read_timeline(record->notes, record->program.get());
      if (!record->outcome.empty()) one.outcome = json::Data::from_text(record->outcome);
      if (record->instance) one.input = record->instance->workflow_input;
      if (!record->input.empty()) one.input = json::Data::from_text(record->input);
      one.summary = std::move(record->summary);
      found.push_back(std::move(one));
    }
  }
  if (found.empty())
    return not_found("there is no instance '" + std::string(id) + "' (none began, or its history has expired)");
  return found;
}

}  // namespace baton::role
