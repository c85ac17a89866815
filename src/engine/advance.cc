// The doors: does an instance begin, beginning it, and one event later.
#include <algorithm>

#include "base/assert.h"
#include "engine/filter.h"
#include "engine/inbox.h"
#include "engine/match.h"
#include "event/routed.h"

namespace baton::engine {
namespace {

bool is_start_command(const flow::Program& program, const event::Event& event) {
  return event.kind == "start" && event.flowversion == program.version && event.flowname == program.full_name();
}

/// Brought to this very flow as one that it starts with.
bool is_start_delivery(const flow::Program& program, const event::Event& event) {
  return event.kind == event::kDelivered && event.flowtask == kScheduleTask && event.flowversion == program.version &&
         event.flowname == program.full_name();
}

bool matches_some_start(const flow::Program& program, const event::Event& event) {
  if (!event.kind.empty() || !program.start) return false;
  const auto& filters = program.start->filters;
  if (filters.empty()) return program.start->mode == flow::Events::Mode::any;
  return std::any_of(filters.begin(), filters.end(), [&](const flow::Filter& f) { return takes_start(f, event); });
}

bool begins_in_the_middle(const flow::Program& program) {
  return program.slice && !program.slice->needs_start;
}

/// The filters of `schedule.on: all` that have no event yet: each event goes to the first that is open.
std::vector<const flow::Filter*> open_filters(const flow::Events& start, const std::vector<event::Event>& events) {
  std::vector<const flow::Filter*> open;
  for (const flow::Filter& filter : start.filters) open.push_back(&filter);
  for (const event::Event& event : events) {
    const auto taker = std::ranges::find_if(open, [&](const auto* filter) { return takes_start(*filter, event); });
    if (taker != open.end()) open.erase(taker);
  }
  return open;
}

bool start_complete(const flow::Events& start, const std::vector<event::Event>& events) {
  return start.mode != flow::Events::Mode::all || open_filters(start, events).empty();
}

json::Data start_input(const flow::Program& program, const std::vector<event::Event>& events) {
  json::Array array;
  array.reserve(events.size());
  for (const event::Event& event : events)
    array.push_back(program.start_reads_data ? event.data.value() : event::to_json(event));
  return json::Data::from_value(std::move(array));
}

void fail_at_start(Step& step, std::string_view kind, const std::string& detail, const char* pointer) {
  end_instance(step, Status::faulted, json::Data::from_value(to_json(standard_fault(kind, detail, pointer))));
}

/// The flow's timeout counts from here. False: the flow has faulted.
bool arm_flow_timeout(Step& step, const json::Data& input) {
  if (!step.program.timeout) return true;
  Millis delay = step.program.timeout->ms;
  if (step.program.timeout->expression) {
    const auto value = evaluate(step, nullptr, *step.program.timeout->expression, input);
    const auto parsed = value ? duration_of(*value) : Result<Millis>(value.error());
    if (!parsed) {
      fail_at_start(step, "expression", parsed.error().text, "/timeout");
      return false;
    }
    delay = *parsed;
  }
  arm(step, 0, flow::kNoTask, ArmedTimer::Purpose::timeout, delay);
  return true;
}

/// input.schema, input.from, then the main list. In a slice that does not see the start, the input is unknown.
void enter_flow(Step& step) {
  BATON_ASSERT(step.instance.frames.empty() && step.program.root != flow::kNoTask);
  const flow::Program& program = step.program;
  const json::Data& raw = step.instance.workflow_input;
  json::Data input = raw;
  if (!begins_in_the_middle(program)) {
    if (program.input.schema) {
      if (const auto valid = program.input.schema->validate(raw.value()); !valid) {
        return fail_at_start(step, "validation", "input: " + valid.error().text, "/input/schema");
      }
    }
    if (program.input.expression) {
      auto transformed = evaluate(step, nullptr, *program.input.expression, raw);
      if (!transformed) return fail_at_start(step, "expression", transformed.error().text, "/input/from");
      input = *std::move(transformed);
    }
  }
  if (!arm_flow_timeout(step, input)) return;
  step.instance.status = Status::running;
  step.agenda.push_back({.parent = 0, .task = program.root, .raw_input = std::move(input)});
  run(step);
}

/// While pending: `schedule.on: all` collects.
Taken collect(Step& step) {
  Instance& instance = step.instance;
  BATON_ASSERT(step.program.start.has_value());
  const flow::Events& start = *step.program.start;
  if (is_duplicate(step, step.event)) return Taken::orphan;
  const event::Event original = event::original(step.event);
  const bool happened = step.event.kind.empty() || step.event.flowtask == kScheduleTask;
  const auto wants = [&](const flow::Filter* filter) { return takes_start(*filter, original); };
  if (!happened || std::ranges::none_of(open_filters(start, instance.start_events), wants)) {
    if (step.event.kind == event::kDelivered) return Taken::orphan;
    const bool for_listen = may_be_listened_to(step, step.event);
    const bool for_call = may_be_answer(step, step.event);
    if (!for_listen && !for_call) return Taken::orphan;
    return keep(step, step.event, for_listen, for_call) ? Taken::kept : Taken::full;
  }
  note_consumed(step, step.event);
  instance.start_events.push_back(original);
  if (!start_complete(start, instance.start_events)) return Taken::used;
  instance.workflow_input = start_input(step.program, instance.start_events);
  instance.start_events.clear();
  enter_flow(step);
  return Taken::used;
}

Instance make_instance(const flow::Program& program, const event::Event& event) {
  Instance instance;
  instance.id = {program.full_name(), event.correlationid};
  instance.version = program.version;
  instance.started_at = event.at();
  instance.updated_at = event.at();
  instance.traceparent = event.traceparent;
  instance.frames.reserve(8);
  return instance;
}

}  // namespace

bool starts(const flow::Program& program, const event::Event& event) {
  if (is_start_command(program, event) || is_start_delivery(program, event)) return true;
  if (!begins_in_the_middle(program)) return matches_some_start(program, event);
  // Only who takes part in the flow says which flow, and which of its tasks: that proves that there is an instance.
  if (event.flowname != program.full_name() || event.flowversion != program.version || event.flowtask.empty())
    return false;
  const auto& types = program.slice->types;
  return (event.kind.empty() || event.kind == "fault" || event.kind == event::kDelivered) &&
         (types.contains(event.type) || types.contains("*"));
}

Instance begin(const flow::Program& program, const event::Event& event, Effects& effects) {
  BATON_ASSERT(!event.correlationid.empty());
  Instance instance = make_instance(program, event);
  Step step = make_step(program, instance, event, effects);
  if (event.kind == "start") {
    instance.workflow_input = event.data;
    enter_flow(step);
  } else if (begins_in_the_middle(program)) {
    enter_flow(step);
    if (!ended(instance.status)) static_cast<void>(advance(program, instance, event, effects));
  } else {
    note_consumed(step, event);
    instance.start_events.push_back(event::original(event));
    if (!start_complete(*program.start, instance.start_events)) return instance;
    instance.workflow_input = start_input(program, instance.start_events);
    instance.start_events.clear();
    enter_flow(step);
  }
  return instance;
}

Taken advance(const flow::Program& program, Instance& instance, const event::Event& event, Effects& effects) {
  BATON_ASSERT(instance.version == program.version);
  if (ended(instance.status)) return Taken::orphan;
  Step step = make_step(program, instance, event, effects);
  if (event.kind == "timer") return on_timer(step);
  if (event.kind == "control") return on_control(step);
  if (instance.status == Status::pending) return collect(step);
  if (event.kind == event::kDelivered) return on_delivery(step);
  if (!event.kind.empty() && event.kind != "fault") return Taken::orphan;
  return observe(step);
}

}  // namespace baton::engine
