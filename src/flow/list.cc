// Lists of tasks: names, ways between them, tasks that no way leads to.
#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

constexpr std::pair<std::string_view, Directive::Kind> kWords[] = {
    {"continue", Directive::Kind::next}, {"exit", Directive::Kind::exit}, {"end", Directive::Kind::end}};

using Names = std::map<std::string, TaskId, std::less<>>;

void set_directive(Compiler& c, const PendingThen& pending, const Directive& directive) {
  Task& owner = c.task(pending.owner);
  switch (pending.slot) {
    case PendingThen::Slot::task:
      owner.then = directive;
      return;
    case PendingThen::Slot::switch_case:
      if (auto* choice = std::get_if<Switch>(&owner.body)) choice->cases.at(pending.case_index).then = directive;
      return;
    case PendingThen::Slot::catch_then:
      if (auto* attempt = std::get_if<Try>(&owner.body)) attempt->then = directive;
      return;  // a task of two types, which is refused, has the body of one
  }
}

std::optional<Directive> directive_of(const Node& node, const Names& names) {
  const auto text = node.text();
  if (!text) return std::nullopt;
  for (const auto& [word, kind] : kWords) {
    if (*text != word) continue;
    if (names.contains(*text)) {
      node.warning(code::kThenWord,
                   "`then: " + *text + "` is the directive, and does not lead to the task " + quote(*text),
                   "Rename the task if it is meant.");
    }
    return Directive{kind, kNoTask};
  }
  const auto target = names.find(*text);
  if (target != names.end()) return Directive{Directive::Kind::jump, target->second};
  std::vector<std::string> known{"continue", "exit", "end"};
  for (const auto& [name, id] : names) known.push_back(name);
  node.error(code::kThenTarget,
             "`then` leads to " + quote(*text) + ", which is no task of this list" + did_you_mean(*text, known),
             "`then` is continue, exit, end, or the name of a task of the same list: " + either(known) + ".");
  return std::nullopt;
}

void resolve(Compiler& c, const std::vector<TaskId>& owners, const Names& names) {
  const auto ours = std::stable_partition(c.pending.begin(), c.pending.end(), [&](const PendingThen& p) {
    return std::ranges::find(owners, p.owner) == owners.end();
  });
  for (auto it = ours; it != c.pending.end(); ++it) {
    if (const auto directive = directive_of(it->node, names)) set_directive(c, *it, *directive);
  }
  c.pending.erase(ours, c.pending.end());
}

/// Where task `i` of the list can lead within the list.
std::vector<std::size_t> successors(const Compiler& c, const std::vector<TaskId>& list, std::size_t i) {
  std::vector<std::size_t> out;
  for (const Directive& directive : nature(c.program.task(list[i])).ways) {
    if (directive.kind == Directive::Kind::next) out.push_back(i + 1);
    if (directive.kind != Directive::Kind::jump) continue;
    out.push_back(static_cast<std::size_t>(std::ranges::find(list, directive.target) - list.begin()));
  }
  return out;
}

void warn_of_unreachable(Compiler& c, const std::vector<TaskId>& list, const std::vector<Node>& nodes) {
  if (list.empty()) return;
  std::vector<bool> reached(list.size(), false);
  std::vector<std::size_t> open{0};
  reached[0] = true;
  while (!open.empty()) {
    const std::size_t i = open.back();
    open.pop_back();
    for (const std::size_t next : successors(c, list, i)) {
      if (next >= list.size() || reached[next]) continue;
      reached[next] = true;
      open.push_back(next);
    }
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (reached[i]) continue;
    nodes[i].warning(code::kUnreachable, "no way leads to the task " + quote(c.task(list[i]).name),
                     "Lead to it with `then`, or take it out.");
    return;  // what follows it is unreachable for the same reason
  }
}

}  // namespace

TaskId Compiler::reserve(const Node& node) {
  if (program.tasks.size() >= kTasksMax) {
    node.error(code::kTooLarge,
               "the flow has more than " + std::to_string(kTasksMax) + " tasks, functions counted at each call",
               "Split the flow.");
    return kNoTask;
  }
  const TaskId id(static_cast<std::uint32_t>(program.tasks.size()));
  program.tasks.emplace_back();
  program.tasks.back().id = id;
  places.push_back(node.pointer());
  return id;
}

void read_then(Compiler& c, const Node& node, TaskId owner, PendingThen::Slot slot, std::size_t case_index) {
  c.pending.push_back({owner, node, slot, case_index});
}

void resolve_lonely(Compiler& c, TaskId id) {
  resolve(c, {id}, {});
}

std::vector<TaskId> read_list(Compiler& c, const Node& list, const std::string& pointer, const Scope& scope) {
  std::vector<TaskId> out;
  std::vector<Node> nodes;
  Names names;
  for (const Node::Member& item : list.named_items()) {
    // The item's own index in the document, which differs from a running one after an item that is malformed.
    const std::string tail = item.node.pointer().substr(list.pointer().size());
    const TaskId id = read_task(c, item.node, item.name, pointer + tail, scope);
    if (id == kNoTask) return out;
    if (!names.emplace(item.name, id).second) {
      item.node.error(code::kDuplicateName, "this list has two tasks named " + quote(item.name),
                      "Give each task of a list a name of its own.");
    }
    out.push_back(id);
    nodes.push_back(item.node);
  }
  resolve(c, out, names);
  warn_of_unreachable(c, out, nodes);
  return out;
}

TaskId read_list_task(Compiler& c, const Node& list, const std::string& name, const std::string& pointer,
                      const Scope& outer) {
  const TaskId id = c.reserve(list);
  if (id == kNoTask) return id;
  c.task(id).parent = outer.parent;
  c.task(id).name = name;
  c.task(id).pointer = pointer;
  c.task(id).strategy = outer.strategy;
  c.task(id).definition = list.value();
  Scope scope = outer;
  scope.parent = id;
  scope.pointer = pointer;
  Do body{read_list(c, list, pointer, scope)};
  c.task(id).body = std::move(body);
  return id;
}

}  // namespace baton::flow
