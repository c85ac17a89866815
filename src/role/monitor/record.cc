#include "role/monitor/record.h"

#include "base/bytes.h"
#include "role/keys.h"

namespace baton::role {
namespace {

void read_running(std::string_view bytes, MonitorRecord& out) {
  Reader r(bytes);
  auto instance = engine::decode(r.string());
  if (!instance) return;
  out.notes = r.rest();
  out.summary.version = instance->version;
  out.summary.status = instance->status;
  out.summary.started = instance->started_at;
  out.summary.updated = instance->updated_at;
  out.instance = *std::move(instance);
}

std::string reason_of_text(std::string_view problem) {
  const auto value = json::parse(problem);
  return value ? reason_of(*value) : std::string();
}

void read_ended(std::string_view bytes, MonitorRecord& out) {
  const Remains remains = decode_remains(bytes);
  out.notes = remains.notes;
  out.outcome = remains.outcome;
  out.input = remains.input;
  if (remains.status == engine::Status::faulted) out.summary.reason = reason_of_text(remains.outcome);
  out.summary.version = remains.version;
  out.summary.strategy = remains.strategy;
  out.summary.status = remains.status;
  out.summary.started = remains.started;
  out.summary.updated = remains.updated;
  out.summary.ended = remains.updated;
}

// A fork stands where its branches stand.
std::vector<std::string> places_of(const flow::Program& program, const engine::Instance& instance) {
  std::vector<std::string> places;
  for (const engine::Waiting& one : engine::waiting(program, instance)) {
    if (one.what != engine::Waiting::For::branches) places.push_back(program.task(one.task).pointer);
  }
  return places;
}

}  // namespace

std::optional<MonitorRecord> read_record(std::string_view name, std::string_view record, const Registry& registry) {
  if (record.empty()) return std::nullopt;
  MonitorRecord out;
  engine::InstanceId parts = parse_instance(name);
  out.summary.id = std::move(parts.correlation);
  out.summary.flow = std::move(parts.flow);
  if (record.front() == kRunningRecord) read_running(record.substr(1), out);
  if (record.front() == kEndedRecord) read_ended(record.substr(1), out);
  if (out.summary.version.empty()) return std::nullopt;
  const Deployed* deployed = registry.find(out.summary.flow, out.summary.version);
  if (deployed != nullptr) out.program = deployed->program;
  if (out.instance && out.program != nullptr) {
    out.summary.strategy = out.program->strategy;
    out.summary.at = places_of(*out.program, *out.instance);
  }
  const NoteCounts counts = read_counts(out.notes);
  out.summary.events = counts.events;
  out.summary.tasks = counts.tasks;
  out.summary.faults = counts.faults;
  out.summary.orphans = counts.orphans;
  return out;
}

}  // namespace baton::role
