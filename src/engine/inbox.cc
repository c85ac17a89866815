#include "engine/inbox.h"

#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "base/hash.h"
#include "engine/scope.h"
#include "flow/nature.h"

namespace baton::engine {
namespace {

std::uint64_t identity(const event::Event& event) {
  return fnv1a(event.id, mix(fnv1a(event.source)));
}

bool same_identity(const event::Event& a, const event::Event& b) {
  return a.id == b.id && a.source == b.source;
}

/// A task is still ahead if it was not entered yet, or may be entered again.
bool ahead(const Step& step, const flow::Task& task) {
  const auto& entered = step.instance.entered;
  return task.id.value >= entered.size() || entered[task.id.value] == 0 || step.program.comes_back;
}

/// Of what the instance has in its own log.
bool wants_type(const flow::Events& heard, std::string_view type) {
  const auto& filters = heard.filters;
  return filters.empty() || std::any_of(filters.begin(), filters.end(),
                                        [&](const auto& f) { return f.own && (f.type.empty() || f.type == type); });
}

bool some_listen_wants(const flow::Program& program, std::string_view type) {
  return std::any_of(program.tasks.begin(), program.tasks.end(), [&](const flow::Task& task) {
    const flow::Events* heard = flow::heard(task);
    return heard != nullptr && wants_type(*heard, type);
  });
}

/// flowtask without its attempt; iteration is meaningful if `good`.
struct Named {
  std::string_view pointer;
  std::uint32_t iteration = 0;
  bool good = false;
};
Named named(std::string_view flowtask) {
  Named out;
  const std::size_t hash = flowtask.rfind('#');
  if (hash == std::string_view::npos) return out;
  out.pointer = flowtask.substr(0, hash);
  const char* begin = flowtask.data() + hash + 1;
  const auto [end, error] = std::from_chars(begin, flowtask.data() + flowtask.size(), out.iteration);
  out.good = error == std::errc() && (end == flowtask.data() + flowtask.size() || *end == '.');
  return out;
}

bool replies_with(const flow::Call& call, const event::Event& event) {
  return std::find(call.reply_types.begin(), call.reply_types.end(), event.type) != call.reply_types.end();
}

}  // namespace

bool is_duplicate(const Step& step, const event::Event& event) {
  const Instance& instance = step.instance;
  const auto& consumed = instance.consumed;
  if (!consumed.empty() && std::find(consumed.begin(), consumed.end(), identity(event)) != consumed.end()) return true;
  return std::any_of(instance.inbox.begin(), instance.inbox.end(),
                     [&](const Kept& k) { return same_identity(k.event, event); });
}

void note_consumed(Step& step, const event::Event& event) {
  if (ended(step.instance.status)) return;
  // An answer that names its call can do no harm twice, unless a listen would hear it.
  if (!event.flowtask.empty() && !some_listen_wants(step.program, event.type)) return;
  auto& consumed = step.instance.consumed;
  const std::uint64_t one = identity(event);
  if (std::find(consumed.begin(), consumed.end(), one) != consumed.end()) return;
  if (consumed.size() == kConsumedMax) consumed.erase(consumed.begin());
  consumed.push_back(one);
}

bool keep(Step& step, const event::Event& event, bool for_listen, bool for_call) {
  BATON_ASSERT(for_listen || for_call);
  auto& inbox = step.instance.inbox;
  if (inbox.size() >= kInboxMax || !check_held(step.instance, event.data.text().size())) return false;
  inbox.push_back({.event = event, .for_listen = for_listen, .for_call = for_call});
  return true;
}

bool answers(const flow::Task& task, std::uint32_t iteration, const event::Event& event) {
  const auto& call = std::get<flow::Call>(task.body);
  if (event.kind.empty() && !replies_with(call, event)) return false;
  if (event.flowtask.empty()) return event.kind.empty();
  const Named name = named(event.flowtask);
  return name.good && name.iteration == iteration && name.pointer == task.pointer;
}

bool may_be_listened_to(const Step& step, const event::Event& event) {
  if (!event.kind.empty()) return false;
  const auto& tasks = step.program.tasks;
  return std::any_of(tasks.begin(), tasks.end(), [&](const flow::Task& task) {
    const flow::Events* heard = flow::heard(task);
    return heard != nullptr && wants_type(*heard, event.type) && ahead(step, task);
  });
}

bool may_be_answer(const Step& step, const event::Event& event) {
  const Named name = named(event.flowtask);
  const auto& tasks = step.program.tasks;
  return std::any_of(tasks.begin(), tasks.end(), [&](const flow::Task& task) {
    const auto* call = std::get_if<flow::Call>(&task.body);
    if (call == nullptr || call->reply_types.empty()) return false;
    if (event.kind.empty() && !replies_with(*call, event)) return false;
    if (event.flowtask.empty()) return event.kind.empty() && ahead(step, task);
    const auto& entered = step.instance.entered;
    const std::uint32_t count = task.id.value < entered.size() ? entered[task.id.value] : 0;
    return name.good && name.pointer == task.pointer && name.iteration >= count && ahead(step, task);
  });
}

}  // namespace baton::engine
