#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <sstream>

#include "cli/commands/commands.h"

namespace baton::cli::commands {
namespace {

std::string number_at(const json::Value& value, std::string_view pointer) {
  const json::Value* found = json::find(value, pointer);
  return found == nullptr ? "" : json::print(*found);
}

int deployed(Shell& shell) {
  const auto answer = shell.remote.get("/v1/flows");
  if (!answer) return fail(shell, answer.error_text());
  if (!answer->ok()) return fail(shell, answer->problem());
  if (shell.json) {
    print_json(shell, answer->body);
    return kDone;
  }
  const json::Array& flows = array_at(answer->body, "/flows");
  if (flows.empty()) {
    shell.streams.out << "No flow is deployed. baton deploy FILE… deploys one.\n";
    return kDone;
  }
  std::vector<std::vector<Cell>> rows{
      {{"FLOW"}, {"VERSION"}, {"STRATEGY"}, {"ACTIVE"}, {"UNDER WAY"}, {"COMPLETED"}, {"FAULTED"}, {"CANCELLED"}}};
  for (const json::Value& f : flows) {
    const json::Value* active = json::find(f, "/active");
    const std::string faulted = number_at(f, "/instances/faulted");
    rows.push_back({{text_at(f, "/flow"), Colour::cyan},
                    {text_at(f, "/version")},
                    {text_at(f, "/strategy")},
                    {active != nullptr && active->is_bool() && active->get_bool() ? "yes" : "no"},
                    {number_at(f, "/instances/running")},
                    {number_at(f, "/instances/completed")},
                    {faulted, faulted == "0" ? Colour::none : Colour::red},
                    {number_at(f, "/instances/cancelled")}});
  }
  shell.streams.out << table(rows, shell.colour, "", shell.columns);
  return kDone;
}

Result<std::string> when(const std::optional<std::string>& text, const char* option, Instant now) {
  if (!text) return std::string();
  const auto time = parse_when(*text, now);
  if (!time) return invalid(std::string(option) + ": " + time.error_text());
  return to_rfc3339(*time);
}

// The last part of the first pointer says most; how many others there are, the rest.
std::string stands_at(const json::Value& instance) {
  const json::Array& at = array_at(instance, "/at");
  if (at.empty() || !at.front().is_string()) return "";
  const std::string_view pointer = at.front().get_string();
  std::string text(pointer.substr(pointer.rfind('/') + 1));
  if (at.size() > 1) text += fmt::format(" and {} more", at.size() - 1);
  return text;
}

std::vector<Cell> row_of(const json::Value& i, Instant now) {
  const auto started = time_at(i, "/started"), ended = time_at(i, "/ended");
  const std::string status = text_at(i, "/status");
  return {{text_at(i, "/id"), Colour::cyan},
          {text_at(i, "/flow")},
          {text_at(i, "/version")},
          {text_at(i, "/strategy")},
          {status, colour_of_status(status)},
          {started ? relative(*started, now) : ""},
          {started ? duration(ended.value_or(now) - *started) : ""},
          {stands_at(i)}};
}

// A page may be short, even empty, with more behind it: the server bounds how far it looks for one. So it is asked
// again until there are as many as wanted.
Result<RemoteAnswer> fill_page(Shell& shell, RemoteAnswer answer, Remote::Query query, std::size_t limit) {
  const auto set = [&query](std::string_view name, std::string value) {
    std::ranges::find(query, name, &Remote::Query::value_type::first)->second = std::move(value);
  };
  json::Array found = array_at(answer.body, "/instances");
  while (found.size() < limit) {
    const std::string next = text_at(answer.body, "/next");
    if (next.empty()) break;
    set("cursor", next);
    set("limit", std::to_string(limit - found.size()));
    BATON_TRY(answer, shell.remote.get("/v1/instances", query));
    if (!answer.ok()) return answer;
    const json::Array& more = array_at(answer.body, "/instances");
    found.insert(found.end(), more.begin(), more.end());
  }
  if (answer.body.is_object()) answer.body.as_object()["instances"] = std::move(found);
  return answer;
}

}  // namespace

namespace {

int list(Shell& shell, const FlowsArguments& a, json::Array& instances) {
  const Instant now = shell.streams.clock.now();
  const auto from = when(a.from, "--from", now), to = when(a.to, "--to", now);
  if (!from) return fail(shell, from.error_text(), kUsage);
  if (!to) return fail(shell, to.error_text(), kUsage);
  std::string flow = a.flow.value_or("");
  if (!flow.empty()) {
    auto resolved = resolve_flow(shell, flow);
    if (!resolved) return fail(shell, resolved.error_text());
    flow = *std::move(resolved);
  }
  const Remote::Query query = {
      {"flow", flow}, {"version", a.version.value_or("")}, {"status", a.status.value_or("")}, {"from", *from},
      {"to", *to},    {"limit", std::to_string(a.limit)},  {"cursor", a.cursor.value_or("")}};
  auto answer = shell.remote.get("/v1/instances", query);
  if (answer && answer->ok() && !shell.json) answer = fill_page(shell, *std::move(answer), query, a.limit);
  if (!answer) return fail(shell, answer.error_text());
  if (!answer->ok()) return fail(shell, answer->problem());
  instances = array_at(answer->body, "/instances");
  if (shell.json) {
    print_json(shell, answer->body);
    return kDone;
  }
  if (instances.empty()) {
    if (!flow.empty() && !is_deployed(shell, flow)) return fail(shell, unknown_flow(shell, flow));
    const bool filtered = a.flow || a.version || a.status || a.from || a.to;
    shell.streams.out << (filtered ? "No instance fits.\n"
                                   : "No instance yet. baton start FLOW --data JSON starts one.\n");
    return kDone;
  }
  std::vector<std::vector<Cell>> rows{
      {{"ID"}, {"FLOW"}, {"VERSION"}, {"STRATEGY"}, {"STATUS"}, {"STARTED"}, {"TOOK"}, {"AT"}}};
  for (const json::Value& instance : instances) rows.push_back(row_of(instance, now));
  const auto reason = [](const json::Value& instance) { return text_at(instance, "/reason"); };
  if (std::ranges::any_of(instances, [&](const json::Value& one) { return !reason(one).empty(); })) {
    rows.front().push_back({"WHY"});
    for (std::size_t i = 0; i < instances.size(); ++i) rows[i + 1].push_back({reason(instances[i])});
  }
  const bool narrow = shell.columns > 0 && shell.columns < 100;
  for (auto& row : rows) {
    if (narrow) row.erase(row.begin() + 2, row.begin() + 4);  // version and strategy
  }
  shell.streams.out << table(rows, shell.colour, "", shell.columns);
  if (const std::string next = text_at(answer->body, "/next"); !next.empty()) {
    shell.streams.out << paint("More: the same command with --cursor '" + harmless(next) + "'", Colour::dim,
                               shell.colour)
                      << "\n";
  }
  return kDone;
}

constexpr Millis kWatchMs = 1000;

/// On a terminal in place; into a file or a pipe anew, and only what differs.
int watch(Shell& shell, FlowsArguments a) {
  const bool terminal = shell.streams.out_is_terminal;
  if (terminal && shell.streams.out_lines > 3) a.limit = std::min(a.limit, shell.streams.out_lines - 3);
  json::Array shown;
  for (bool first = true;; first = false) {
    std::ostringstream text;
    Streams streams{shell.streams.in,
                    text,
                    shell.streams.err,
                    terminal,
                    shell.streams.err_is_terminal,
                    shell.streams.env,
                    shell.streams.clock,
                    shell.columns};
    Shell once{streams, shell.name, shell.json, shell.colour, shell.err_colour, shell.remote, shell.columns};
    json::Array instances;
    const int code = list(once, a, instances);
    if (code != kDone && first) return code;
    if (terminal && !shell.json) shell.streams.out << "\x1b[H\x1b[2J" << text.str();
    if ((!terminal || shell.json) && (first || instances != shown)) shell.streams.out << text.str();
    if (!shell.streams.out.flush()) return kFailed;
    shown = std::move(instances);
    if (!shell.streams.pause || !shell.streams.pause(kWatchMs)) return kDone;
  }
}

}  // namespace

int flows(Shell& shell, const FlowsArguments& a) {
  if (a.deployed) return deployed(shell);
  json::Array instances;
  return a.watch ? watch(shell, a) : list(shell, a, instances);
}

}  // namespace baton::cli::commands
