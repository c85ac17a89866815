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
    const auto* listen = std::get_if<flow::Listen>(&task.body);
    if (listen == nullptr) continue;
    ++listens;
    const std::vector<std::string> types = types_of(listen->to);
    for (const std::string& type : std::set<std::string>(types.begin(), types.end())) ++seen[type];
    if (std::set<std::string>(types.begin(), types.end()).size() != types.size()) return true;
  }
  if (listens > 1 && seen.contains(std::string(kAnyType))) return true;
  return std::ranges::any_of(seen, [](const auto& entry) { return entry.second > 1; });
}

class Spread {
 public:
  Spread(const flow::Program& program, const std::string& service) : program_(program), service_(service) {
    now_.tasks.resize(program.tasks.size());
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
    if (const auto* list = std::get_if<flow::Do>(&task.body)) spread_list(list->tasks);
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
      const auto* fork = std::get_if<flow::Fork>(&program_.task(id).body);
      if (fork == nullptr || fork->compete) continue;
      const bool at_once =
          begins_with(program_, actor.id, id) && comes_once(program_, actor.id, id) && !keeps_time(actor, service_);
      for (const TaskId sister : fork->branches) {
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
    if (const auto* function = std::get_if<flow::Function>(&task.body); function != nullptr && may_fail(function->with))
      at(function->body).entry = at(function->body).in = true;
    if (!at_once && may_end_by_itself(task)) at(task.id).all = true;
    const auto* attempt = std::get_if<flow::Try>(&task.body);
    for (const TaskId child : children(task)) {
      const bool safe = attempt != nullptr && child == attempt->body && catches_all(*attempt);
      if (!safe) mind(program_.task(child), fork, at_once);
    }
  }

  /// Who comes after a task must know that it has not failed, where no event tells.
  void spread_failure(const Task& task) {
    Demand& d = at(task.id);
    const bool silent = std::holds_alternative<flow::Set>(task.body) || std::holds_alternative<flow::Emit>(task.body) ||
                        std::holds_alternative<flow::Switch>(task.body);
    const auto* call = std::get_if<flow::Call>(&task.body);
    if (silent || (call != nullptr && call->reply_types.empty())) d.all = d.all || may_fail(task);
    if (!may_fail_at_its_end(task)) return;
    d.out = true;
    if (task.exported.expression) read_variables(task, *task.exported.expression);
  }

  void spread_all(const Task& task) {
    Demand& d = at(task.id);
    d.entry = d.in = d.exit = d.out = true;
    for (const TaskId child : children(task)) at(child).all = true;
    if (task.condition) read(task, *task.condition);
    if (task.exported.expression) read(task, *task.exported.expression);
    if (const auto* call = std::get_if<flow::Call>(&task.body)) read(task, call->with);
    if (const auto* choice = std::get_if<flow::Switch>(&task.body)) read_cases(task, *choice);
    if (const auto* function = std::get_if<flow::Function>(&task.body)) read(task, function->with);
    if (const auto* set = std::get_if<flow::Set>(&task.body)) read(task, set->value);
    if (const auto* emit = std::get_if<flow::Emit>(&task.body)) read(task, emit->with);
    if (const auto* attempt = std::get_if<flow::Try>(&task.body)) read_catch(task, *attempt);
    if (task.timeout && task.timeout->expression) read(task, *task.timeout->expression);
    if (const auto* raise = std::get_if<flow::Raise>(&task.body)) {
      for (const auto* text : {&raise->type_expression, &raise->title, &raise->detail}) {
        if (*text) read(task, **text);
      }
    }
  }

  /// What `catch` and `retry` read beside the error.
  void read_catch(const Task& task, const flow::Try& attempt) {
    const auto all = [&](const std::optional<json::Template>& text) {
      if (text) read_variables(task, *text);
    };
    all(attempt.when);
    all(attempt.except_when);
    if (!attempt.retry) return;
    all(attempt.retry->when);
    all(attempt.retry->except_when);
    for (const flow::Duration* one : {&attempt.retry->delay, &attempt.retry->jitter_from, &attempt.retry->jitter_to})
      all(one->expression);
    if (attempt.retry->duration) all(attempt.retry->duration->expression);
    if (attempt.retry->attempt_duration) all(attempt.retry->attempt_duration->expression);
  }

  void spread_act(const Task& task) {
    at(task.id).entry = true;
    if (const auto* call = std::get_if<flow::Call>(&task.body)) read(task, call->with);
    if (const auto* emit = std::get_if<flow::Emit>(&task.body)) read(task, emit->with);
    if (const auto* listen = std::get_if<flow::Listen>(&task.body)) spread_announcement(task, *listen);
    if (task.input.expression || task.input.schema) at(task.id).in = true;
  }

  /// Who announces that a listen waits must know what for, and when it does not any more.
  void spread_announcement(const Task& task, const flow::Listen& listen) {
    at(task.id).in = true;
    at(task.id).exit = true;
    spread_filters(task, listen);
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
    const std::vector<TaskId>* list = list_of(program_, task);
    const std::size_t index = list == nullptr ? 0 : index_in(*list, task.id);
    if (list != nullptr && index > 0) return follow((*list)[index - 1], data);
    Demand& parent = at(task.parent);
    parent.entry = true;
    const auto* function = std::get_if<flow::Function>(&program_.task(task.parent).body);
    if (function != nullptr && may_fail(function->with)) data = at(task.id).in = true;
    if (data && function != nullptr) read(program_.task(task.parent), function->with);
    if (data && function == nullptr) parent.in = true;
  }

  void follow(TaskId previous, bool data) {
    Demand& d = at(previous);
    d.exit = true;
    d.out = d.out || data;
    const auto ways = ways_out(program_.task(previous));
    const bool straight =
        std::ranges::all_of(ways, [](const auto& way) { return way.kind == flow::Directive::Kind::next; });
    if (!straight) d.all = true;
  }

  void spread_in(const Task& task) {
    if (task.input.expression) read(task, *task.input.expression);
  }

  void spread_exit(const Task& task) {
    Demand& d = at(task.id);
    d.exit = true;
    if (task.condition) d.entry = true;
    spread_failure(task);
    if (const auto* call = std::get_if<flow::Call>(&task.body)) {
      if (call->reply_types.empty()) d.entry = true;
    } else if (const auto* listen = std::get_if<flow::Listen>(&task.body)) {
      spread_filters(task, *listen);
      if (!proves_itself(program_, task, *listen)) d.entry = true;
    } else if (const auto* list = std::get_if<flow::Do>(&task.body)) {
      if (list->tasks.empty()) d.entry = true;
      if (!list->tasks.empty()) at(list->tasks.back()).exit = true;
      if (has_exit(program_, list->tasks)) d.all = true;
    } else if (std::holds_alternative<flow::Fork>(task.body) || std::holds_alternative<flow::Function>(task.body)) {
      for (const TaskId child : children(task)) at(child).exit = true;
    } else if (std::holds_alternative<flow::Wait>(task.body)) {
      spread_wait(task);
    } else {
      d.entry = true;
      if (const auto* choice = std::get_if<flow::Switch>(&task.body)) spread_cases(task, *choice);
    }
  }

  void spread_wait(const Task& task) {
    const auto& duration = std::get<flow::Wait>(task.body).duration;
    at(task.id).entry = true;
    if (duration.expression) read(task, *duration.expression);
  }

  void spread_filters(const Task& task, const flow::Listen& listen) {
    for (const flow::Filter& filter : listen.to.filters) {
      for (const flow::Filter::Attribute& attribute : filter.attributes) {
        if (attribute.predicate) read_variables(task, *attribute.predicate);
      }
      for (const flow::Correlate& correlate : filter.correlate) {
        read_variables(task, correlate.from);
        if (correlate.expect) read(task, *correlate.expect);
      }
    }
  }

  void spread_cases(const Task& task, const flow::Switch& choice) {
    if (std::ranges::all_of(ways_out(task), [](const auto& way) { return way.kind == flow::Directive::Kind::next; }))
      return;
    read_cases(task, choice);
  }

  void read_cases(const Task& task, const flow::Switch& choice) {
    for (const flow::Switch::Case& one : choice.cases) {
      if (one.when) read(task, *one.when);
    }
  }

  void spread_out(const Task& task) {
    Demand& d = at(task.id);
    if (task.output.expression) read_variables(task, *task.output.expression);
    if (task.condition) d.in = true;  // skipped: its input goes on
    if (const auto* call = std::get_if<flow::Call>(&task.body)) {
      if (call->reply_types.empty()) d.in = true;  // its input goes on
    } else if (const auto* list = std::get_if<flow::Do>(&task.body)) {
      if (list->tasks.empty()) d.in = true;
      if (!list->tasks.empty()) at(list->tasks.back()).out = true;
    } else if (std::holds_alternative<flow::Fork>(task.body) || std::holds_alternative<flow::Function>(task.body)) {
      for (const TaskId child : children(task)) at(child).out = true;
    } else if (const auto* set = std::get_if<flow::Set>(&task.body)) {
      read(task, set->value);
    } else if (const auto* emit = std::get_if<flow::Emit>(&task.body)) {
      read(task, emit->with);
    } else if (!std::holds_alternative<flow::Listen>(task.body)) {
      d.in = true;
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
  void spread_list(const std::vector<TaskId>& list) {
    std::vector<TaskId> keep;
    for (const TaskId id : list) {
      if (kept(program_, now_, id)) keep.push_back(id);
    }
    if (keep.empty()) return;
    for (std::size_t i = 0; i + 1 < keep.size(); ++i) at(keep[i]).exit = true;
    if (!has_jump(program_, list)) return;
    at(program_.task(list.front()).parent).all = true;
  }

  // --- what expressions read

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
  Demands now_;
  std::set<TaskId> readers_;  ///< tasks whose kept expressions read $context
};

/// Tasks that complete at once are transparent: control passes through them, and only their data may be missed.
bool observable(const Task& task) {
  if (const auto* call = std::get_if<flow::Call>(&task.body)) return !call->reply_types.empty();
  if (std::holds_alternative<flow::Switch>(task.body)) {
    return std::ranges::any_of(ways_out(task), [](const auto& way) { return way.kind != flow::Directive::Kind::next; });
  }
  return std::holds_alternative<flow::Listen>(task.body) || std::holds_alternative<flow::Raise>(task.body) ||
         std::holds_alternative<flow::Wait>(task.body);
}

}  // namespace

bool kept(const flow::Program& program, const Demands& demands, TaskId id) {
  const Demand& d = demands.of(id);
  const Task& task = program.task(id);
  if (demands.whole || d.act || d.all || d.out || (d.exit && observable(task))) return true;
  return std::ranges::any_of(children(task), [&](TaskId child) { return kept(program, demands, child); });
}

Demands demands(const flow::Program& program, const std::string& service) {
  return Spread(program, service).run();
}

}  // namespace baton::analysis
