#include "analysis/project.h"

#include <algorithm>
#include <set>

#include "analysis/rows.h"
#include "analysis/shape.h"
#include "analysis/slice.h"

namespace baton::analysis {
namespace {

std::string join(const std::vector<std::string>& parts, std::string_view glue) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += glue;
    out += part;
  }
  return out;
}

json::Array array_of(const auto& texts) {
  json::Array out;
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

/// More than one event: they must belong together.
std::string when_text(const ViewRow& row) {
  std::string text = join(row.when, " and ");
  if (row.when.size() > 1) text += "   (same instance)";
  return text;
}

}  // namespace

std::vector<std::string> services(const flow::Program& program) {
  std::set<std::string> out;
  const auto add = [&](const flow::Actor& actor) {
    if (actor.kind == flow::Actor::Kind::service) out.insert(actor.service);
  };
  add(program.timekeeper);
  for (const flow::Task& task : program.tasks) {
    add(task.actor);
    add(task.timekeeper);
  }
  return {out.begin(), out.end()};
}

Result<View> project(const flow::Program& program, const std::string& service) {
  const std::vector<std::string> known = services(program);
  if (std::ranges::find(known, service) == known.end()) {
    const std::string who =
        known.empty() ? "the orchestrator acts on every task" : "services that act are " + join(known, ", ");
    return not_found(program.full_name() + " " + program.version + ": " + service +
                     " acts on no task of its own accord; " + who);
  }
  const Demands demanded = demands(program, service);
  std::shared_ptr<const flow::Program> view = slice(program, service, demanded);
  std::vector<ViewRow> acts = rows(*view, service);
  return View{service, std::move(view), std::move(acts), demanded.whole};
}

std::vector<View> project_all(const flow::Program& program) {
  std::vector<View> out;
  for (const std::string& service : services(program)) {
    if (auto view = project(program, service)) out.push_back(*std::move(view));
  }
  return out;
}

std::string to_text(const View& view) {
  std::string out = view.service + "\n";
  for (const ViewRow& row : view.rows) {
    if (&row != &view.rows.front()) out += "\n";
    out += "  when   " + when_text(row) + "\n";
    if (!row.condition.empty()) out += "  if     " + row.condition + "\n";
    out += "  do     " + row.operation + "\n";
    if (!row.then.empty()) out += "  then   " + join(row.then, " or ") + "\n";
  }
  return out;
}

json::Value to_json(const View& view) {
  json::Array acts;
  for (const ViewRow& row : view.rows) {
    acts.push_back(json::Object{{"when", array_of(row.when)},
                                {"if", row.condition.empty() ? json::Value(nullptr) : json::Value(row.condition)},
                                {"do", row.operation},
                                {"then", array_of(row.then)},
                                {"task", row.task}});
  }
  return json::Object{{"service", view.service},
                      {"subscribes", array_of(view.slice->slice->types)},
                      {"needsStart", view.slice->slice->needs_start},
                      {"wholeFlow", view.whole},
                      {"acts", std::move(acts)}};
}

}  // namespace baton::analysis
