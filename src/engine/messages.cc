// The records that roles publish for an instance.
#include "engine/engine.h"

namespace baton::engine {
namespace {

event::Event message_of(const flow::Program& program, const std::string& correlationid) {
  event::Event event;
  event.source = "/" + program.full_name() + "/" + program.version;
  event.correlationid = correlationid;
  event.flowname = program.full_name();
  event.flowversion = program.version;
  return event;
}

}  // namespace

event::Event timer_event(const flow::Program& program, const std::string& correlationid, flow::TaskId task,
                         const std::string& timer, Instant due) {
  event::Event event = message_of(program, correlationid);
  const std::string pointer = task == flow::kNoTask ? "/timeout" : program.task(task).pointer;
  // A task may arm several timers: the name tells them apart.
  event.id = derived_id({program.full_name(), correlationid}, pointer + "!" + timer, 0, "timer");
  event.type = kTimerType;
  event.kind = "timer";
  event.time = due;
  event.data = json::Data::from_value({{"timer", timer}});
  return event;
}

event::Event command_event(const flow::Program& program, const Instance& instance, const Perform& perform,
                           const event::Event& cause) {
  const auto& call = std::get<flow::Call>(program.task(perform.task).body);
  event::Event event = message_of(program, instance.id.correlation);
  event.id = derived_id(instance.id, perform.occurrence.pointer, perform.occurrence.iteration, "command");
  event.type = call.command_type;
  event.kind = "command";
  event.time = cause.at();
  event.causationid = cause.id;
  event.traceparent = cause.traceparent.empty() ? instance.traceparent : cause.traceparent;
  event.flowtask = to_string(perform.occurrence);
  event.data = perform.request;
  return event;
}

event::Event refusal_event(const flow::Program& program, const Instance& instance, const Refuse& refuse,
                           const event::Event& cause) {
  event::Event event = message_of(program, instance.id.correlation);
  event.id = derived_id(instance.id, refuse.occurrence.pointer, refuse.occurrence.iteration, "fault");
  event.type = kFaultType;
  event.kind = "fault";
  event.time = cause.at();
  event.causationid = cause.id;
  event.traceparent = cause.traceparent.empty() ? instance.traceparent : cause.traceparent;
  event.flowtask = to_string(refuse.occurrence);
  event.data = refuse.problem;
  return event;
}

event::Event flow_fault_event(const flow::Program& program, const Instance& instance, const event::Event& cause) {
  event::Event event = message_of(program, instance.id.correlation);
  event.id = derived_id(instance.id, "", 0, "fault");
  event.type = kFaultType;
  event.kind = "fault";
  event.time = cause.at();
  event.causationid = cause.id;
  event.traceparent = cause.traceparent.empty() ? instance.traceparent : cause.traceparent;
  event.data = instance.outcome;
  return event;
}

event::Event withdrawal_event(const flow::Program& program, const Instance& instance, const Occurrence& occurrence,
                              const event::Event& cause) {
  event::Event event = message_of(program, instance.id.correlation);
  event.id = derived_id(instance.id, occurrence.pointer, occurrence.iteration, "withdrawal");
  event.type = kWithdrawalType;
  event.kind = "command";
  event.time = cause.at();
  event.causationid = cause.id;
  event.flowtask = to_string(occurrence);
  event.data = json::Data::from_value(
      {{"command", derived_id(instance.id, occurrence.pointer, occurrence.iteration, "command")}});
  return event;
}

}  // namespace baton::engine
