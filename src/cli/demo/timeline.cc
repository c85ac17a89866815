#include "cli/demo/timeline.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/clock.h"
#include "cli/demo/story.h"

namespace baton::cli {
namespace {

std::string text_at(const json::Value& step, const char* pointer) {
  const json::Value* value = json::find(step, pointer);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool is_between(const std::string& what) {
  return what == "started" || what == "waiting" || what == "completed";
}

}  // namespace

std::vector<std::string> timeline_lines(const json::Value& detail) {
  std::vector<std::string> lines;
  const json::Value* timeline = json::find(detail, "/timeline");
  if (timeline == nullptr || !timeline->is_array()) return lines;
  std::optional<Instant> begin;
  for (const json::Value& step : timeline->get_array()) {
    const auto at = parse_rfc3339(text_at(step, "/at"));
    const std::string what = text_at(step, "/what");
    if (!at || is_between(what)) continue;
    if (!begin) begin = *at;
    std::string line = fmt::format("{:>7}  {:<17}  {:<32} {}", fmt::format("+{} ms", *at - *begin),
                                   text_at(step, "/name"), without_domain(what), text_at(step, "/by"));
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

Traffic traffic_of(const json::Value& detail) {
  Traffic traffic;
  const json::Value* timeline = json::find(detail, "/timeline");
  if (timeline == nullptr || !timeline->is_array()) return traffic;
  bool asks = false, began = false;
  for (const json::Value& step : timeline->get_array()) {
    const std::string kind = text_at(step, "/kind");
    const bool command = kind == "command", told = text_at(step, "/what").starts_with("command ");
    if (kind == "event") ++traffic.messages;
    if (told) ++traffic.commands;
    // What is asked for at once goes side by side: a request (if it is a message) and an answer later.
    if (command && !asks) traffic.hops += told ? 2 : 1;
    if (kind == "event" && !std::exchange(began, true)) ++traffic.hops;
    if (command || kind == "event") asks = command;
  }
  traffic.messages += traffic.commands;
  return traffic;
}

std::vector<std::string> rule_lines(const json::Value& answer) {
  const auto join = [](const json::Value* list, const char* glue) {
    std::string out;
    for (const json::Value& one : list != nullptr && list->is_array() ? list->get_array() : json::Array()) {
      if (one.is_string()) out += (out.empty() ? "" : glue) + without_domain(std::string(one.get_string()));
    }
    return out;
  };
  std::vector<std::string> lines;
  const json::Value* views = json::find(answer, "/views");
  for (const json::Value& view : views != nullptr && views->is_array() ? views->get_array() : json::Array()) {
    const json::Value* acts = json::find(view, "/view/acts");
    for (const json::Value& act : acts != nullptr && acts->is_array() ? acts->get_array() : json::Array()) {
      const std::string then = join(json::find(act, "/then"), " or "), condition = text_at(act, "/if");
      lines.push_back(fmt::format("{:<18} when {}{} do {}{}", text_at(view, "/service"),
                                  join(json::find(act, "/when"), " and "), condition.empty() ? "" : " if " + condition,
                                  text_at(act, "/do"), then.empty() ? "" : " then " + then));
    }
  }
  return lines;
}

}  // namespace baton::cli
