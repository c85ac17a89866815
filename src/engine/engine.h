// advance(): one step of one flow instance. Pure: no clock, no randomness, no I/O, no thread.
//
// The log of an instance is the sequence of events that carry its correlationid, in the order of its partition. Its
// state is a fold:
//   state = fold(advance, begin(start event), rest)
// Orchestrator, participants (over their slice) and monitor all run this same function; they differ in which effects
// they act on.
//
// What an event is to the instance is told by event.kind:
//   ""         something happened: the reply of a call, an emitted event, an outside event
//   "fault"    the call named by flowtask failed for good; data: problem details
//   "timer"    a timer is due; data: {"timer": key}. Believed only if that timer is still armed
//   "control"  data: {"action": "cancel" | "suspend" | "resume"}
//   "start"    start command for a flow (flowname, flowversion); data: the raw input
//   "delivered"  an event from elsewhere, brought to this instance: flowname, flowversion and correlationid name it,
//              flowtask the listen that waits and its filter (delivery_task()), or the flow's start (kScheduleTask)
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/fault.h"
#include "engine/instance.h"
#include "engine/occurrence.h"
#include "event/event.h"
#include "flow/program.h"

namespace baton::engine {

/// "This task is ready." Acted on by task(id).actor.
struct Perform {
  flow::TaskId task;
  Occurrence occurrence;
  json::Data request;  ///< valid against the operation's request schema
};
/// "This task is ready", but its request can't be made. Acted on by task(id).actor, who alone needs the data to know:
/// it publishes refusal_event(), and the call fails where that stands in the log. So all agree, whoever follows. (An
/// operation without a reply has no answer that could be waited for: all see its failure for themselves.)
struct Refuse {
  flow::TaskId task;
  Occurrence occurrence;
  json::Data problem;  ///< problem details
};
/// The event is complete (id, source, correlationid, flow…), its time is the input's. Acted on by task(id).actor.
struct Emit {
  flow::TaskId task;
  Occurrence occurrence;
  std::string topic;
  event::Event event;
};
/// Acted on by task(id).timekeeper (kNoTask: the program's). The owner publishes "timer due" (timer_event()) once it is
/// due.
struct Arm {
  flow::TaskId task;
  std::string timer;  ///< unique in the instance, never used twice: a stamp; the same in every slice
  Instant due;
};
struct Disarm {
  flow::TaskId task;
  std::string timer;
  Instant due;
};
/// A listen waits, with this filter, for an event from elsewhere. Acted on by task(id).actor: it tells whoever matches events
/// (role/matcher). At most one event is delivered for it (event::kDelivered), which names occurrence and filter.
struct Subscribe {
  flow::TaskId task;
  Occurrence occurrence;
  std::uint32_t filter = 0;
  std::string type;  ///< of the events that the filter takes; "": of more than one
  std::string key;   ///< under which it waits (match.h: key_of()); "": without one
  json::Data terms;  ///< match.h: takes()
};
/// It does not wait any more; what is delivered all the same is given back.
struct Unsubscribe {
  flow::TaskId task;
  Occurrence occurrence;
  std::uint32_t filter = 0;
  std::string type;
  std::string key;
};
/// Nothing that may still happen wants the answer of this call: it was cancelled with what stood around it, has timed
/// out, was answered by somebody else than its service; and no retry will take it up again. Its last effect. Acted on
/// by task(id).actor: the call need not be tried any more. Never of an operation without a reply, which is to be done
/// whatever becomes of the flow.
struct Abandon {
  flow::TaskId task;
  Occurrence occurrence;
};
/// A step, for history. Nobody acts on it.
struct Moved {
  flow::TaskId task;
  Occurrence occurrence;
  enum class Phase { started, skipped, waiting, retried, completed, faulted, cancelled } phase = Phase::started;
  /// completed: the transformed output; faulted: problem details; retried: {"attempt", "due"}; else null.
  json::Data data;
};
struct Ended {
  Status status = Status::completed;  ///< completed, faulted or cancelled
  json::Data data;                    ///< output or problem details; null when cancelled
};
using Effect = std::variant<Perform, Refuse, Emit, Arm, Disarm, Subscribe, Unsubscribe, Abandon, Moved, Ended>;
using Effects = std::vector<Effect>;

/// What became of the event.
enum class Taken {
  /// It moved the instance.
  used,
  /// Nothing waits for it yet, but something may: it is in the instance's inbox.
  kept,
  /// Something may yet wait for it, but so much is kept already that this is not.
  full,
  /// Nothing waits for it and nothing ever will (late result, stale timer, ended instance).
  orphan,
};

/// Would this event begin an instance of the program? (The start filters; a start command for it; for a slice that does
/// not need the start: any event of its types.)
bool starts(const flow::Program& program, const event::Event& event);

/// Begins the instance `event.correlationid`: validates and transforms the input, runs up to the first waits. `event`
/// must satisfy starts(). A fault on the way is an Ended effect, never an error.
Instance begin(const flow::Program& program, const event::Event& event, Effects& effects);

/// One event later. `instance` was begun with the same program.
Taken advance(const flow::Program& program, Instance& instance, const event::Event& event, Effects& effects);

/// flowtask of an event that is delivered: to a listen, or as one that the flow starts with.
std::string delivery_task(const Occurrence& occurrence, std::uint32_t filter);
struct DeliveredTo {
  Occurrence occurrence;  ///< of the listen
  std::uint32_t filter = 0;
};
Result<DeliveredTo> parse_delivery_task(std::string_view flowtask);
inline constexpr std::string_view kScheduleTask = "/schedule#0.0";

/// The name of the timer of the flow's own timeout.
inline constexpr std::string_view kFlowTimer = "flow";
/// CloudEvents type of the "timer due" record.
inline constexpr std::string_view kTimerType = "io.baton.timer.due.v1";

/// The "timer due" record that the timekeeper publishes on the home topic.
event::Event timer_event(const flow::Program& program, const std::string& correlationid, flow::TaskId task,
                         const std::string& timer, Instant due);
/// The command that the orchestrator publishes for a Perform; `cause` is the event whose step made it ready.
event::Event command_event(const flow::Program& program, const Instance& instance, const Perform& perform,
                           const event::Event& cause);

/// `source` of what a service publishes: this and its name.
inline const std::string kServiceSource = "/services/";

/// CloudEvents type of a call's fault.
inline constexpr std::string_view kFaultType = "io.baton.fault.v1";
/// The fault of a call whose request can't be made, on the home topic; `cause` is the event whose step made it ready.
event::Event refusal_event(const flow::Program& program, const Instance& instance, const Refuse& refuse,
                           const event::Event& cause);
/// The fault that ended the flow, for all who do not see it for themselves: on the home topic, of kind "fault" and with
/// no task. `cause` is the event whose step ended it.
event::Event flow_fault_event(const flow::Program& program, const Instance& instance, const event::Event& cause);
inline bool is_flow_fault(const event::Event& event) {
  return event.kind == "fault" && event.flowtask.empty();
}

/// CloudEvents type of what takes a command back. Data: {"command": its id}.
inline constexpr std::string_view kWithdrawalType = "io.baton.command.withdrawn.v1";
/// What the orchestrator publishes, where the command went, once the flow wants nothing of a call any more that it has
/// commanded (Abandon); `cause` is the event whose step says so.
event::Event withdrawal_event(const flow::Program& program, const Instance& instance, const Occurrence& occurrence,
                              const event::Event& cause);

/// What the instance waits for now, for "why is it here": one entry a waiting task, in task order.
struct Waiting {
  flow::TaskId task;
  Occurrence occurrence;  ///< its attempt: of a try that waits for a retry, which one
  Instant since;
  enum class For { reply, event, timer, retry, branches } what = For::reply;
  std::vector<std::string> types;  ///< event types it waits for (reply, event)
  std::optional<Instant> due;      ///< timer, retry, or the task's timeout
  json::Data last_fault;           ///< retry: why
};
std::vector<Waiting> waiting(const flow::Program& program, const Instance& instance);

/// What the events must carry that a waiting listen waits for: by correlation key the value as JSON text. Those that
/// the first event will fix are left out.
std::vector<std::pair<std::string, std::string>> awaited_keys(const flow::Program& program, const Instance& instance,
                                                              const Waiting& waiting);

}  // namespace baton::engine
