// do: its tasks one after the other, led by their `then`.
#include <algorithm>

#include "base/assert.h"
#include "engine/tasks/tasks.h"

namespace baton::engine {
namespace {

using Kind = flow::Directive::Kind;

/// Where to go on in the list; its size: it is at its end. In a slice the target of a jump may be left out: then what
/// is left of the tasks behind it comes next (ids count up in document order).
std::size_t next_of(const flow::Do& body, const flow::Task& child, const flow::Directive& then) {
  const auto begin = body.tasks.begin();
  if (then.kind == Kind::exit) return body.tasks.size();
  const auto place = then.kind == Kind::jump
                         ? std::find_if(begin, body.tasks.end(), [&](flow::TaskId id) { return id >= then.target; })
                         : std::find_if(begin, body.tasks.end(), [&](flow::TaskId id) { return id > child.id; });
  return static_cast<std::size_t>(place - begin);
}

}  // namespace

void start(Step& step, FrameId id, const flow::Task&, const flow::Do& body) {
  json::Data input = frame_of(step, id).input;
  if (body.tasks.empty()) return complete(step, id, std::move(input));
  step.agenda.push_back({.parent = id, .task = body.tasks.front(), .raw_input = std::move(input)});
}

void child_done(Step& step, FrameId id, const flow::Do& body, const flow::Task& child, json::Data output,
                const flow::Directive& then) {
  BATON_ASSERT(child.parent == frame_of(step, id).task);
  const std::size_t next = next_of(body, child, then);
  if (next == body.tasks.size()) return complete(step, id, std::move(output));
  step.agenda.push_back({.parent = id, .task = body.tasks[next], .raw_input = std::move(output)});
}

}  // namespace baton::engine
