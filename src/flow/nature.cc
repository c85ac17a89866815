#include "flow/nature.h"

#include <algorithm>

#include "base/assert.h"

namespace baton::flow {
namespace {

using On = Nature::Reading::On;

bool read(Nature& n, const json::Template& text, On on = On::input) {
  n.readings.push_back({&text, on});
  return true;
}
bool read(Nature& n, const std::optional<json::Template>& text, On on = On::input) {
  return text && read(n, *text, on);
}

Nature describe(const Do& list) {
  Nature n;
  n.inside = Nature::Inside::list;
  n.children = list.tasks;
  if (list.tasks.empty()) return n;
  n.end = Nature::End::children;
  n.output = Nature::Output::children;
  return n;
}

Nature describe(const Call& call) {
  Nature n;
  n.act = call.operation;
  n.service = call.service;
  n.publishes = call.reply_types;
  n.checks = call.request_schema.has_value();
  read(n, call.with);
  if (call.reply_types.empty()) {
    n.fails_silently = may_fail(n);
    return n;
  }
  n.end = Nature::End::event;
  n.evidence = call.reply_types;
  n.output = Nature::Output::event;
  return n;  // that it could not be asked for is told (engine::Refuse)
}

Nature describe(const Function& function) {
  Nature n;
  n.inside = Nature::Inside::body;
  n.children = {function.body};
  n.hands = &function.with;
  n.end = Nature::End::children;
  n.output = Nature::Output::children;
  return n;
}

Nature describe(const Fork& fork) {
  Nature n;
  n.inside = Nature::Inside::branches;
  n.children = fork.branches;
  n.race = fork.compete;
  n.end = Nature::End::children;
  n.output = Nature::Output::children;
  return n;
}

Nature describe(const Switch& choice) {
  Nature n;
  for (const Switch::Case& one : choice.cases) {
    read(n, one.when);
    n.choices.push_back({one.when ? &*one.when : nullptr, one.then});
    n.ways.push_back(one.then);
    n.goes_on = n.goes_on && one.when;
  }
  n.fails_silently = may_fail(n);
  return n;
}

Nature describe(const Set& set) {
  Nature n;
  n.output = Nature::Output::made;
  read(n, set.value);
  n.fails_silently = may_fail(n);
  return n;
}

Nature describe(const Emit& emit) {
  Nature n;
  n.act = "emit";
  n.publishes = {emitted_type(emit)};
  n.for_others = emit.addressed;
  n.topic = emit.topic;
  n.output = Nature::Output::made;
  read(n, emit.with);
  n.fails_silently = may_fail(n);
  return n;
}

Nature describe(const Listen& listen) {
  Nature n;
  n.act = "listen";
  n.end = Nature::End::event;
  n.evidence = types_of(listen.to);
  n.hears = &listen.to;
  n.rereads_input = true;
  n.output = Nature::Output::event;
  for (const Filter& filter : listen.to.filters) {
    for (const Filter::Attribute& attribute : filter.attributes) read(n, attribute.predicate, On::event);
    for (const Correlate& correlate : filter.correlate) {
      read(n, correlate.from, On::event);
      read(n, correlate.expect);
    }
  }
  n.fails_silently = !n.readings.empty();
  return n;
}

Nature describe(const Wait& wait) {
  Nature n;
  n.end = Nature::End::timer;
  n.rereads_input = true;
  n.arms = true;
  n.fails_silently = read(n, wait.duration.expression);
  return n;
}

Nature describe(const Raise& raise) {
  Nature n;
  n.end = Nature::End::fault;
  n.goes_on = false;
  for (const auto* text : {&raise.type_expression, &raise.title, &raise.detail}) read(n, *text);
  n.fails_silently = true;
  return n;
}

Nature describe(const Try& attempt) {
  Nature n;
  n.inside = Nature::Inside::attempt;
  n.rereads_input = true;
  n.children = {attempt.body};
  if (attempt.handler) n.children.push_back(*attempt.handler);
  if (attempt.then) n.ways.push_back(*attempt.then);
  n.end = Nature::End::children;
  n.output = Nature::Output::children;
  const bool filtered = attempt.type || attempt.status || attempt.title || attempt.detail || attempt.instance;
  n.catches_all = !filtered && !attempt.when && !attempt.except_when && (!attempt.retry || attempt.handler);
  read(n, attempt.when, On::fault);
  read(n, attempt.except_when, On::fault);
  if (!attempt.retry) return n;
  const Retry& retry = *attempt.retry;
  n.repeats = true;
  n.arms = true;
  n.limits = retry.attempt_duration || retry.duration;
  read(n, retry.when, On::fault);
  read(n, retry.except_when, On::fault);
  for (const Duration* one : {&retry.delay, &retry.jitter_from, &retry.jitter_to}) read(n, one->expression, On::fault);
  for (const auto* one : {&retry.duration, &retry.attempt_duration}) {
    if (*one) read(n, (*one)->expression, On::fault);
  }
  return n;
}

json::Template nothing() {
  auto compiled = json::Template::compile(json::Value(nullptr), {});
  BATON_ASSERT(compiled.has_value());
  return *std::move(compiled);
}

void keep(std::vector<TaskId>& ids, const Cut& cut) {
  std::erase_if(ids, [&](TaskId id) { return !(*cut.kept)[id.value]; });
}

void cut_body(Do& list, const Cut& cut) {
  keep(list.tasks, cut);
}
void cut_body(Call& call, const Cut& cut) {
  if (cut.acts) return;
  call.with = nothing();
  call.request_schema.reset();
}
void cut_body(Function& function, const Cut& cut) {
  if (!cut.hands) function.with = nothing();
}
void cut_body(Fork& fork, const Cut& cut) {
  keep(fork.branches, cut);
}
// These are seen whole, or not at all.
void cut_body(Switch&, const Cut&) {}
void cut_body(Set&, const Cut&) {}
void cut_body(Emit&, const Cut&) {}
void cut_body(Listen&, const Cut&) {}
void cut_body(Wait&, const Cut&) {}
void cut_body(Raise&, const Cut&) {}
void cut_body(Try&, const Cut&) {}

}  // namespace

bool Nature::straight() const {
  return std::ranges::all_of(ways, [](const Directive& way) { return way.kind == Directive::Kind::next; });
}

Nature nature(const Task& task) {
  Nature n = std::visit([](const auto& body) { return describe(body); }, task.body);
  n.arms = n.arms || task.timeout;
  n.limits = n.limits || task.timeout;
  if (n.goes_on) n.ways.push_back(task.then);
  if (task.condition) n.ways.push_back({});  // skipped: its `then` is ignored
  return n;
}

const Events* heard(const Task& task) {
  const auto* listen = std::get_if<Listen>(&task.body);
  return listen == nullptr ? nullptr : &listen->to;
}

std::vector<std::string> types_of(const Events& events) {
  std::vector<std::string> out;
  for (const Filter& filter : events.filters) out.push_back(filter.type.empty() ? std::string(kAnyType) : filter.type);
  if (out.empty()) out.emplace_back(kAnyType);
  return out;
}

bool may_fail(const json::Template& expression) {
  return !expression.constant() && !expression.identity();
}

bool may_fail(const Transform& transform) {
  return transform.schema || (transform.expression && may_fail(*transform.expression));
}

bool may_fail(const Nature& nature) {
  return nature.checks ||
         std::ranges::any_of(nature.readings, [](const Nature::Reading& one) { return may_fail(*one.text); });
}

void cut(Task& task, const Cut& cut) {
  std::visit([&](auto& body) { cut_body(body, cut); }, task.body);
}

void derive(Program& program) {
  std::vector<bool> survived(program.tasks.size(), false);  // a fault of the task: caught around it, or that of a loser
  for (const Task& task : program.tasks) {
    const Nature n = nature(task);
    for (const TaskId child : n.children) {
      const bool caught = n.inside == Nature::Inside::attempt && child == n.children.front();
      survived[child.value] = survived[task.id.value] || caught || n.race;
    }
  }
  program.comes_back = false;
  for (Task& task : program.tasks) {
    Nature n = nature(task);
    const bool jumps =
        std::ranges::any_of(n.ways, [](const Directive& way) { return way.kind == Directive::Kind::jump; });
    program.comes_back = program.comes_back || n.repeats || jumps;
    task.fault_ends_flow = !n.service.empty() && n.end == Nature::End::event && !survived[task.id.value];
    task.rereads_input = n.rereads_input;
    task.evidence = std::move(n.evidence);
  }
}

}  // namespace baton::flow
