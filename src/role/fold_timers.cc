// Timers of instances, as a role owns them. Key: ID 0 FLOW 0 TASK 0 TIMER.
#include <charconv>

#include "base/assert.h"
#include "role/fold.h"

namespace baton::role {
namespace {

constexpr char kPrefix = 't';  ///< apart from a role's other timers

std::string timer_name(const Live& live, flow::TaskId task, std::string_view timer) {
  std::string name(1, kPrefix);
  name += std::string_view(live.key).substr(1);
  name += '\0';
  name += std::to_string(task.value);
  name += '\0';
  return name += timer;
}

/// Takes what stands before the next 0.
std::string_view take(std::string_view& text) {
  const std::size_t end = text.find('\0');
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

}  // namespace

void Fold::arm(const Live& live, const engine::Arm& arm, stream::Context& context) const {
  BATON_ASSERT(!arm.timer.empty() && live.program != nullptr);
  context.arm(arm.due, timer_name(live, arm.task, arm.timer));
}

void Fold::disarm(const Live& live, const engine::Disarm& disarm, stream::Context& context) const {
  context.disarm(disarm.due, timer_name(live, disarm.task, disarm.timer));
}

void Fold::on_timer(const stream::Timer& timer, stream::Context& context) {
  look();
  std::string_view rest = timer.key;
  if (rest.empty() || rest.front() != kPrefix) return;
  rest.remove_prefix(1);
  const std::string id(take(rest));
  const std::string flow(take(rest));
  const std::string_view number = take(rest);
  std::uint32_t task = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), task);
  BATON_ASSERT(error == std::errc() && end == number.data() + number.size());
  const std::string key = instance_key({flow, id});
  Live* live = in_memory(key);
  if (live == nullptr) {
    const auto record = context.get(key);
    if (!record || record->empty() || record->front() != kRunningRecord) return;
    const Result<Live*> loaded = load(key, std::string_view(*record).substr(1));
    if (!loaded) return context.fail(loaded.error());
    live = *loaded;
  }
  if (live == nullptr) return;
  event::Event due = engine::timer_event(*live->program, id, flow::TaskId(task), std::string(rest), timer.due);
  context.publish(live->program->home_topic, due);
}

}  // namespace baton::role
