// One instance, and all of it as JSON.
#include "role/keys.h"
#include "role/monitor/record.h"
#include "role/monitor/stores.h"
#include "role/monitor/why.h"
#include "role/monitor_query.h"

namespace baton::role {
namespace {

constexpr std::size_t kFlowsMax = 64;  ///< instances of one id

std::string_view to_string(flow::Strategy strategy) {
  return strategy == flow::Strategy::orchestration ? "orchestration" : "choreography";
}

std::string_view to_string(TimelineEntry::Kind kind) {
  constexpr std::string_view kNames[] = {"event", "task", "command", "emit", "timer", "ended"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(WaitingFor::Why why) {
  constexpr std::string_view kNames[] = {"down",      "not_consumed", "pending", "retrying",
                                         "no_result", "external",     "timer",   "never"};
  return kNames[static_cast<std::size_t>(why)];
}

void put(json::Object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

json::Value to_json(const TimelineEntry& entry) {
  json::Object out{{"kind", to_string(entry.kind)}, {"time", to_rfc3339(entry.time)}};
  put(out, "eventId", entry.event_id);
  put(out, "eventType", entry.event_type);
  put(out, "eventKind", entry.event_kind);
  put(out, "taken", entry.taken);
  put(out, "task", entry.task);
  put(out, "name", entry.name);
  put(out, "phase", entry.phase);
  put(out, "actor", entry.actor);
  if (entry.iteration > 0) out["iteration"] = entry.iteration;
  if (entry.attempt > 0) out["attempt"] = entry.attempt;
  if (entry.due) out["due"] = to_rfc3339(*entry.due);
  return out;
}

json::Value to_json(const WaitingFor& one) {
  json::Array types(one.types.begin(), one.types.end());
  json::Object out{
      {"why", to_string(one.why)}, {"text", one.text}, {"since", to_rfc3339(one.since)}, {"types", std::move(types)}};
  put(out, "task", one.task);
  put(out, "name", one.name);
  put(out, "actor", one.actor);
  put(out, "lastError", one.last_error);
  if (one.attempt > 0) out["attempt"] = one.attempt;
  if (one.due) out["due"] = to_rfc3339(*one.due);
  return out;
}

}  // namespace

Result<std::vector<Shown>> show_instance(const log::Log& log, const Catalog& catalog, std::string_view id) {
  const auto registry = catalog.snapshot();
  std::vector<Shown> found;
  const std::string prefix = instance_key(id, "");
  for (const auto& [partition, store] : stores_of(log, "monitor")) {
    for (const log::Pair& pair : store.scan(prefix, "", kFlowsMax)) {
      auto record = read_record(std::string_view(pair.key).substr(1), pair.value, *registry);
      if (!record) continue;
      Shown one;
      one.waiting = why(log, catalog, *record, partition);
      one.timeline = read_timeline(record->notes, record->program.get());
      if (!record->outcome.empty()) one.outcome = json::Data::from_text(record->outcome);
      if (record->instance) one.input = record->instance->workflow_input;
      one.summary = std::move(record->summary);
      found.push_back(std::move(one));
    }
  }
  if (found.empty())
    return not_found("there is no instance '" + std::string(id) + "' (none began, or its history has expired)");
  return found;
}

json::Value to_json(const Summary& s) {
  return json::Object{{"id", s.id},
                      {"flow", s.flow},
                      {"version", s.version},
                      {"strategy", to_string(s.strategy)},
                      {"status", engine::to_string(s.status)},
                      {"started", to_rfc3339(s.started)},
                      {"updated", to_rfc3339(s.updated)},
                      {"ended", s.ended ? json::Value(to_rfc3339(*s.ended)) : json::Value(nullptr)},
                      {"events", s.events},
                      {"tasks", s.tasks},
                      {"faults", s.faults},
                      {"orphans", s.orphans}};
}

json::Value to_json(const Shown& shown) {
  json::Object out = to_json(shown.summary).as_object();
  json::Array timeline;
  for (const TimelineEntry& entry : shown.timeline) timeline.push_back(to_json(entry));
  json::Array waiting;
  for (const WaitingFor& one : shown.waiting) waiting.push_back(to_json(one));
  out["timeline"] = std::move(timeline);
  out["waiting"] = std::move(waiting);
  out["outcome"] = shown.outcome.value();
  return out;
}

json::Value to_json(const Count& count) {
  return json::Object{{"flow", count.flow},
                      {"version", count.version},
                      {"status", engine::to_string(count.status)},
                      {"instances", count.instances}};
}

json::Value to_json(const Orphan& orphan) {
  return json::Object{
      {"time", to_rfc3339(orphan.time)},        {"eventId", orphan.event_id}, {"eventType", orphan.event_type},
      {"correlationId", orphan.correlation_id}, {"flow", orphan.flow},        {"reason", orphan.reason}};
}

}  // namespace baton::role
