#include "analysis/shape.h"

#include <algorithm>

namespace baton::analysis {
namespace {

using flow::Directive;
using flow::Task;
using flow::TaskId;

bool is_service(const flow::Actor& actor, std::string_view service) {
  return actor.kind == flow::Actor::Kind::service && actor.service == service;
}

template <class Predicate>
bool any_way(const flow::Program& program, const std::vector<TaskId>& list, Predicate predicate) {
  return std::ranges::any_of(list,
                             [&](TaskId id) { return std::ranges::any_of(nature(program.task(id)).ways, predicate); });
}

/// The task and what it stands in, from the inside out.
std::vector<TaskId> path(const flow::Program& program, TaskId id) {
  std::vector<TaskId> out;
  for (; id != flow::kNoTask; id = program.task(id).parent) out.push_back(id);
  return out;
}

bool within(const flow::Program& program, TaskId id, TaskId around) {
  while (id != flow::kNoTask && id != around) id = program.task(id).parent;
  return id == around;
}

/// Does the task begin whenever what it stands in begins?
bool begins_at_once(const flow::Program& program, const Task& task) {
  if (task.condition || may_fail(task.input) || task.parent == flow::kNoTask) return false;
  const Nature parent = nature(program.task(task.parent));
  return parent.inside == Nature::Inside::branches || parent.children.front() == task.id;
}

/// Is the type said within the task, and nowhere else in the flow?
bool said_within(const flow::Program& program, const std::string& type, TaskId around) {
  bool said = false;
  for (const Task& task : program.tasks) {
    const Nature n = nature(task);
    const bool says = !n.for_others && std::ranges::find(n.publishes, type) != n.publishes.end();
    if (says && !within(program, task.id, around)) return false;
    said = said || says;
  }
  return said;
}

}  // namespace

bool proves_itself(const flow::Program& program, const Task& task) {
  const std::vector<std::string> types = nature(task).evidence;
  for (const Task* at = &task; begins_at_once(program, *at);) {
    at = &program.task(at->parent);
    const bool beside =
        nature(*at).inside == Nature::Inside::branches &&
        std::ranges::all_of(types, [&](const auto& type) { return said_within(program, type, at->id); });
    if (beside) return true;
  }
  return false;
}

std::vector<TaskId> list_of(const flow::Program& program, const Task& task) {
  if (task.parent == flow::kNoTask) return {};
  Nature parent = nature(program.task(task.parent));
  return parent.inside == Nature::Inside::list ? std::move(parent.children) : std::vector<TaskId>();
}

std::size_t index_in(const std::vector<TaskId>& list, TaskId id) {
  return static_cast<std::size_t>(std::ranges::find(list, id) - list.begin());
}

bool has_jump(const flow::Program& program, const std::vector<TaskId>& list) {
  return any_way(program, list, [](const Directive& d) { return d.kind == Directive::Kind::jump; });
}

bool has_exit(const flow::Program& program, const std::vector<TaskId>& list) {
  return any_way(program, list, [](const Directive& d) { return d.kind != Directive::Kind::next; });
}

bool behind(const flow::Program& program, TaskId later, TaskId earlier) {
  const std::vector<TaskId> a = path(program, later);
  const std::vector<TaskId> b = path(program, earlier);
  std::size_t i = a.size();
  std::size_t j = b.size();
  while (i > 0 && j > 0 && a[i - 1] == b[j - 1]) --i, --j;
  if (i == 0 || j == 0 || i == a.size()) return false;
  const std::vector<TaskId> list = list_of(program, program.task(a[i - 1]));
  if (list.empty() || has_jump(program, list)) return false;
  return index_in(list, a[i - 1]) > index_in(list, b[j - 1]);
}

bool may_fail_at_its_end(const Task& task) {
  return may_fail(task.output) || may_fail(task.exported);
}

bool is_scope(const Task& task) {
  const Nature n = nature(task);
  return task.timeout || n.inside == Nature::Inside::attempt || n.race;
}

bool governs(const Task& scope, TaskId part) {
  const Nature n = nature(scope);
  if (n.inside != Nature::Inside::attempt || scope.timeout) return is_scope(scope);
  return n.repeats || part != n.children.front();
}

bool instant(const flow::Program& program, const Task& task) {
  if (task.timeout) return false;
  const Nature n = nature(task);
  if (n.end == Nature::End::event || n.end == Nature::End::timer || n.inside == Nature::Inside::attempt) return false;
  return std::ranges::all_of(n.children, [&](TaskId id) { return instant(program, program.task(id)); });
}

bool begins_with(const flow::Program& program, TaskId id, TaskId fork) {
  for (; program.task(id).parent != fork; id = program.task(id).parent) {
    const Task& task = program.task(id);
    const Nature parent = nature(program.task(task.parent));
    if (parent.inside == Nature::Inside::attempt && parent.children.front() != id) return false;
    if (parent.inside != Nature::Inside::list) continue;
    for (const TaskId before : parent.children) {
      if (before == id) break;
      if (!instant(program, program.task(before))) return false;
    }
  }
  return true;
}

bool comes_once(const flow::Program& program, TaskId id, TaskId fork) {
  for (; program.task(id).parent != fork; id = program.task(id).parent) {
    const Nature parent = nature(program.task(program.task(id).parent));
    if (parent.repeats) return false;
    if (parent.inside == Nature::Inside::list && has_jump(program, parent.children)) return false;
  }
  return true;
}

bool ends_silently(const Task& task) {
  const Nature n = nature(task);
  const bool at_once = n.end == Nature::End::at_once && n.inside == Nature::Inside::nothing;
  if (n.fails_silently || (at_once && may_fail(task.input))) return true;
  return std::ranges::any_of(n.ways, [](const Directive& way) { return way.kind == Directive::Kind::end; });
}

bool may_end_by_itself(const Task& task) {
  const Nature n = nature(task);
  return task.timeout || n.race || (n.inside == Nature::Inside::attempt && !n.catches_all);
}

bool acts(const Task& task, std::string_view service) {
  return is_service(task.actor, service);
}
bool keeps_time(const Task& task, std::string_view service) {
  return is_service(task.timekeeper, service);
}
bool keeps_time(const flow::Program& program, std::string_view service) {
  return is_service(program.timekeeper, service);
}

}  // namespace baton::analysis
