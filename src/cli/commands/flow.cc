#include <ostream>

#include "api/message.h"
#include "cli/commands/commands.h"

namespace baton::cli::commands {
namespace {

// A line or two; --json has it whole.
std::string shortened(const json::Value& value) {
  constexpr std::size_t kMost = 240;
  std::string text = harmless(json::print(value));
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character
  return text.substr(0, end) + " … (--json shows all)";
}

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
    if (value != nullptr && !value->is_null()) out << label << shortened(*value) << "\n";
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

void print_timeline(Shell& shell, const json::Value& d) {
  const json::Array& steps = array_at(d, "/timeline");
  if (steps.empty()) return;
  const json::Value* cut = json::find(d, "/timelineCut");
  if (cut != nullptr && cut->is_bool() && cut->get_bool())
    shell.streams.out << "(the oldest steps are no longer kept)\n";
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
  shell.streams.out << "\n" << table(rows, shell.colour);
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

int flow(Shell& shell, const FlowArguments& arguments) {
  if (arguments.id.empty()) return fail(shell, "ID is empty. baton flows lists the instances", kUsage);
  std::string of_flow;
  if (arguments.flow) {
    auto resolved = resolve_flow(shell, *arguments.flow);
    if (!resolved) return fail(shell, resolved.error_text());
    of_flow = *std::move(resolved);
  }
  const auto answer = shell.remote.get("/v1/instances/" + api::percent_encode(arguments.id), {{"flow", of_flow}});
  if (!answer) return fail(shell, answer.error_text());
  if (answer->status == 404 && of_flow.empty())
    return fail(shell, "there is no instance '" + arguments.id + "'. baton flows lists them");
  if (!answer->ok()) return fail(shell, answer->problem());
  if (shell.json) {
    print_json(shell, answer->body);
    return kDone;
  }
  const Instant now = shell.streams.clock.now();
  print_head(shell, answer->body, now);
  print_timeline(shell, answer->body);
  print_why(shell, answer->body, now);
  print_others(shell, answer->body);
  return kDone;
}

}  // namespace baton::cli::commands
