// How tasks are entered and completed, and what comes next.
#include <algorithm>

#include "base/assert.h"
#include "engine/scope.h"
#include "engine/tasks/tasks.h"
#include "engine/unanswered.h"

namespace baton::engine {
namespace {

std::uint32_t count_entry(Instance& instance, flow::TaskId task) {
  if (instance.entered.size() <= task.value) instance.entered.resize(task.value + 1);
  return instance.entered[task.value]++;
}

/// input.schema, then input.from. False: raised.
bool take_input(Step& step, FrameId id, const flow::Task& task) {
  const json::Data raw = frame_of(step, id).raw_input;
  if (task.input.schema) {
    if (const auto valid = task.input.schema->validate(raw.value()); !valid) {
      raise(step, id, "validation", "input: " + valid.error().text);
      return false;
    }
  }
  if (!task.input.expression) {
    frame_of(step, id).input = raw;
    return true;
  }
  auto input = evaluate_in_task(step, id, *task.input.expression, raw);
  if (!input) return false;
  frame_of(step, id).input = *std::move(input);
  return true;
}

/// Whether anything may read the task's inputs after it has begun. Where nothing can, they are let go: a waiting
/// instance is small.
bool keeps_inputs(const flow::Task& task) {
  return task.output.expression || task.exported.expression || task.rereads_input;
}

void after_start(Step& step, FrameId id, const flow::Task& task, std::optional<Millis> timeout) {
  if (find_frame(step.instance, id) == nullptr) return;
  if (timeout) arm(step, id, task.id, ArmedTimer::Purpose::timeout, *timeout);
  if (keeps_inputs(task)) return;
  Frame& frame = frame_of(step, id);
  frame.raw_input = {};
  frame.input = {};
}

void enter(Step& step, Entry entry) {
  BATON_ASSERT(entry.task.value < step.program.tasks.size());
  const flow::Task& task = step.program.tasks[entry.task.value];
  const Unanswered* again = find_again(step, entry.parent, task.id);
  const std::uint32_t attempt = again == nullptr ? 0 : again->attempt + 1;
  const FrameId id =
      add_frame(step, std::move(entry), again == nullptr ? count_entry(step.instance, task.id) : again->iteration);
  frame_of(step, id).attempt = attempt;
  if (task.condition) {
    const json::Data raw = frame_of(step, id).raw_input;
    const auto condition = evaluate_in_task(step, id, *task.condition, raw);
    if (!condition) return;
    if (!truth(*condition)) return skip(step, id);
  }
  moved(step, frame_of(step, id), Moved::Phase::started);
  if (!take_input(step, id, task)) return;
  std::optional<Millis> timeout;
  if (task.timeout) {
    timeout = milliseconds(step, id, *task.timeout);
    if (!timeout) return;
  }
  std::visit([&](const auto& body) { start(step, id, task, body); }, task.body);
  after_start(step, id, task, timeout);
}

/// output.as, output.schema, export.as, export.schema. Nothing: raised.
std::optional<json::Data> give_output(Step& step, FrameId id, const flow::Task& task, json::Data raw) {
  json::Data output = raw;
  if (task.output.expression) {
    auto transformed = evaluate_in_task(step, id, *task.output.expression, raw, {.output = &raw, .raw_output = &raw});
    if (!transformed) return std::nullopt;
    output = *std::move(transformed);
  }
  if (task.output.schema) {
    if (const auto valid = task.output.schema->validate(output.value()); !valid) {
      raise(step, id, "validation", "output: " + valid.error().text);
      return std::nullopt;
    }
  }
  if (const auto fits = check_size(output); !fits) {
    raise(step, id, "runtime", "output: " + fits.error().text);
    return std::nullopt;
  }
  if (!task.exported.expression) return output;
  auto context = evaluate_in_task(step, id, *task.exported.expression, output, {.output = &output, .raw_output = &raw});
  if (!context) return std::nullopt;
  if (task.exported.schema) {
    if (const auto valid = task.exported.schema->validate(context->value()); !valid) {
      raise(step, id, "validation", "export: " + valid.error().text);
      return std::nullopt;
    }
  }
  if (const auto fits = check_size(*context); !fits) {
    raise(step, id, "runtime", "export: " + fits.error().text);
    return std::nullopt;
  }
  step.instance.context = *std::move(context);
  return output;
}

void go_on(Step& step, FrameId parent, const flow::Task& from, json::Data output, const flow::Directive& then) {
  if (then.kind == flow::Directive::Kind::end || parent == 0) return end_flow(step, parent, output);
  const flow::Task& task = task_of(step, frame_of(step, parent));
  std::visit([&](const auto& body) { child_done(step, parent, body, from, std::move(output), then); }, task.body);
}

/// What no role could store is a fault of the flow. A slice holds less than others do, so where services act on their
/// own nobody may end the flow for its size alone: there the role sets the event aside that made it too large (stream).
void bound_instance(Step& step) {
  if (step.program.slice || step.instance.frames.empty()) return;
  const auto fits = check_held(step.instance);
  if (!fits && step.program.orchestrated()) raise(step, step.instance.frames.front().id, "runtime", fits.error().text);
}

Status status_of(const Instance& instance) {
  const auto calls = [](const Frame& f) { return f.phase == Frame::Phase::waiting_reply; };
  return std::any_of(instance.frames.begin(), instance.frames.end(), calls) ? Status::running : Status::waiting;
}

}  // namespace

Step make_step(const flow::Program& program, Instance& instance, const event::Event& event, Effects& effects) {
  Step step{.program = program,
            .instance = instance,
            .event = event,
            .effects = effects,
            .now = std::max(event.at(), instance.updated_at),
            .first_effect = effects.size()};
  instance.updated_at = step.now;
  return step;
}

void run(Step& step) {
  Instance& instance = step.instance;
  BATON_ASSERT(step.next <= step.agenda.size());
  while (step.next < step.agenda.size() && !ended(instance.status)) {
    if (step.next >= kEntriesMax) {
      const Fault fault =
          standard_fault("runtime", "one event made more than 10000 tasks begin: does the flow loop without waiting?",
                         step.program.tasks[step.agenda[step.next].task.value].pointer);
      end_instance(step, Status::faulted, json::Data::from_value(to_json(fault)));
      return;
    }
    Entry entry = std::move(step.agenda[step.next++]);
    // Who was to enter it may have been cancelled since.
    if (entry.parent != 0 && find_frame(instance, entry.parent) == nullptr) continue;
    if (instance.status == Status::suspended) {
      instance.held.push_back(std::move(entry));
    } else {
      enter(step, std::move(entry));
    }
  }
  if (!ended(instance.status)) bound_instance(step);
  if (!ended(instance.status) && instance.status != Status::suspended) instance.status = status_of(instance);
}

void complete(Step& step, FrameId id, json::Data raw_output, const flow::Directive* then) {
  BATON_ASSERT(!ended(step.instance.status));
  const flow::Task& task = task_of(step, frame_of(step, id));
  auto output = give_output(step, id, task, std::move(raw_output));
  if (!output) return;
  cancel_children(step, id);
  disarm(step, id);
  const Frame& frame = frame_of(step, id);
  const FrameId parent = frame.parent;
  moved(step, frame, Moved::Phase::completed, *output);
  remove_frame(step, id);
  go_on(step, parent, task, *std::move(output), then == nullptr ? task.then : *then);
}

void skip(Step& step, FrameId id) {
  const Frame& frame = frame_of(step, id);
  const flow::Task& task = task_of(step, frame);
  const FrameId parent = frame.parent;
  json::Data raw = frame.raw_input;
  moved(step, frame, Moved::Phase::skipped);
  remove_frame(step, id);
  go_on(step, parent, task, std::move(raw), {});
}

void end_flow(Step& step, FrameId parent, const json::Data& output) {
  // `end` from within: what stands around the task ends with it, with its output; everything else is cancelled.
  for (FrameId id = parent; id != 0;) {
    cancel_children(step, id);
    disarm(step, id);
    const Frame& frame = frame_of(step, id);
    const FrameId next = frame.parent;
    moved(step, frame, Moved::Phase::completed, output);
    remove_frame(step, id);
    id = next;
  }
  const auto fail = [&](std::string_view kind, const std::string& detail, const char* pointer) {
    end_instance(step, Status::faulted, json::Data::from_value(to_json(standard_fault(kind, detail, pointer))));
  };
  json::Data result = output;
  if (step.program.output.expression) {
    auto transformed = evaluate(step, nullptr, *step.program.output.expression, output, {.output = &output});
    if (!transformed) return fail("expression", transformed.error().text, "/output/as");
    result = *std::move(transformed);
  }
  if (step.program.output.schema) {
    if (const auto valid = step.program.output.schema->validate(result.value()); !valid) {
      return fail("validation", "output: " + valid.error().text, "/output/schema");
    }
  }
  end_instance(step, Status::completed, std::move(result));
}

void end_instance(Step& step, Status status, json::Data data) {
  Instance& instance = step.instance;
  BATON_ASSERT(ended(status) && !ended(instance.status));
  cancel_children(step, 0);
  disarm(step, 0);
  BATON_ASSERT(instance.frames.empty() && instance.timers.empty());
  instance.status = status;
  instance.outcome = data;
  instance.entered.clear();
  instance.inbox.clear();
  instance.consumed.clear();
  instance.start_events.clear();
  instance.held.clear();
  BATON_ASSERT(instance.unanswered.empty());  // the tries that held them are gone
  step.effects.emplace_back(Ended{.status = status, .data = std::move(data)});
}

}  // namespace baton::engine
