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
    const auto* list = std::get_if<Do>(&task.body);
    if (list == nullptr) continue;
    for (std::size_t i = 0; i < list->tasks.size(); ++i) {
      index_[list->tasks[i].value] = i;
      for (const Directive& way : ways_out(program_.task(list->tasks[i]))) {
        const bool falls = way.kind == Directive::Kind::next && i + 1 < list->tasks.size();
        const TaskId target = falls ? list->tasks[i + 1] : way.target;
        if (falls || way.kind == Directive::Kind::jump) led_by_[target.value].push_back(list->tasks[i]);
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

const std::vector<TaskId>* Neighbours::list_of(const Task& task) const {
  const auto* list = task.parent == kNoTask ? nullptr : std::get_if<Do>(&program_.task(task.parent).body);
  return list == nullptr ? nullptr : &list->tasks;
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
    const auto* call = std::get_if<Call>(&task.body);
    if (call == nullptr) continue;
    for (TaskId around = task.id; around != kNoTask; around = program_.task(around).parent) {
      if (around == id) out.add(service(call->service));
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
  const Task& parent = program_.task(task.parent);
  if (list_of(task) == nullptr) {
    const auto* attempt = std::get_if<Try>(&parent.body);
    return attempt != nullptr && attempt->handler == task.id ? callees(attempt->body)
                                                             : ask(Question::before, parent.id);
  }
  Parties out;
  if (index_[task.id.value] == 0) out = ask(Question::before, parent.id);
  for (const TaskId id : led_by_[task.id.value]) out.add(ask(Question::finishers, id));
  return out;
}

Parties Neighbours::find_finishers(const Task& task) {
  Parties out;
  if (const auto* call = std::get_if<Call>(&task.body)) {
    // Orchestrated and without a reply, it ends with the command, of which the service tells nobody.
    const bool told = task.strategy == Strategy::choreography || !call->reply_types.empty();
    out.add(told ? service(call->service) : Actor{});
  } else if (std::holds_alternative<Emit>(task.body)) {
    out.add(task.actor);
  } else if (const auto* listen = std::get_if<Listen>(&task.body)) {
    out = publishers(listen->to);
  } else if (const auto* function = std::get_if<Function>(&task.body)) {
    out = ask(Question::finishers, function->body);
  } else if (const auto* fork = std::get_if<Fork>(&task.body)) {
    for (const TaskId branch : fork->branches) out.add(ask(Question::finishers, branch));
  } else if (const auto* attempt = std::get_if<Try>(&task.body)) {
    out = ask(Question::finishers, attempt->body);
    out.add(attempt->handler ? ask(Question::finishers, *attempt->handler) : callees(attempt->body));
  } else if (const auto* list = std::get_if<Do>(&task.body); list != nullptr && !list->tasks.empty()) {
    for (const TaskId id : list->tasks) {
      const bool last = id == list->tasks.back();
      const auto ways = ways_out(program_.task(id));
      const bool leaves = std::ranges::any_of(ways, [&](const Directive& way) {
        return way.kind == Directive::Kind::exit || (way.kind == Directive::Kind::next && last);
      });
      if (leaves) out.add(ask(Question::finishers, id));
    }
  } else if (!std::holds_alternative<Raise>(task.body)) {
    out = ask(Question::before, task.id);
  }
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
      const std::vector<TaskId>* list = list_of(task);
      const std::size_t next = index_[task.id.value] + 1;
      if (list != nullptr && next < list->size()) return ask(Question::starters, (*list)[next]);
    }
  }
  return task.parent == kNoTask ? Parties{} : ask(Question::after, task.parent);
}

Parties Neighbours::find_after(const Task& task) {
  Parties out;
  for (const Directive& way : ways_out(task)) out.add(follow(task, way));
  return out;
}

Parties Neighbours::find_starters(const Task& task) {
  Parties out;
  if (const auto* call = std::get_if<Call>(&task.body)) {
    out.add(task.strategy == Strategy::choreography ? service(call->service) : Actor{Actor::Kind::orchestrator, ""});
  } else if (std::holds_alternative<Emit>(task.body)) {
    if (task.actor.kind != Actor::Kind::none) out.add(task.actor);
  } else if (const auto* list = std::get_if<Do>(&task.body); list != nullptr && !list->tasks.empty()) {
    return ask(Question::starters, list->tasks.front());
  } else if (const auto* function = std::get_if<Function>(&task.body)) {
    return ask(Question::starters, function->body);
  } else if (const auto* attempt = std::get_if<Try>(&task.body)) {
    return ask(Question::starters, attempt->body);
  } else if (const auto* fork = std::get_if<Fork>(&task.body)) {
    for (const TaskId branch : fork->branches) out.add(ask(Question::starters, branch));
  } else if (std::holds_alternative<Raise>(task.body)) {
    return ask(Question::on_fault, task.id);
  } else {
    return ask(Question::after, task.id);
  }
  return out;
}

Parties Neighbours::find_on_fault(const Task& task) {
  if (task.parent == kNoTask) return {};
  const Task& parent = program_.task(task.parent);
  const auto* attempt = std::get_if<Try>(&parent.body);
  if (attempt == nullptr || attempt->body != task.id) return ask(Question::on_fault, parent.id);
  Parties out;
  if (attempt->retry) out = ask(Question::starters, attempt->body);
  out.add(attempt->handler ? ask(Question::starters, *attempt->handler) : ask(Question::after, parent.id));
  return out;
}

}  // namespace baton::flow
