#include "analysis/slice.h"

#include <algorithm>

#include "analysis/shape.h"

namespace baton::analysis {
namespace {

using flow::Task;
using flow::TaskId;

/// A task observed for its evidence only is entered without data: what would read it goes.
void strip(const Demands& demands, const std::vector<bool>& kept, Task& task) {
  const Demand& d = demands.of(task.id);
  if (!d.entry) task.condition.reset();
  if (!d.in) task.input = {};
  if (!d.out) task.output = {};
  const bool to_see_it_fail = d.exit && may_fail_at_its_end(task);
  if (!to_see_it_fail && (!demands.context || !d.out)) task.exported = {};
  const std::vector<TaskId> children = nature(task).children;
  const bool hands = std::ranges::any_of(children, [&](TaskId child) { return demands.of(child).in; });
  flow::cut(task, {.acts = d.act, .hands = hands, .kept = &kept});
}

/// What is left of a task that the view has no part in: its name, and whether its fault would end the flow.
Task husk(const Task& task) {
  Task out;
  out.id = task.id;
  out.parent = task.parent;
  out.name = task.name;
  out.pointer = task.pointer;
  out.fault_ends_flow = task.fault_ends_flow;
  return out;
}

void add_types(std::set<std::string>& types, const std::vector<std::string>& more) {
  types.insert(more.begin(), more.end());
}

std::set<std::string> observed_types(const flow::Program& program, const Demands& demands) {
  std::set<std::string> types;
  for (const Task& task : program.tasks) {
    const Demand& d = demands.of(task.id);
    if (!demands.whole && !d.exit && !d.out) continue;
    add_types(types, nature(task).evidence);
  }
  return types;
}

/// Types of events that only who takes part in the flow publishes: they name flow and version.
std::set<std::string> inside_types(const flow::Program& program) {
  std::set<std::string> types;
  for (const Task& task : program.tasks) {
    const Nature n = nature(task);
    if (!n.for_others) add_types(types, n.publishes);
  }
  return types;
}

}  // namespace

std::shared_ptr<const flow::Program> slice(const flow::Program& program, const std::string& service,
                                           const Demands& demands) {
  auto out = std::make_shared<flow::Program>(program);
  flow::Program::Slice view;
  view.service = service;
  view.types = observed_types(program, demands);
  const std::set<std::string> inside = inside_types(program);
  // An event from outside does not name the flow's version; who has seen the instance start knows it.
  const bool outside = !std::ranges::includes(inside, view.types);
  view.needs_start = demands.whole || demands.start || outside;
  if (view.needs_start && program.start) add_types(view.types, types_of(*program.start));
  if (view.types.contains(std::string(kAnyType))) view.types = {std::string(kAnyType)};
  if (!demands.whole) {
    std::vector<bool> keeps;
    for (const Task& task : program.tasks) keeps.push_back(kept(program, demands, task.id));
    for (Task& task : out->tasks) {
      if (!keeps[task.id.value])
        task = husk(task);
      else if (!demands.of(task.id).all)  // inside what stays as it is, everything stays
        strip(demands, keeps, task);
    }
    if (!demands.input) out->input = {};
    out->output = {};
    out->timeout.reset();  // who is told of it ends the view (role/participant)
  }
  out->slice = std::move(view);
  return out;
}

}  // namespace baton::analysis
