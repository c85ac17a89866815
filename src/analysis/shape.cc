#include "analysis/shape.h"
#include "json/number.h"

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
                             [&](TaskId id) { return std::ranges::any_of(ways_out(program.task(id)), predicate); });
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
  const Task& parent = program.task(task.parent);
  return std::holds_alternative<flow::Fork>(parent.body) || children(parent).front() == task.id;
}

/// Is the type said within the task, and nowhere else in the flow?
bool said_within(const flow::Program& program, const std::string& type, TaskId around) {
  bool said = false;
  for (const Task& task : program.tasks) {
    const auto* call = std::get_if<flow::Call>(&task.body);
    const auto* emit = std::get_if<flow::Emit>(&task.body);
    const bool says = (call != nullptr && std::ranges::find(call->reply_types, type) != call->reply_types.end()) ||
                      (emit != nullptr && !emit->addressed && emitted_type(*emit) == type);
    if (says && !within(program, task.id, around)) return false;
    said = said || says;
  }
  return said;
}

}  // namespace

bool proves_itself(const flow::Program& program, const Task& task, const flow::Listen& listen) {
  const std::vector<std::string> types = types_of(listen.to);
  for (const Task* at = &task; begins_at_once(program, *at);) {
    at = &program.task(at->parent);
    const bool beside =
        std::holds_alternative<flow::Fork>(at->body) &&
        std::ranges::all_of(types, [&](const auto& type) { return said_within(program, type, at->id); });
    if (beside) return true;
  }
  return false;
}

std::vector<TaskId> children(const Task& task) {
  if (const auto* list = std::get_if<flow::Do>(&task.body)) return list->tasks;
  if (const auto* fork = std::get_if<flow::Fork>(&task.body)) return fork->branches;
  if (const auto* function = std::get_if<flow::Function>(&task.body)) return {function->body};
  if (const auto* attempt = std::get_if<flow::Try>(&task.body)) {
    std::vector<TaskId> out{attempt->body};
    if (attempt->handler) out.push_back(*attempt->handler);
    return out;
  }
  return {};
}

const std::vector<TaskId>* list_of(const flow::Program& program, const Task& task) {
  if (task.parent == flow::kNoTask) return nullptr;
  const auto* list = std::get_if<flow::Do>(&program.task(task.parent).body);
  return list == nullptr ? nullptr : &list->tasks;
}

std::size_t index_in(const std::vector<TaskId>& list, TaskId id) {
  return static_cast<std::size_t>(std::ranges::find(list, id) - list.begin());
}

std::vector<Directive> ways_out(const Task& task) {
  std::vector<Directive> out;
  if (task.condition) out.push_back({});
  bool decided = false;
  if (const auto* choice = std::get_if<flow::Switch>(&task.body)) {
    for (const flow::Switch::Case& one : choice->cases) {
      out.push_back(one.then);
      decided = decided || !one.when;
    }
  }
  if (decided || std::holds_alternative<flow::Raise>(task.body)) return out;
  out.push_back(task.then);
  if (const auto* attempt = std::get_if<flow::Try>(&task.body); attempt != nullptr && attempt->then) {
    out.push_back(*attempt->then);
  }
  return out;
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
  const auto* list = std::get_if<flow::Do>(&program.task(a[i]).body);
  if (list == nullptr || has_jump(program, list->tasks)) return false;
  return index_in(list->tasks, a[i - 1]) > index_in(list->tasks, b[j - 1]);
}

bool may_fail(const json::Template& expression) {
  return !expression.constant() && !expression.identity();
}

bool may_fail(const flow::Transform& transform) {
  return transform.schema || (transform.expression && may_fail(*transform.expression));
}

bool may_fail(const Task& task) {
  if (may_fail(task.input)) return true;
  if (const auto* set = std::get_if<flow::Set>(&task.body)) return may_fail(set->value);
  if (const auto* emit = std::get_if<flow::Emit>(&task.body)) return may_fail(emit->with);
  if (const auto* call = std::get_if<flow::Call>(&task.body)) return call->request_schema || may_fail(call->with);
  const auto* choice = std::get_if<flow::Switch>(&task.body);
  return choice != nullptr &&
         std::ranges::any_of(choice->cases, [](const auto& one) { return one.when && may_fail(*one.when); });
}

bool may_fail_at_its_end(const Task& task) {
  return may_fail(task.output) || may_fail(task.exported);
}

bool is_scope(const Task& task) {
  const auto* fork = std::get_if<flow::Fork>(&task.body);
  return task.timeout || std::holds_alternative<flow::Try>(task.body) || (fork != nullptr && fork->compete);
}

bool governs(const Task& scope, TaskId part) {
  const auto* attempt = std::get_if<flow::Try>(&scope.body);
  if (attempt == nullptr || scope.timeout) return is_scope(scope);
  return attempt->retry || attempt->body != part;
}

bool catches_all(const flow::Try& attempt) {
  const bool filtered = attempt.type || attempt.status || attempt.title || attempt.detail || attempt.instance;
  return !filtered && !attempt.when && !attempt.except_when && (!attempt.retry || attempt.handler);
}

bool instant(const flow::Program& program, const Task& task) {
  if (task.timeout) return false;
  const auto* call = std::get_if<flow::Call>(&task.body);
  if (call != nullptr) return call->reply_types.empty();
  if (std::holds_alternative<flow::Listen>(task.body) || std::holds_alternative<flow::Wait>(task.body) ||
      std::holds_alternative<flow::Try>(task.body))
    return false;
  return std::ranges::all_of(children(task), [&](TaskId id) { return instant(program, program.task(id)); });
}

bool begins_with(const flow::Program& program, TaskId id, TaskId fork) {
  for (; program.task(id).parent != fork; id = program.task(id).parent) {
    const Task& task = program.task(id);
    const Task& parent = program.task(task.parent);
    const auto* attempt = std::get_if<flow::Try>(&parent.body);
    if (attempt != nullptr && attempt->body != id) return false;
    const std::vector<TaskId>* list = list_of(program, task);
    if (list == nullptr) continue;
    for (const TaskId before : *list) {
      if (before == id) break;
      if (!instant(program, program.task(before))) return false;
    }
  }
  return true;
}

bool comes_once(const flow::Program& program, TaskId id, TaskId fork) {
  for (; program.task(id).parent != fork; id = program.task(id).parent) {
    const Task& parent = program.task(program.task(id).parent);
    const auto* attempt = std::get_if<flow::Try>(&parent.body);
    const auto* list = std::get_if<flow::Do>(&parent.body);
    if ((attempt != nullptr && attempt->retry) || (list != nullptr && has_jump(program, list->tasks))) return false;
  }
  return true;
}

bool ends_silently(const Task& task) {
  const auto* call = std::get_if<flow::Call>(&task.body);
  const auto* wait = std::get_if<flow::Wait>(&task.body);
  const auto* listen = std::get_if<flow::Listen>(&task.body);
  const auto reads = [](const flow::Filter& filter) {
    return !filter.correlate.empty() ||
           std::ranges::any_of(filter.attributes, [](const auto& one) { return one.predicate.has_value(); });
  };
  const bool silent = std::holds_alternative<flow::Set>(task.body) || std::holds_alternative<flow::Emit>(task.body) ||
                      std::holds_alternative<flow::Switch>(task.body) || (call != nullptr && call->reply_types.empty());
  if (std::holds_alternative<flow::Raise>(task.body) || (silent && may_fail(task))) return true;
  if (wait != nullptr && wait->duration.expression) return true;
  if (listen != nullptr && std::ranges::any_of(listen->to.filters, reads)) return true;
  return std::ranges::any_of(ways_out(task), [](const Directive& way) { return way.kind == Directive::Kind::end; });
}

bool may_end_by_itself(const Task& task) {
  const auto* fork = std::get_if<flow::Fork>(&task.body);
  const auto* attempt = std::get_if<flow::Try>(&task.body);
  return task.timeout || (fork != nullptr && fork->compete) || (attempt != nullptr && !catches_all(*attempt));
}

std::vector<std::string> types_of(const flow::Events& events) {
  std::vector<std::string> out;
  for (const flow::Filter& filter : events.filters)
    out.push_back(filter.type.empty() ? std::string(kAnyType) : filter.type);
  if (out.empty()) out.emplace_back(kAnyType);
  return out;
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
