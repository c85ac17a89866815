#include "analysis/slice.h"

#include <algorithm>

#include "analysis/shape.h"
#include "base/assert.h"

namespace baton::analysis {
namespace {

using flow::Task;
using flow::TaskId;

json::Template nothing() {
  auto compiled = json::Template::compile(json::Value(nullptr), {});
  BATON_ASSERT(compiled.has_value());
  return *std::move(compiled);
}

void erase_dropped(const flow::Program& program, const Demands& demands, std::vector<TaskId>& ids) {
  std::erase_if(ids, [&](TaskId id) { return !kept(program, demands, id); });
}

/// A task observed for its evidence only is entered without data: what would read it goes.
void strip(const flow::Program& program, const Demands& demands, Task& task) {
  const Demand& d = demands.of(task.id);
  if (!d.entry) task.condition.reset();
  if (!d.in) task.input = {};
  if (!d.out) task.output = {};
  const bool to_see_it_fail = d.exit && may_fail_at_its_end(task);
  if (!to_see_it_fail && (!demands.context || !d.out)) task.exported = {};
  if (auto* call = std::get_if<flow::Call>(&task.body); call != nullptr && !d.act) {
    call->with = nothing();
    call->request_schema.reset();
  }
  if (auto* list = std::get_if<flow::Do>(&task.body)) erase_dropped(program, demands, list->tasks);
  if (auto* fork = std::get_if<flow::Fork>(&task.body)) erase_dropped(program, demands, fork->branches);
  if (auto* function = std::get_if<flow::Function>(&task.body); function != nullptr && !demands.of(function->body).in) {
    function->with = nothing();
  }
}

void add_types(std::set<std::string>& types, const std::vector<std::string>& more) {
  types.insert(more.begin(), more.end());
}

std::set<std::string> observed_types(const flow::Program& program, const Demands& demands) {
  std::set<std::string> types;
  for (const Task& task : program.tasks) {
    const Demand& d = demands.of(task.id);
    if (!demands.whole && !d.exit && !d.out) continue;
    if (const auto* call = std::get_if<flow::Call>(&task.body)) add_types(types, call->reply_types);
    if (const auto* listen = std::get_if<flow::Listen>(&task.body)) add_types(types, types_of(listen->to));
  }
  return types;
}

/// Types of events that only who takes part in the flow publishes: they name flow and version.
std::set<std::string> inside_types(const flow::Program& program) {
  std::set<std::string> types;
  for (const Task& task : program.tasks) {
    if (const auto* call = std::get_if<flow::Call>(&task.body)) add_types(types, call->reply_types);
    const auto* emit = std::get_if<flow::Emit>(&task.body);
    if (emit != nullptr && !emit->addressed) types.insert(emitted_type(*emit));
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
    for (Task& task : out->tasks) {
      // Inside what stays as it is, everything stays; there the copy is the original.
      if (!demands.of(task.id).all) strip(program, demands, task);
    }
    if (!demands.input) out->input = {};
    out->output = {};
    out->timeout.reset();  // who is told of it ends the view (role/participant)
  }
  out->slice = std::move(view);
  return out;
}

}  // namespace baton::analysis
