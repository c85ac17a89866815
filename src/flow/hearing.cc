// Whom a listen hears: its own instance, the others, or both. docs/flow-language.md has the rule as a table.
#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

struct Published {
  std::set<std::string> types;
  bool any = false;  ///< some emit computes its type
};

Published published(const Program& program) {
  Published out;
  for (const Task& task : program.tasks) {
    const Nature n = nature(task);
    if (n.for_others) continue;
    for (const std::string& type : n.publishes) {
      out.any = out.any || type.empty();
      if (!type.empty()) out.types.insert(type);
    }
  }
  return out;
}

/// What the instance hears of its own stands in its log, which is the home topic. (Replies to its calls do:
/// role/participant.)
void check_topic(Compiler& c, const Task& task, const std::string& type) {
  for (const Task& other : c.program.tasks) {
    const Nature n = nature(other);
    const bool elsewhere = !n.topic.empty() && n.topic != c.program.home_topic;
    if (!elsewhere || std::ranges::find(n.publishes, type) == n.publishes.end()) continue;
    c.report.add(
        Severity::error, code::kEventTopic, c.places[task.id.value],
        quote(type) + " goes over the topic " + quote(n.topic) + ", but this flow's log, where " + quote(task.name) +
            " listens for what the flow itself publishes, is the topic " + quote(c.program.home_topic),
        "Publish it on " + quote(c.program.home_topic) + ", or set document.metadata.topic to " + quote(n.topic) + ".");
    return;
  }
}

}  // namespace

void assign_hearing(Compiler& c) {
  const Published own = published(c.program);
  for (Task& task : c.program.tasks) {
    auto* listen = std::get_if<Listen>(&task.body);
    if (listen == nullptr) continue;
    for (Filter& filter : listen->to.filters) {
      const bool inside = own.types.contains(filter.type);
      filter.own = inside || own.any || filter.type.empty();
      filter.others = !inside || !filter.correlate.empty();
      if (inside) check_topic(c, task, filter.type);
    }
  }
}

}  // namespace baton::flow
