#include "analysis/rows.h"

#include <algorithm>
#include <set>

#include "analysis/shape.h"
#include "json/number.h"

namespace baton::analysis {
namespace {

using flow::Directive;
using flow::Task;
using flow::TaskId;

/// What must have been seen (all of it), and must hold.
struct Trigger {
  std::vector<std::string> when;
  std::vector<std::string> conditions;
};

template <class T>
void add_new(std::vector<T>& to, const std::vector<T>& more) {
  for (const T& one : more) {
    if (std::ranges::find(to, one) == to.end()) to.push_back(one);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view glue) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += glue;
    out += part;
  }
  return out;
}

void all_of(Trigger& to, const Trigger& more) {
  add_new(to.when, more.when);
  add_new(to.conditions, more.conditions);
}

/// Conditions of single alternatives are not shown: the view lists what may bring the task about.
Trigger any_of(const std::vector<Trigger>& alternatives) {
  if (alternatives.size() == 1) return alternatives.front();
  Trigger out;
  std::vector<std::string> parts;
  for (const Trigger& one : alternatives) add_new(parts, {join(one.when, " and ")});
  std::erase(parts, "");
  if (!parts.empty()) out.when.push_back(join(parts, " or "));
  return out;
}

std::string text_of(const json::Template& condition) {
  const json::Value& source = condition.source();
  if (!json::is_string(source)) return json::print(source);
  const std::string_view text(source.get_string());
  std::string_view inner = json::unwrap(text).value_or(text);
  while (inner.starts_with(' ')) inner.remove_prefix(1);
  while (inner.ends_with(' ')) inner.remove_suffix(1);
  return std::string(inner);
}

class Triggers {
 public:
  explicit Triggers(const flow::Program& program) : program_(program) {}

  /// What makes the task ready, its own `if` included.
  Trigger entry(const Task& task) {
    Trigger out = reached(task);
    if (task.condition) add_new(out.conditions, {text_of(*task.condition)});
    return out;
  }

 private:
  Trigger reached(const Task& task) {
    if (!open_.insert(task.id).second) return {};  // around a loop: nothing that is not said already
    Trigger out = find_reached(task);
    open_.erase(task.id);
    return out;
  }

  Trigger find_reached(const Task& task) {
    if (task.parent == flow::kNoTask) return start();
    const std::vector<TaskId>* list = list_of(program_, task);
    if (list == nullptr) return entry(program_.task(task.parent));
    const std::size_t index = index_in(*list, task.id);
    std::vector<Trigger> ways;
    if (index == 0) ways.push_back(entry(program_.task(task.parent)));
    for (std::size_t i = 0; i < list->size(); ++i) add_ways(ways, *list, i, index);
    return ways.empty() ? Trigger{} : any_of(ways);
  }

  void add_ways(std::vector<Trigger>& ways, const std::vector<TaskId>& list, std::size_t from, std::size_t to) {
    const Task& task = program_.task(list[from]);
    const auto leads = [&](const Directive& d) {
      if (d.kind == Directive::Kind::next) return from + 1 == to;
      return d.kind == Directive::Kind::jump && d.target == list[to];
    };
    if (const auto* choice = std::get_if<flow::Switch>(&task.body)) return add_cases(ways, task, *choice, leads);
    const auto all = ways_out(task);
    if (std::ranges::any_of(all, leads)) ways.push_back(exit(task));
  }

  template <class Leads>
  void add_cases(std::vector<Trigger>& ways, const Task& task, const flow::Switch& choice, Leads leads) {
    std::vector<std::string> refused;
    bool decided = false;
    const auto add = [&](const std::vector<std::string>& conditions) {
      Trigger way = entry(task);
      add_new(way.conditions, conditions);
      ways.push_back(std::move(way));
    };
    for (const flow::Switch::Case& one : choice.cases) {
      if (one.when && leads(one.then)) add({text_of(*one.when)});
      if (one.when) refused.push_back("(" + text_of(*one.when) + " | not)");
      decided = decided || !one.when;
    }
    for (const flow::Switch::Case& one : choice.cases) {
      if (!one.when && leads(one.then)) add(refused);
    }
    if (!decided && leads(task.then)) add(refused);
  }

  Trigger exit(const Task& task) {
    Trigger done = completed(task);
    if (!task.condition) return done;
    return any_of({std::move(done), reached(task)});
  }

  Trigger completed(const Task& task) {
    if (const auto* call = std::get_if<flow::Call>(&task.body); call != nullptr && !call->reply_types.empty()) {
      return {{join(call->reply_types, " or ")}, {}};
    }
    if (const auto* listen = std::get_if<flow::Listen>(&task.body)) return seen(listen->to);
    if (const auto* list = std::get_if<flow::Do>(&task.body); list != nullptr && !list->tasks.empty()) {
      return exit(program_.task(list->tasks.back()));
    }
    if (const auto* function = std::get_if<flow::Function>(&task.body)) return exit(program_.task(function->body));
    if (const auto* attempt = std::get_if<flow::Try>(&task.body)) return completed_try(*attempt);
    if (const auto* fork = std::get_if<flow::Fork>(&task.body)) return completed_fork(*fork);
    Trigger out = entry(task);
    if (std::holds_alternative<flow::Wait>(task.body)) out.when = {"the timer of " + task.name};
    return out;
  }

  Trigger completed_try(const flow::Try& attempt) {
    std::vector<Trigger> ways{exit(program_.task(attempt.body))};
    if (attempt.handler) ways.push_back(exit(program_.task(*attempt.handler)));
    return any_of(ways);
  }

  Trigger completed_fork(const flow::Fork& fork) {
    std::vector<Trigger> branches;
    for (const TaskId branch : fork.branches) branches.push_back(exit(program_.task(branch)));
    if (fork.compete) return any_of(branches);
    Trigger out;
    for (const Trigger& branch : branches) all_of(out, branch);
    return out;
  }

  static Trigger seen(const flow::Events& events) {
    const std::vector<std::string> types = types_of(events);
    if (events.mode == flow::Events::Mode::all) return {types, {}};
    return {{join(types, " or ")}, {}};
  }

  Trigger start() const {
    if (program_.start) return seen(*program_.start);
    return {{"the start of " + program_.full_name()}, {}};
  }

  const flow::Program& program_;
  std::set<TaskId> open_;
};

ViewRow row_of(Triggers& triggers, const Task& task) {
  Trigger trigger = triggers.entry(task);
  ViewRow row{std::move(trigger.when), join(trigger.conditions, " and "), "timer", {}, task.pointer};
  if (const auto* call = std::get_if<flow::Call>(&task.body)) {
    row.operation = call->operation;
    row.then = call->reply_types;
  } else if (const auto* emit = std::get_if<flow::Emit>(&task.body)) {
    row.operation = "emit";
    if (const std::string type = emitted_type(*emit); !type.empty()) row.then.push_back(type);
  } else if (std::holds_alternative<flow::Listen>(task.body)) {
    row.operation = "listen";
  }
  return row;
}

}  // namespace

std::vector<ViewRow> rows(const flow::Program& program, const std::string& service) {
  Triggers triggers(program);
  std::vector<ViewRow> out;
  for (const Task& task : program.tasks) {
    if (acts(task, service) || keeps_time(task, service)) out.push_back(row_of(triggers, task));
  }
  return out;
}

}  // namespace baton::analysis
