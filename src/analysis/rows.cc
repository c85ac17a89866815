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
    const Task& around = program_.task(task.parent);
    const Nature parent = nature(around);
    if (parent.inside == Nature::Inside::attempt) return attempted(task, around, parent);
    if (parent.inside != Nature::Inside::list) return entry(around);
    const std::size_t index = index_in(parent.children, task.id);
    std::vector<Trigger> ways;
    if (index == 0) ways.push_back(entry(around));
    for (std::size_t i = 0; i < parent.children.size(); ++i) add_ways(ways, parent.children, i, index);
    return ways.empty() ? Trigger{} : any_of(ways);
  }

  Trigger attempted(const Task& task, const Task& around, const Nature& parent) {
    if (task.id == parent.children.front()) {
      Trigger begun = entry(around);
      return parent.repeats ? any_of({std::move(begun), {{"the retry of " + around.name}, {}}}) : begun;
    }
    Trigger fault{{"a fault in " + around.name}, {}};
    for (const Nature::Reading& one : parent.readings) {
      if (one.on == Nature::Reading::On::fault) add_new(fault.conditions, {text_of(*one.text)});
    }
    return fault;
  }

  void add_ways(std::vector<Trigger>& ways, const std::vector<TaskId>& list, std::size_t from, std::size_t to) {
    const Task& task = program_.task(list[from]);
    const auto leads = [&](const Directive& d) {
      if (d.kind == Directive::Kind::next) return from + 1 == to;
      return d.kind == Directive::Kind::jump && d.target == list[to];
    };
    const Nature n = nature(task);
    if (!n.choices.empty()) return add_choices(ways, task, n, leads);
    if (std::ranges::any_of(n.ways, leads)) ways.push_back(exit(task));
  }

  template <class Leads>
  void add_choices(std::vector<Trigger>& ways, const Task& task, const Nature& n, Leads leads) {
    std::vector<std::string> refused;
    bool decided = false;
    const auto add = [&](const std::vector<std::string>& conditions) {
      Trigger way = entry(task);
      add_new(way.conditions, conditions);
      ways.push_back(std::move(way));
    };
    for (const Nature::Choice& one : n.choices) {
      if (one.when && leads(one.then)) add({text_of(*one.when)});
      if (one.when) refused.push_back("(" + text_of(*one.when) + " | not)");
      decided = decided || !one.when;
    }
    for (const Nature::Choice& one : n.choices) {
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
    const Nature n = nature(task);
    switch (n.end) {
      case Nature::End::event:
        return n.hears == nullptr ? Trigger{{join(n.evidence, " or ")}, {}} : seen(*n.hears);
      case Nature::End::timer: {
        Trigger due = entry(task);
        due.when = {"the timer of " + task.name};
        return due;
      }
      case Nature::End::at_once:
      case Nature::End::fault:
        return entry(task);
      case Nature::End::children:
        break;
    }
    std::vector<Trigger> ends;
    for (const TaskId child : n.children) ends.push_back(exit(program_.task(child)));
    if (n.inside == Nature::Inside::list) return ends.back();
    if (n.race || n.inside == Nature::Inside::attempt) return any_of(ends);
    Trigger out;
    for (const Trigger& end : ends) all_of(out, end);
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
  const Nature n = nature(task);
  if (n.act.empty()) return row;
  row.operation = n.act;
  row.then = n.publishes;
  std::erase(row.then, "");
  return row;
}

}  // namespace

std::vector<ViewRow> rows(const flow::Program& view, const std::string& service) {
  Triggers triggers(view);
  std::vector<ViewRow> out;
  for (const Task& task : view.tasks) {
    if (acts(task, service) || keeps_time(task, service)) out.push_back(row_of(triggers, task));
  }
  return out;
}

}  // namespace baton::analysis
