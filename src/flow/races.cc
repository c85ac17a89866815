#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

using Topics = std::set<std::string>;

Topics topics_of(const Compiler& c, const Events& events) {
  Topics out;
  for (const Filter& filter : events.filters) {
    const Message* message = c.contracts.message(filter.type);
    // What comes from elsewhere is brought to the instance's log, wherever it was published.
    out.insert(message == nullptr || filter.others ? c.program.home_topic : message->topic);
  }
  return out;
}

bool within(const Program& program, TaskId id, TaskId around) {
  while (id != kNoTask && id != around) id = program.task(id).parent;
  return id == around;
}

/// Where the events come from that move what is in the task.
Topics topics_within(const Compiler& c, TaskId around) {
  Topics out;
  for (const Task& task : c.program.tasks) {
    if (!within(c.program, task.id, around)) continue;
    const Nature n = nature(task);
    if (!n.reply_topic.empty()) out.insert(n.reply_topic);
    if (n.hears != nullptr) out.merge(topics_of(c, *n.hears));
  }
  return out;
}

void check(Compiler& c, const Task& task, const std::string& race, const Topics& topics) {
  if (topics.size() < 2 || task.strategy != Strategy::choreography) return;
  c.report.add(Severity::error, code::kRaceTopics, c.places[task.id.value],
               race + " of " + quote(task.name) +
                   " is a race between events on different topics, which have no common order: " +
                   either({topics.begin(), topics.end()}),
               "Put them on one channel.");
}

}  // namespace

void check_races(Compiler& c) {
  for (const Task& task : c.program.tasks) {
    const Nature n = nature(task);
    if (n.race) check(c, task, "the `compete`", topics_within(c, task.id));
    if (n.hears != nullptr && n.hears->mode == Events::Mode::any) check(c, task, "the `any`", topics_of(c, *n.hears));
    if (!task.timeout) continue;
    Topics topics = topics_within(c, task.id);
    topics.insert(c.program.home_topic);  // where "timer due" is published
    check(c, task, "the timeout", topics);
  }
}

}  // namespace baton::flow
