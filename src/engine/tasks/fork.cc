// fork: all branches at once. Its output: theirs, in the order of declaration; of a race, the winner's alone.
#include <algorithm>

#include "base/assert.h"
#include "engine/tasks/tasks.h"

namespace baton::engine {

json::Data array_of(const std::vector<json::Data>& items) {
  std::string text = "[";
  for (const json::Data& item : items) {
    if (text.size() > 1) text += ',';
    text += item.text();
  }
  text += ']';
  return json::Data::from_text(std::move(text));
}

void start(Step& step, FrameId id, const flow::Task&, const flow::Fork& body) {
  wait_for(step, id, Frame::Phase::waiting_branches);
  Frame& frame = frame_of(step, id);
  if (body.branches.empty()) return complete(step, id, array_of({}));
  if (!body.compete) frame.outputs.resize(body.branches.size());
  for (const flow::TaskId branch : body.branches) {
    step.agenda.push_back({.parent = id, .task = branch, .raw_input = frame.input});
  }
}

void child_done(Step& step, FrameId id, const flow::Fork& body, const flow::Task& child, json::Data output,
                const flow::Directive&) {
  BATON_ASSERT(frame_of(step, id).phase == Frame::Phase::waiting_branches);
  if (body.compete) return complete(step, id, std::move(output));
  const auto found = std::find(body.branches.begin(), body.branches.end(), child.id);
  const auto branch = static_cast<std::size_t>(found - body.branches.begin());
  Frame& frame = frame_of(step, id);
  BATON_ASSERT(branch < frame.outputs.size());
  frame.outputs[branch] = std::move(output);
  frame.order.push_back(static_cast<std::uint32_t>(branch));
  if (frame.order.size() < body.branches.size()) return;
  complete(step, id, array_of(frame.outputs));
}

}  // namespace baton::engine
