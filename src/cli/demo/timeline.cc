#include "cli/demo/timeline.h"

#include <fmt/format.h>

#include <optional>

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

}  // namespace baton::cli
