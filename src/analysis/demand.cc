#include "analysis/demand.h"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/shape.h"

namespace baton::analysis {
namespace {

using flow::Task;
using flow::TaskId;

/// Two listens for one type: which event is whose depends on the order in which they begin, which evidence alone does
/// not tell.
bool shares_listens(const flow::Program& program) {
  std::map<std::string, int> seen;
  int listens = 0;
  for (const Task& task : program.tasks) {
    const Nature n = nature(task);
    if (n.hears == nullptr) continue;
    ++listens;
    for (const std::string& type : n.evidence) ++seen[type];
  }
  if (listens > 1 && seen.contains(std::string(kAnyType))) return true;
  return std::ranges::any_of(seen, [](const auto& entry) { return entry.second > 1; });
}

class Spread {
 public:
  Spread(const flow::Program& program, const std::string& service) : program_(program), service_(service) {
    now_.tasks.resize(program.tasks.size());
    for (const Task& task : program.tasks) natures_.push_back(nature(task));
    now_.whole = shares_listens(program);
  }

  Demands run() {
    for (const Task& task : program_.tasks) {
      if (acts(task, service_)) at(task.id).act = true;
      if (keeps_time(task, service_)) at(task.id).all = true;
      if (acts(task, service_) || keeps_time(task, service_)) mind_sisters(task);
    }
    if (program_.timeout && keeps_time(program_, service_)) now_.whole = true;
    // Demands are only ever added, so this ends.
    for (bool changed = true; changed && !now_.whole;) {
      const std::vector<Demand> before = now_.tasks;
      const bool context = now_.context;
      for (const Task& task : program_.tasks) spread(task);
      changed = before != now_.tasks || context != now_.context;
    }
    return now_;
  }

 private:
  Demand& at(TaskId id) { return now_.tasks[id.value]; }
  const Nature& of(TaskId id) const { return natures_[id.value]; }
  const Nature& of(const Task& task) const { return of(task.id); }

  void spread(const Task& task) {
    spread_scope(task);
    const Demand d = at(task.id);
    if (d.all) spread_all(task);
    if (d.act) spread_act(task);
    if (d.entry || d.in) spread_entry(task, d.in);
    if (d.in) spread_in(task);
    if (d.exit || d.out) spread_exit(task);
    if (d.out) spread_out(task);
    if (now_.context && task.exported.expression && must_export(task)) spread_export(task);
    if (of(task).inside == Nature::Inside::list) spread_list(task, of(task).children);
  }

  /// A scope is known whole or not at all: whoever must know something inside it, or how it has ended, follows it.
  void spread_scope(const Task& task) {
    const Demand d = at(task.id);
    if (d == Demand{}) return;
    if ((d.exit || d.out) && is_scope(task)) at(task.id).all = true;
    TaskId child = task.id;
    for (TaskId id = task.parent; id != flow::kNoTask; child = id, id = program_.task(id).parent) {
      if (governs(program_.task(id), child)) at(id).all = true;
    }
  }

  /// What ends the flow in another branch, and is told by no event of its own, must be seen by whoever acts in this
  /// one: nobody acts out of a flow that is over.
  void mind_sisters(const Task& actor) {
    TaskId branch = actor.id;
    for (TaskId id = actor.parent; id != flow::kNoTask; branch = id, id = program_.task(id).parent) {
      if (of(id).inside != Nature::Inside::branches || of(id).race) continue;
      const bool at_once =
          begins_with(program_, actor.id, id) && comes_once(program_, actor.id, id) && !keeps_time(actor, service_);
      for (const TaskId sister : of(id).children) {
        if (sister != branch) mind(program_.task(sister), id, at_once);
      }
    }
  }

  /// `at_once`: only what happens in the moment in which the fork begins, with which the actor acts.
  void mind(const Task& task, TaskId fork, bool at_once) {
    if (at_once && !begins_with(program_, task.id, fork)) return;
    if ((task.condition && may_fail(*task.condition)) || may_fail(task.input))
      at(task.id).entry = at(task.id).in = true;
    if (ends_silently(task)) at(task.id).all = true;
    if (may_fail_at_its_end(task) && (!at_once || instant(program_, task))) at(task.id).exit = at(task.id).out = true;
    const Nature& n = of(task);
    if (n.hands != nullptr && may_fail(*n.hands)) {
      for (const TaskId child : n.children) at(child).entry = at(child).in = true;
    }
    if (!at_once && may_end_by_itself(task)) at(task.id).all = true;
    for (const TaskId child : n.children) {
      if (!n.catches_all || child != n.children.front()) mind(program_.task(child), fork, at_once);
    }
  }

  /// Who comes after a task must know that it has not failed, where no event tells.
  void spread_failure(const Task& task) {
    Demand& d = at(task.id);
    const Nature& n = of(task);
    const bool silent = n.end == Nature::End::at_once && n.inside == Nature::Inside::nothing;
    if (silent) d.all = d.all || may_fail(task.input) || may_fail(n);
    if (!may_fail_at_its_end(task)) return;
    d.out = true;
    if (task.exported.expression) read_variables(task, *task.exported.expression);
  }

  void spread_all(const Task& task) {
    Demand& d = at(task.id);
    d.entry = d.in = d.exit = d.out = true;
    for (const TaskId child : of(task).children) at(child).all = true;
    if (task.condition) read(task, *task.condition);
    if (task.exported.expression) read(task, *task.exported.expression);
    if (task.timeout && task.timeout->expression) read(task, *task.timeout->expression);
    if (of(task).hands != nullptr) read(task, *of(task).hands);
    read_all(task);
  }

  void spread_act(const Task& task) {
    at(task.id).entry = true;
    read_all(task);
    if (task.input.expression || task.input.schema) at(task.id).in = true;
    // Who announces that a listen waits must know what for, and when it does not any more.
    if (of(task).hears != nullptr) at(task.id).in = at(task.id).exit = true;
  }

  /// When does it begin, and, with `data`, with what?
  void spread_entry(const Task& task, bool data) {
    at(task.id).entry = true;
    if (task.condition) read(task, *task.condition);
    if (may_fail(task.input)) at(task.id).in = true;
    if (task.parent == flow::kNoTask) {
      now_.start = true;
      now_.input = now_.input || data || may_fail(program_.input);
      if (now_.input && program_.input.expression) read_start(*program_.input.expression);
      return;
    }
    const Nature& around = of(task.parent);
    const std::size_t index = around.inside == Nature::Inside::list ? index_in(around.children, task.id) : 0;
    if (index > 0) return follow(around.children[index - 1], data);
    Demand& parent = at(task.parent);
    parent.entry = true;
    if (around.hands != nullptr && may_fail(*around.hands)) data = at(task.id).in = true;
    if (!data) return;
    if (around.hands != nullptr)
      read(program_.task(task.parent), *around.hands);
    else
      parent.in = true;
  }

  void follow(TaskId previous, bool data) {
    Demand& d = at(previous);
    d.exit = true;
    d.out = d.out || data;
    if (!of(previous).straight()) d.all = true;
  }

  void spread_in(const Task& task) {
    if (task.input.expression) read(task, *task.input.expression);
  }

  void spread_exit(const Task& task) {
    Demand& d = at(task.id);
    d.exit = true;
    if (task.condition) d.entry = true;
    spread_failure(task);
    const Nature& n = of(task);
    switch (n.end) {
      case Nature::End::at_once:
      case Nature::End::fault:
        d.entry = true;
        if (!n.choices.empty() && !n.straight()) read_all(task);
        return;
      case Nature::End::event:
        if (n.hears == nullptr) return;
        read_all(task);
        if (!proves_itself(program_, task)) d.entry = true;
        return;
      case Nature::End::timer:
        d.entry = true;
        return read_all(task);
      case Nature::End::children:
        return spread_exit_inside(n, d);
    }
  }

  void spread_exit_inside(const Nature& n, Demand& d) {
    switch (n.inside) {
      case Nature::Inside::nothing:
        return;
      case Nature::Inside::attempt:
        d.entry = true;
        return;
      case Nature::Inside::list:
        at(n.children.back()).exit = true;
        if (has_exit(program_, n.children)) d.all = true;
        return;
      case Nature::Inside::branches:
      case Nature::Inside::body:
        for (const TaskId child : n.children) at(child).exit = true;
    }
  }

  void spread_out(const Task& task) {
    Demand& d = at(task.id);
    if (task.output.expression) read_variables(task, *task.output.expression);
    if (task.condition) d.in = true;  // skipped: its input goes on
    const Nature& n = of(task);
    switch (n.output) {
      case Nature::Output::input:
        d.in = true;
        return;
      case Nature::Output::made:
        return read_all(task);
      case Nature::Output::event:
        return;
      case Nature::Output::children:
        if (n.inside == Nature::Inside::list)
          at(n.children.back()).out = true;
        else
          for (const TaskId child : n.children) at(child).out = true;
    }
  }

  /// An export behind every task that reads $context can't be seen by any of them.
  bool must_export(const Task& task) const {
    return std::ranges::any_of(readers_, [&](TaskId reader) { return !behind(program_, task.id, reader); });
  }

  void spread_export(const Task& task) {
    at(task.id).out = true;
    read_variables(task, *task.exported.expression);
  }

  /// A slice runs a list's kept tasks one after the other, so it must see each of them end before the next.
  void spread_list(const Task& task, const std::vector<TaskId>& list) {
    std::vector<TaskId> keep;
    for (const TaskId id : list) {
      if (kept(program_, now_, id)) keep.push_back(id);
    }
    if (keep.empty()) return;
    for (std::size_t i = 0; i + 1 < keep.size(); ++i) at(keep[i]).exit = true;
    if (has_jump(program_, list)) at(task.id).all = true;
  }

  // --- what expressions read

  void read_all(const Task& task) {
    for (const Nature::Reading& one : of(task).readings) {
      if (one.on == Nature::Reading::On::input)
        read(task, *one.text);
      else
        read_variables(task, *one.text);
    }
  }

  /// '.' stands for the task's input.
  void read(const Task& task, const json::Template& text) {
    for (const json::Read& one : text.reads()) {
      if (one.root == ".")
        at(task.id).in = true;
      else
        read_variable(task, one);
    }
  }
  /// '.' stands for what the task has at hand anyway.
  void read_variables(const Task& task, const json::Template& text) {
    for (const json::Read& one : text.reads()) {
      if (one.root != ".") read_variable(task, one);
    }
  }
  void read_start(const json::Template& text) {
    for (const json::Read& one : text.reads()) {
      if (one.root == "$context") now_.whole = true;
    }
  }

  void read_variable(const Task& task, const json::Read& one) {
    const std::string_view member = one.path.empty() ? std::string_view() : one.path.front();
    if (one.root == "$input") {
      at(task.id).in = true;
    } else if (one.root == "$context") {
      now_.context = true;
      readers_.insert(task.id);
    } else if (one.root == "$workflow") {
      if (member != "definition" && member != "id") now_.start = true;
    } else if (one.root == "$task") {
      if (member != "definition" && member != "name" && member != "reference") at(task.id).in = true;
    }
    // Others are at hand: of the output, of the runtime, a caught error, whose try is followed by whoever reads it.
  }

  const flow::Program& program_;
  const std::string& service_;
  std::vector<Nature> natures_;  ///< by task
  Demands now_;
  std::set<TaskId> readers_;  ///< tasks whose kept expressions read $context
};

/// Tasks that complete at once are transparent: control passes through them, and only their data may be missed.
bool observable(const Nature& n) {
  switch (n.end) {
    case Nature::End::at_once:
      return !n.choices.empty() && !n.straight();
    case Nature::End::event:
    case Nature::End::timer:
    case Nature::End::fault:
      return true;
    case Nature::End::children:
      return false;
  }
  return true;
}

}  // namespace

bool kept(const flow::Program& program, const Demands& demands, TaskId id) {
  const Demand& d = demands.of(id);
  const Nature n = nature(program.task(id));
  if (demands.whole || d.act || d.all || d.out || (d.exit && observable(n))) return true;
  return std::ranges::any_of(n.children, [&](TaskId child) { return kept(program, demands, child); });
}

Demands demands(const flow::Program& program, const std::string& service) {
  return Spread(program, service).run();
}

}  // namespace baton::analysis
