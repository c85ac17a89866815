#include "event/routed.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace baton::event {
namespace {

constexpr std::string_view kOrigin = "batonorigin";
/// What stands in the place of another while an event is on its way, and goes when it arrives.
constexpr std::array<std::string_view, 5> kOurs = {"batonorigin", "batonkey", "batonreason", "batoninstance", "batonflow"};

struct Moved {
  std::string_view name;
  std::string Event::* member;
};
constexpr std::array<Moved, 4> kMoved = {{{"correlationid", &Event::correlationid},
                                          {"flowname", &Event::flowname},
                                          {"flowversion", &Event::flowversion},
                                          {"flowtask", &Event::flowtask}}};

}  // namespace

std::string_view extension(const Event& event, std::string_view name) {
  const auto found = std::ranges::find(event.extensions, name, [](const auto& e) { return std::string_view(e.name); });
  return found == event.extensions.end() ? std::string_view() : std::string_view(found->value);
}

void set_extension(Event& event, std::string_view name, std::string value) {
  const auto found = std::ranges::find(event.extensions, name, [](const auto& e) { return std::string_view(e.name); });
  if (found == event.extensions.end()) {
    event.extensions.push_back({std::string(name), std::move(value)});
  } else {
    found->value = std::move(value);
  }
}

Event routed(const Event& event) {
  Event out = event;
  if (!extension(event, kOrigin).empty()) return out;
  json::Object aside;
  for (const Moved& one : kMoved) {
    if (!(event.*one.member).empty()) aside.emplace(one.name, event.*one.member);
    (out.*one.member).clear();
  }
  set_extension(out, kOrigin, json::print(aside));
  return out;
}

Event original(const Event& event) {
  const std::string_view origin = extension(event, kOrigin);
  if (origin.empty()) return event;
  Event out = event;
  const auto aside = json::parse(origin);
  BATON_ASSERT(aside.has_value() && aside->is_object());  // routed() wrote it; no door lets it in
  for (const Moved& one : kMoved) {
    const json::Value* value = aside->get_object().if_contains(one.name);
    out.*one.member = value == nullptr ? std::string() : std::string(value->as_string());
  }
  out.kind.clear();
  std::erase_if(out.extensions, [](const auto& e) { return std::ranges::find(kOurs, e.name) != kOurs.end(); });
  return out;
}

}  // namespace baton::event
