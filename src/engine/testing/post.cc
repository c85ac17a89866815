#include "engine/testing/post.h"

#include <algorithm>

#include "engine/filter.h"
#include "engine/match.h"
#include "event/routed.h"

namespace baton::engine::testing {
namespace {

const std::vector<flow::Filter>& filters_of(const flow::Listen& listen) {
  static const std::vector<flow::Filter> kEvery(1);
  return listen.to.filters.empty() ? kEvery : listen.to.filters;
}

bool hears(const flow::Task& task, const std::string& type) {
  const auto* listen = std::get_if<flow::Listen>(&task.body);
  return listen != nullptr && std::ranges::any_of(filters_of(*listen), [&](const flow::Filter& filter) {
           return filter.others && (filter.type.empty() || filter.type == type);
         });
}

bool waits_for(const flow::Filter& filter, const std::string& key, const json::Data& terms, const event::Event& event) {
  if (!filter.type.empty() && filter.type != event.type) return false;
  if (!key.empty() && key_of(filter, event) != key) return false;
  return takes(filter, event, terms);
}

/// What a Subscribe of this listen and filter would say of its terms now.
json::Data terms_at(const flow::Program& program, const Instance& instance, const Frame& frame, const flow::Filter& filter) {
  Instance copy = instance;  // nothing of it changes, but a step is made for one that may
  Effects effects;
  const event::Event nothing;
  return terms_of(make_step(program, copy, nothing, effects), *find_frame(copy, frame.id), filter);
}

}  // namespace

bool Post::concerns(const flow::Program& program, const std::string& type) {
  return std::ranges::any_of(program.tasks, [&](const flow::Task& task) { return hears(task, type); });
}

bool Post::ahead(const flow::Program& program, const Instance& instance, const std::string& type) {
  return !ended(instance.status) && std::ranges::any_of(program.tasks, [&](const flow::Task& task) {
    const auto& entered = instance.entered;
    return hears(task, type) && (task.id.value >= entered.size() || entered[task.id.value] == 0);
  });
}

std::vector<event::Event> Post::bring(const flow::Program& program, const Instance& instance, const event::Event& event) {
  std::vector<event::Event> out;
  for (const Frame& frame : instance.frames) {
    if (frame.subscribed.empty()) continue;
    const flow::Task& task = program.task(frame.task);
    auto open = frame.subscribed;
    std::ranges::sort(open);
    const auto taker = std::ranges::find_if(open, [&](const auto& one) {
      const flow::Filter& filter = filters_of(std::get<flow::Listen>(task.body))[one.first];
      return waits_for(filter, one.second, terms_at(program, instance, frame, filter), event);
    });
    if (taker == open.end()) continue;
    event::Event delivery = event::routed(event);
    delivery.kind = event::kDelivered;
    delivery.correlationid = instance.id.correlation;
    delivery.flowname = instance.id.flow;
    delivery.flowversion = instance.version;
    delivery.flowtask = delivery_task({.pointer = task.pointer, .iteration = frame.iteration}, taker->first);
    out.push_back(std::move(delivery));
  }
  return out;
}

std::vector<event::Event> Post::next(const flow::Program& program, const Instance& instance) {
  for (auto at = early_.begin(); at != early_.end(); ++at) {
    std::vector<event::Event> deliveries = bring(program, instance, *at);
    if (deliveries.empty()) continue;
    early_.erase(at);
    return deliveries;
  }
  return {};
}

}  // namespace baton::engine::testing
