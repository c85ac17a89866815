// Who acts on every effect: a function of program and contracts (the design's "who acts").
#include <algorithm>

#include "flow/codes.h"
#include "flow/neighbours.h"
#include "json/number.h"

namespace baton::flow {
namespace {

const Actor kOrchestrator{Actor::Kind::orchestrator, ""};

std::string participant_in(const json::Value& metadata) {
  const json::Value* name = json::find(metadata, "/participant");
  const auto text = name == nullptr ? std::nullopt : json::if_string(*name);
  return std::string(text.value_or(""));
}

Actor service_or_none(const std::string& name) {
  return name.empty() ? Actor{} : Actor{Actor::Kind::service, name};
}

std::string document_participant(const Compiler& c) {
  const json::Value* metadata = json::find(c.program.document.value(), "/document/metadata");
  return metadata == nullptr ? "" : participant_in(*metadata);
}

/// The nearest around the task, the document's at last: for what nothing else tells.
Actor fallback(const Compiler& c, const Task& task) {
  for (TaskId id = task.parent; id != kNoTask; id = c.program.task(id).parent) {
    const std::string name = participant_in(c.program.task(id).metadata);
    if (!name.empty()) return service_or_none(name);
  }
  return service_or_none(document_participant(c));
}

void error_at(Compiler& c, TaskId id, const char* code, std::string what, std::string remedy) {
  c.report.add(Severity::error, code, c.places[id.value], std::move(what), std::move(remedy));
}

void check_participant(Compiler& c, const std::string& pointer, const std::string& name) {
  if (name.empty()) return;
  std::vector<std::string> services;
  for (const auto& contract : c.contracts.all()) services.push_back(contract->service);
  if (std::ranges::find(services, name) != services.end()) return;
  c.report.add(Severity::error, code::kUnknownParticipant, pointer + "/metadata/participant",
               "no contract of a service " + quote(name) + " is known" + did_you_mean(name, services),
               "A participant is a service with a contract: deploy it, or name another.");
}

Actor actor_of_emit(Compiler& c, Neighbours& neighbours, const Task& task) {
  Actor own = service_or_none(participant_in(task.metadata));
  if (own.kind != Actor::Kind::none) return own;
  const Parties before = neighbours.before(task.id);
  const bool clear = !before.unknown && before.actors.size() == 1 && before.actors[0].kind == Actor::Kind::service;
  if (clear) return before.actors[0];
  Actor around = fallback(c, task);
  if (around.kind != Actor::Kind::none) return around;
  std::vector<std::string> names;
  for (const Actor& actor : before.actors)
    names.push_back(actor.kind == Actor::Kind::service ? actor.service : "the orchestrator");
  if (before.unknown) names.emplace_back("somebody unknown");
  const std::string found = names.empty()           ? "nothing comes before it"
                            : before.actors.empty() ? "contracts and flow do not tell who acts before it"
                                                    : "before it acts " + either(names);
  error_at(c, task.id, code::kNoParticipant,
           "nobody is known to publish the event of " + quote(task.name) + ": " + found,
           "Name the service that does: metadata: { participant: " +
               (before.actors.empty() ? std::string("SERVICE") : names[0]) + " }.");
  return {};
}

Parties acting_when_due(Neighbours& neighbours, const Task& task) {
  const Nature n = nature(task);
  if (!n.limits && n.repeats) return neighbours.starters(n.children.front());
  if (!n.limits && n.end == Nature::End::timer) return neighbours.after(task.id);
  return neighbours.on_fault(task.id);
}

/// Who is called within the task, and so may be who is awaited in vain.
bool awaited_in(const Compiler& c, TaskId around, const Actor& actor) {
  for (const Task& task : c.program.tasks) {
    const std::string called = nature(task).service;
    if (called.empty() || actor != Actor{Actor::Kind::service, called}) continue;
    for (TaskId id = task.id; id != kNoTask; id = c.program.task(id).parent) {
      if (id == around) return true;
    }
  }
  return false;
}

/// Who only publishes what comes from outside need not run here at all.
bool acts_somewhere(const Compiler& c, const Actor& actor) {
  return std::ranges::any_of(c.program.tasks, [&](const Task& task) { return task.actor == actor; });
}

/// Who acts when a limit is reached, else who acted before; nobody who may be awaited in vain.
Actor keeper_of_limit(const Compiler& c, Neighbours& neighbours, const Task& task) {
  for (const Parties& parties : {neighbours.on_fault(task.id), neighbours.before(task.id)}) {
    for (const Actor& actor : parties.actors) {
      if (acts_somewhere(c, actor) && !awaited_in(c, task.id, actor)) return actor;
    }
  }
  return {};
}

Actor timekeeper_of(Compiler& c, Neighbours& neighbours, const Task& task) {
  if (task.strategy == Strategy::orchestration) return kOrchestrator;
  Actor own = service_or_none(participant_in(task.metadata));
  if (own.kind != Actor::Kind::none) return own;
  const bool limits = nature(task).limits;
  if (limits) {
    const Actor keeper = keeper_of_limit(c, neighbours, task);
    if (keeper.kind != Actor::Kind::none) return keeper;
  } else {
    const Parties parties = acting_when_due(neighbours, task);
    // It does no harm if others would do as well: the first in the order of the document.
    if (!parties.actors.empty()) return parties.actors.front();
  }
  Actor around = fallback(c, task);
  if (limits && awaited_in(c, task.id, around)) around = {};
  if (around.kind == Actor::Kind::none) {
    c.report.add(Severity::warning, code::kNoTimekeeper, c.places[task.id.value],
                 "no participant acts when the timer of " + quote(task.name) +
                     " is due, nor did one before it that is not awaited: only the timekeeper would fire it",
                 "Name the service that keeps it: metadata: { participant: SERVICE }.");
  }
  return around;
}

/// Who publishes what a listen waits for: whoever acts first once it has heard, and so follows the flow up to it
/// anyway.
Actor announcer_of(Compiler& c, Neighbours& neighbours, const Task& task) {
  if (task.strategy == Strategy::orchestration) return kOrchestrator;
  Actor own = service_or_none(participant_in(task.metadata));
  if (own.kind != Actor::Kind::none) return own;
  const Parties parties = neighbours.after(task.id);
  return parties.actors.empty() ? fallback(c, task) : parties.actors.front();
}

void assign_flow_timekeeper(Compiler& c) {
  if (!c.program.timeout) return;
  c.program.timekeeper =
      c.program.strategy == Strategy::orchestration ? kOrchestrator : service_or_none(document_participant(c));
  if (c.program.timekeeper.kind != Actor::Kind::none) return;
  c.report.add(Severity::warning, code::kNoTimekeeper, "/timeout",
               "no participant acts when the flow's timeout is due: only the timekeeper would fire it",
               "Name the service that keeps it: document: { metadata: { participant: SERVICE } }.");
}

}  // namespace

void assign_actors(Compiler& c) {
  check_participant(c, "/document", document_participant(c));
  for (Task& task : c.program.tasks) {
    check_participant(c, c.places[task.id.value], participant_in(task.metadata));
    const Nature n = nature(task);
    if (n.act.empty() || n.hears != nullptr) continue;
    task.actor = task.strategy == Strategy::orchestration ? kOrchestrator : service_or_none(n.service);
  }
  Neighbours neighbours(c);
  for (Task& task : c.program.tasks) {
    const Nature n = nature(task);
    const bool open = n.hears == nullptr && !n.act.empty() && task.actor.kind == Actor::Kind::none;
    if (open) task.actor = actor_of_emit(c, neighbours, task);
  }
  for (Task& task : c.program.tasks) {
    const Nature n = nature(task);
    if (n.hears != nullptr && hears_outside(*n.hears)) task.actor = announcer_of(c, neighbours, task);
    if (n.arms) task.timekeeper = timekeeper_of(c, neighbours, task);
  }
  assign_flow_timekeeper(c);
}

}  // namespace baton::flow
