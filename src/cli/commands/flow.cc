#include <ostream>

#include "api/message.h"
#include "cli/commands/commands.h"

namespace baton::cli::commands {
namespace {

constexpr std::size_t kShown = 240;  // a line or two

void print_head(Shell& shell, const json::Value& d, Instant now) {
  const std::string status = text_at(d, "/status");
  std::ostream& out = shell.streams.out;
  out << paint(harmless(text_at(d, "/id")), Colour::bold, shell.colour) << "  "
      << paint(harmless(status), colour_of_status(status), shell.colour) << "\n";
  out << "  flow      " << harmless(text_at(d, "/flow")) << " " << harmless(text_at(d, "/version")) << ", "
      << harmless(text_at(d, "/strategy")) << "\n";
  const auto started = time_at(d, "/started"), ended = time_at(d, "/ended");
  if (started) out << "  started   " << date_and_time(*started) << " (" << relative(*started, now) << ")\n";
  if (started && ended)
    out << "  ended     " << date_and_time(*ended) << " (took " << duration(*ended - *started) << ")\n";
  for (const auto& [label, pointer] : {std::pair("  input     ", "/input"), std::pair("  output    ", "/output"),
                                       std::pair("  fault     ", "/fault")}) {
    const json::Value* value = json::find(d, pointer);
    if (value != nullptr && !value->is_null())
      out << label << shortened(*value, kShown, " … (--json shows all)") << "\n";
  }
}

// "call credit.check", "completed"; the phase goes first where the text does not say it.
std::string what_of(const json::Value& step) {
  const std::string phase = text_at(step, "/phase"), what = text_at(step, "/what");
  if (what.empty() || phase.empty()) return what + phase;
  return what.find(phase) != std::string::npos ? what : phase + ": " + what;
}

std::string task_of(const json::Value& step) {
  std::string name = text_at(step, "/name");
  if (name.empty()) name = text_at(step, "/task");
  const json::Value* iteration = json::find(step, "/iteration");
  if (iteration != nullptr && iteration->is_int64() && iteration->get_int64() > 0)
    name += " #" + std::to_string(iteration->get_int64() + 1);
  return name;
}

Colour colour_of_phase(const std::string& phase) {
  if (phase == "completed") return Colour::green;
  if (phase == "faulted") return Colour::red;
  if (phase == "retried" || phase == "cancelled") return Colour::yellow;
  return phase == "skipped" ? Colour::dim : Colour::none;
}

// What came from outside or from a service, and what went wrong; not how the engine went from task to task.
bool matters(const json::Value& step) {
  const std::string kind = text_at(step, "/kind"), phase = text_at(step, "/phase");
  if (kind == "task") return phase == "faulted" || phase == "retried";
  return kind != "command" && kind != "timer" && kind != "ended";
}

// "credit", or the task that it is about.
std::string who_of(const json::Value& step) {
  const std::string by = text_at(step, "/by");
  return by.empty() || text_at(step, "/kind") != "event" ? task_of(step) : by;
}

void print_what_happened(Shell& shell, const json::Value& d) {
  std::vector<std::vector<Cell>> rows{{{"TIME"}, {"AFTER"}, {"WHO"}, {"WHAT"}, {"DATA"}}};
  std::optional<Instant> before;
  for (const json::Value& step : array_at(d, "/timeline")) {
    if (!matters(step)) continue;
    const auto at = time_at(step, "/at");
    const json::Value* data = json::find(step, "/data");
    rows.push_back({{at ? time_of_day(*at) : ""},
                    {at && before ? "+" + duration(*at - *before) : "", Colour::dim},
                    {who_of(step), Colour::cyan},
                    {what_of(step), colour_of_phase(text_at(step, "/phase"))},
                    {data == nullptr ? "" : shortened(*data, kShown), Colour::dim}});
    if (at) before = at;
  }
  if (rows.size() == 1) return;
  shell.streams.out << "\n" << table(rows, shell.colour, "", shell.columns);
}

void print_timeline(Shell& shell, const json::Value& d) {
  const json::Array& steps = array_at(d, "/timeline");
  if (steps.empty()) return;
  std::vector<std::vector<Cell>> rows{{{"TIME"}, {"AFTER"}, {"TASK"}, {"WHAT"}, {"BY"}}};
  std::optional<Instant> before;
  for (const json::Value& step : steps) {
    const auto at = time_at(step, "/at");
    const std::string after = at && before ? "+" + duration(*at - *before) : "";
    rows.push_back({{at ? time_of_day(*at) : ""},
                    {after, Colour::dim},
                    {task_of(step)},
                    {what_of(step), colour_of_phase(text_at(step, "/phase"))},
                    {text_at(step, "/by")}});
    before = at;
  }
  shell.streams.out << "\n" << table(rows, shell.colour, "", shell.columns);
}

void print_why(Shell& shell, const json::Value& d, Instant now) {
  const json::Array& reasons = array_at(d, "/why");
  std::ostream& out = shell.streams.out;
  if (reasons.empty()) return;
  out << "\n" << paint("Why it is here", Colour::bold, shell.colour) << "\n";
  for (const json::Value& reason : reasons) {
    std::string task = text_at(reason, "/name");
    if (task.empty()) task = text_at(reason, "/task");
    out << "  " << paint(harmless(task), Colour::cyan, shell.colour) << (task.empty() ? "" : "  ")
        << harmless(text_at(reason, "/what")) << "\n";
    std::string since;
    if (const auto at = time_at(reason, "/since"))
      since = "since " + time_of_day(*at) + " (" + relative(*at, now) + ")";
    if (const auto due = time_at(reason, "/due"))
      since += (since.empty() ? "due " : ", due ") + time_of_day(*due) + " (" + relative(*due, now) + ")";
    if (!since.empty()) out << "    " << since << "\n";
    if (const std::string who = text_at(reason, "/who"); !who.empty())
      out << "    it is up to " << harmless(who) << "\n";
    const json::Value* fault = json::find(reason, "/fault");
    if (fault != nullptr)
      out << "    last fault: "
          << harmless(text_at(*fault, "/detail").empty() ? json::print(*fault) : text_at(*fault, "/detail")) << "\n";
  }
}

void print_others(Shell& shell, const json::Value& d) {
  for (const json::Value& other : array_at(d, "/also")) {
    if (!other.is_string()) continue;
    const std::string name = harmless(other.get_string());
    shell.streams.out << "\nFlow " << paint(name, Colour::cyan, shell.colour)
                      << " has an instance of this id too: baton flow " << harmless(text_at(d, "/id")) << " --flow "
                      << name << "\n";
  }
}

}  // namespace

namespace {

Result<json::Value> ask(Shell& shell, const std::string& id, const std::string& of_flow) {
  BATON_TRY(const RemoteAnswer answer,
            shell.remote.get("/v1/instances/" + api::percent_encode(id), {{"flow", of_flow}}));
  if (answer.status == 404 && of_flow.empty())
    return not_found("there is no instance '" + id + "'. baton flows lists them");
  if (!answer.ok()) return Error{Code::io, answer.problem()};
  return answer.body;
}

/// Its events, then how it ended.
int follow_flow(Shell& shell, const std::string& id, const std::string& of_flow) {
  std::string place;
  const int code = follow(shell, "/v1/instances/" + api::percent_encode(id) + "/events", {}, place);
  if (code != kDone) return code;
  const auto end = ask(shell, id, of_flow);
  if (!end) return fail(shell, end.error_text());
  if (!shell.json) {
    shell.streams.out << "\n";
    print_head(shell, *end, shell.streams.clock.now());
  }
  const std::string status = text_at(*end, "/status"), reason = text_at(*end, "/reason");
  if (status == "completed") return kDone;
  return fail(shell, "it has " + std::string(status == "cancelled" ? "been " : "") + harmless(status) +
                         (reason.empty() ? "" : ": " + harmless(reason)));
}

}  // namespace

int flow(Shell& shell, const FlowArguments& arguments) {
  if (arguments.id.empty()) return fail(shell, "ID is empty. baton flows lists the instances", kUsage);
  std::string of_flow;
  if (arguments.flow) {
    auto resolved = resolve_flow(shell, *arguments.flow);
    if (!resolved) return fail(shell, resolved.error_text());
    of_flow = *std::move(resolved);
  }
  const auto shown = ask(shell, arguments.id, of_flow);
  if (!shown) return fail(shell, shown.error_text());
  const Instant now = shell.streams.clock.now();
  if (arguments.follow) {
    if (!shell.json) print_head(shell, *shown, now);
    if (!shell.json) shell.streams.out << "\n";
    return follow_flow(shell, arguments.id, of_flow);
  }
  if (shell.json) {
    print_json(shell, *shown);
    return kDone;
  }
  print_head(shell, *shown, now);
  if (arguments.all) print_timeline(shell, *shown);
  if (!arguments.all) print_what_happened(shell, *shown);
  print_why(shell, *shown, now);
  print_others(shell, *shown);
  return kDone;
}

}  // namespace baton::cli::commands
