#include "app/durable.h"

#include <algorithm>

namespace baton::app {

void await_durable(log::Log& log, const role::Catalog& catalog, std::string_view flow, std::string_view version) {
  const auto registry = catalog.snapshot();
  const role::Deployed* deployed = registry->find(flow, version);
  const auto home = deployed == nullptr ? std::nullopt : log.find_topic(deployed->program->home_topic);
  log::Position last;
  for (std::int32_t p = 0; home && p < home->spec.partitions; ++p) {
    const log::TopicPartition from{home->id, log::PartitionId(p)};
    const log::Offset end = log.end(from, log::Isolation::accepted);
    if (end == log.first(from)) continue;
    const auto batch = log.read(from, end.plus(-1), 1, log::Isolation::accepted);
    if (batch) last = std::max(last, batch->position);
  }
  log.await(last);
}

}  // namespace baton::app
