// Questions to what the monitor keeps: lists, one instance's history, why it is where it is, counts, orphans.
// Any thread; reads the accepted state of the monitor's stores, and, as evidence, what the participants' stores hold
// and have consumed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "log/log.h"
#include "role/registry.h"

namespace baton::role {

struct Summary {
  std::string id;    ///< correlationid
  std::string flow;  ///< "namespace/name"
  std::string version;
  flow::Strategy strategy = flow::Strategy::orchestration;
  engine::Status status = engine::Status::running;
  Instant started;
  Instant updated;
  std::optional<Instant> ended;
  std::vector<std::string> at;  ///< pointers of the tasks that wait; none once it has ended
  std::string reason;           ///< why it has faulted; "" else
  std::uint32_t events = 0;     ///< of its log, taken or not
  std::uint32_t tasks = 0;      ///< completed task occurrences
  std::uint32_t faults = 0;     ///< task occurrences that faulted
  std::uint32_t orphans = 0;    ///< events that nothing waited for
};

struct ListFilter {
  std::string flow;                      ///< "": any
  std::string version;                   ///< "": any
  std::vector<engine::Status> statuses;  ///< empty: any
  std::optional<Instant> from;           ///< started at or after …
  std::optional<Instant> to;             ///< … and before
  std::size_t limit = 50;                ///< at most 1,000
  std::string cursor;                    ///< ListPage::next of the page before; "": the newest
};
struct ListPage {
  std::vector<Summary> instances;  ///< newest first
  std::string next;  ///< "": that was all. A page may be short and still have a next (its search is bounded)
};
/// Errors: invalid (a cursor that is none of ours).
Result<ListPage> list_instances(const log::Log& log, const Catalog& catalog, const ListFilter& filter);

struct TimelineEntry {
  enum class Kind : std::uint8_t { event, task, command, emit, timer, ended, gap } kind = Kind::event;
  Instant time;
  // event: what was read from the log; task: what the state machine did; command and emit: who should act; timer: armed
  std::string event_id;    ///< event, emit
  std::string event_type;  ///< event, emit; command: its CloudEvents type
  std::string event_kind;  ///< event: "", "fault", "timer", "control", "start"
  std::string taken;       ///< event: "used", "kept", "full", "orphan"
  std::string data;        ///< event: its data in brief, JSON text; "": none
  std::string task;        ///< pointer
  std::string name;        ///< the task's name
  std::uint32_t iteration = 0;
  std::uint32_t attempt = 0;
  std::string phase;  ///< task: "started", "skipped", "waiting", "retried", "completed", "faulted", "cancelled"; ended:
                      ///< the status
  std::string actor;  ///< "orchestrator", a service, or ""
  std::string reason;          ///< task: why it faulted
  std::optional<Instant> due;  ///< timer
  std::uint64_t left_out = 0;  ///< gap: so many older entries of a very long timeline
};

/// What a task of the instance waits for, judged by the evidence.
struct WaitingFor {
  std::string task;  ///< pointer
  std::string name;
  Instant since;
  std::vector<std::string> types;  ///< events that would move it on
  std::string actor;               ///< who has to act
  std::optional<Instant> due;
  /// down: the actor, which is not through with it, does not run in this process; not_consumed: it has not read its
  /// trigger yet; pending: it is at work; retrying: it failed and will try again; no_result: it has read its trigger
  /// and nothing came (lost, or a bug of the handler); external: nobody of ours has to act; timer: until `due`; never:
  /// nothing will wake it
  enum class Why { down, not_consumed, pending, retrying, no_result, external, timer, never } why = Why::external;
  int attempt = 0;         ///< pending, retrying: executions begun so far
  std::string last_error;  ///< retrying
  std::string text;        ///< the whole of it as one sentence
};

struct Shown {
  Summary summary;
  std::vector<TimelineEntry> timeline;
  std::vector<WaitingFor> waiting;  ///< empty once it has ended
  json::Data input;                 ///< what it was started with; null: not kept (it ended long ago)
  json::Data outcome;               ///< ended: output or problem details; null otherwise
};
/// Has the instance ended? Nothing: the monitor knows of none.
std::optional<bool> has_ended(const log::Log& log, const Catalog& catalog, const engine::InstanceId& instance);

/// All instances with this id (one per flow; nearly always one). Errors: not_found.
Result<std::vector<Shown>> show_instance(const log::Log& log, const Catalog& catalog, std::string_view id);

struct Count {
  std::string flow;
  std::string version;
  engine::Status status = engine::Status::running;  ///< running stands for all that are under way but suspended
  std::int64_t instances = 0;
};
/// Of all instances that history still has, by flow, version and status. A few dozen keys are read: fit for a live
/// screen.
std::vector<Count> count_instances(const log::Log& log);

struct Orphan {
  Instant time;
  std::string event_id;
  std::string event_type;
  std::string correlation_id;
  std::string flow;
  std::string reason;  ///< "no instance has this id", "the instance has ended", …
  std::string source;
};
struct OrphanFilter {
  std::string type, flow;  ///< "": any
  std::size_t limit = 100;
};
/// The latest, newest first.
std::vector<Orphan> orphans(const log::Log& log, const OrphanFilter& filter = {});

}  // namespace baton::role
