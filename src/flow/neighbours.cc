#include "flow/neighbours.h"

#include <algorithm>

namespace baton::flow {
namespace {

Actor service(const std::string& name) {
  return {Actor::Kind::service, name};
}

}  // namespace

void Parties::add(const Actor& actor) {
  if (actor.kind == Actor::Kind::none) {
    unknown = true;
  } else if (std::ranges::find(actors, actor) == actors.end()) {
    actors.push_back(actor);
  }
}

void Parties::add(const Parties& others) {
  for (const Actor& actor : others.actors) add(actor);
  unknown = unknown || others.unknown;
}

Neighbours::Neighbours(const Compiler& c)
    : program_(c.program), index_(c.program.tasks.size(), 0), led_by_(index_.size()) {
  for (const auto& contract : c.contracts.all()) {
    for (const Operation& operation : contract->operations) {
      if (!operation.receives) publishers_[operation.request.type].insert(contract->service);
      for (const Message& reply : operation.replies) publishers_[reply.type].insert(contract->service);
    }
  }
  for (const Task& task : program_.tasks) {
    const Nature n = nature(task);
    if (n.inside != Nature::Inside::list) continue;
    for (std::size_t i = 0; i < n.children.size(); ++i) {
      index_[n.children[i].value] = i;
      for (const Directive& way : nature(program_.task(n.children[i])).ways) {
        const bool falls = way.kind == Directive::Kind::next && i + 1 < n.children.size();
        const TaskId target = falls ? n.children[i + 1] : way.target;
        if (falls || way.kind == Directive::Kind::jump) led_by_[target.value].push_back(n.children[i]);
      }
    }
  }
}

Parties Neighbours::before(TaskId id) {
  return begin(Question::before, id);
}
Parties Neighbours::after(TaskId id) {
  return begin(Question::after, id);
}
Parties Neighbours::starters(TaskId id) {
  return begin(Question::starters, id);
}
Parties Neighbours::on_fault(TaskId id) {
  return begin(Question::on_fault, id);
}

Parties Neighbours::begin(Question question, TaskId id) {
  asked_.clear();
  return ask(question, id);
}

Parties Neighbours::ask(Question question, TaskId id) {
  return asked_.emplace(question, id).second ? answer(question, id) : Parties{};
}

Parties Neighbours::answer(Question question, TaskId id) {
  const Task& task = program_.task(id);
  switch (question) {
    case Question::before:
      return find_before(task);
    case Question::after:
      return find_after(task);
    case Question::starters:
      return find_starters(task);
    case Question::finishers:
      return find_finishers(task);
    case Question::on_fault:
      return find_on_fault(task);
  }
  return {};
}

Nature Neighbours::around(const Task& task) const {
  return task.parent == kNoTask ? Nature() : nature(program_.task(task.parent));
}

Parties Neighbours::publishers(const Events& events) const {
  Parties out;
  out.unknown = events.filters.empty();
  for (const Filter& filter : events.filters) {
    const auto found = publishers_.find(filter.type);
    if (found == publishers_.end()) {
      out.unknown = true;
      continue;
    }
    for (const std::string& name : found->second) out.add(service(name));
  }
  return out;
}

Parties Neighbours::callees(TaskId id) const {
  Parties out;
  for (const Task& task : program_.tasks) {
    const std::string called = nature(task).service;
    if (called.empty()) continue;
    for (TaskId around = task.id; around != kNoTask; around = program_.task(around).parent) {
      if (around == id) out.add(service(called));
    }
  }
  out.unknown = out.actors.empty();
  return out;
}

Parties Neighbours::find_before(const Task& task) {
  if (task.parent == kNoTask) {
    Parties none;
    none.unknown = true;
    return program_.start ? publishers(*program_.start) : none;
  }
  const Nature parent = around(task);
  if (parent.inside != Nature::Inside::list) {
    const bool handles = parent.inside == Nature::Inside::attempt && parent.children.front() != task.id;
    return handles ? callees(parent.children.front()) : ask(Question::before, task.parent);
  }
  Parties out;
  if (index_[task.id.value] == 0) out = ask(Question::before, task.parent);
  for (const TaskId id : led_by_[task.id.value]) out.add(ask(Question::finishers, id));
  return out;
}

Parties Neighbours::find_finishers(const Task& task) {
  const Nature n = nature(task);
  switch (n.end) {
    case Nature::End::event:
      return n.hears == nullptr ? Parties{{service(n.service)}, false} : publishers(*n.hears);
    case Nature::End::timer:
      return ask(Question::before, task.id);
    case Nature::End::fault:
      return {};
    case Nature::End::children:
      return finishers_inside(n);
    case Nature::End::at_once:
      break;
  }
  if (n.act.empty()) return ask(Question::before, task.id);
  Parties out;
  // Orchestrated and without a reply, a call ends with the command, of which the service tells nobody.
  const bool told = task.strategy == Strategy::choreography || n.service.empty();
  out.add(told ? task.actor : Actor{});
  return out;
}

Parties Neighbours::finishers_inside(const Nature& n) {
  Parties out;
  for (const TaskId child : n.children) {
    const bool last = child == n.children.back();
    const auto leaves = [&](const Directive& way) {
      return way.kind == Directive::Kind::exit || (way.kind == Directive::Kind::next && last);
    };
    if (n.inside != Nature::Inside::list || std::ranges::any_of(nature(program_.task(child)).ways, leaves))
      out.add(ask(Question::finishers, child));
  }
  const bool unhandled = n.inside == Nature::Inside::attempt && n.children.size() == 1;
  if (unhandled) out.add(callees(n.children.front()));
  return out;
}

Parties Neighbours::follow(const Task& task, const Directive& directive) {
  switch (directive.kind) {
    case Directive::Kind::end:
      return {};
    case Directive::Kind::jump:
      return ask(Question::starters, directive.target);
    case Directive::Kind::exit:
      break;
    case Directive::Kind::next: {
      const Nature parent = around(task);
      const std::size_t next = index_[task.id.value] + 1;
      if (parent.inside == Nature::Inside::list && next < parent.children.size())
        return ask(Question::starters, parent.children[next]);
    }
  }
  return task.parent == kNoTask ? Parties{} : ask(Question::after, task.parent);
}

Parties Neighbours::find_after(const Task& task) {
  Parties out;
  for (const Directive& way : nature(task).ways) out.add(follow(task, way));
  return out;
}

Parties Neighbours::find_starters(const Task& task) {
  const Nature n = nature(task);
  Parties out;
  if (n.end == Nature::End::fault) return ask(Question::on_fault, task.id);
  if (!n.act.empty() && n.hears == nullptr) {
    if (task.actor.kind != Actor::Kind::none) out.add(task.actor);
    return out;
  }
  if (n.children.empty()) return ask(Question::after, task.id);
  if (n.inside != Nature::Inside::branches) return ask(Question::starters, n.children.front());
  for (const TaskId branch : n.children) out.add(ask(Question::starters, branch));
  return out;
}

Parties Neighbours::find_on_fault(const Task& task) {
  if (task.parent == kNoTask) return {};
  const Nature parent = around(task);
  if (parent.inside != Nature::Inside::attempt || parent.children.front() != task.id)
    return ask(Question::on_fault, task.parent);
  Parties out;
  if (parent.repeats) out = ask(Question::starters, task.id);
  const bool handled = parent.children.size() > 1;
  out.add(handled ? ask(Question::starters, parent.children.back()) : ask(Question::after, task.parent));
  return out;
}

}  // namespace baton::flow
