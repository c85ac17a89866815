#include "cli/demo/summary.h"

#include <fmt/format.h>

#include <set>
#include <string>

namespace baton::cli {
namespace {

std::string number(const json::Value& value) {
  return value.is_double() ? fmt::format("{:.0f}", value.get_double()) : json::print(value);
}

}  // namespace

void print_summary(const std::vector<json::Object>& runs, Screen& screen) {
  std::set<std::string> outcomes;
  for (const json::Object& r : runs) {
    for (const auto& [name, count] : r.at("outcomes").as_object()) outcomes.insert(std::string(name));
  }
  const auto row = [&](const std::string& name, const auto& cell) {
    std::string line = fmt::format("  {:<34}", name);
    for (const json::Object& r : runs) line += fmt::format("{:>16}", cell(r));
    screen.say(line);
  };
  screen.headline(runs.size() == 1 ? "What came of it" : "Both ways");
  row("", [](const json::Object& r) { return std::string(r.at("strategy").as_string()); });
  row("loan requests acknowledged", [](const json::Object& r) { return number(r.at("acknowledged")); });
  row("flows ended", [](const json::Object& r) { return number(r.at("ended")); });
  for (const std::string& outcome : outcomes) {
    row("  " + outcome, [&](const json::Object& r) {
      const json::Value* count = r.at("outcomes").as_object().if_contains(outcome);
      return count == nullptr ? std::string("0") : number(*count);
    });
  }
  row("e-mails", [](const json::Object& r) { return number(r.at("emails")); });
  row("request to last step, median (ms)", [](const json::Object& r) { return number(r.at("p50_ms")); });
  row("  slowest, over the kill (ms)", [](const json::Object& r) { return number(r.at("slowest_ms")); });
  row("serving again after SIGKILL (ms)", [](const json::Object& r) { return number(r.at("back_after_kill_ms")); });
  row("messages for an approved loan", [](const json::Object& r) { return number(r.at("messages_a_flow")); });
  row("  of them commands", [](const json::Object& r) { return number(r.at("commands_a_flow")); });
  row("  one after another (hops)", [](const json::Object& r) { return number(r.at("hops")); });
  row("who knows the flow", [](const json::Object& r) {
    const bool orchestrated = r.at("strategy").as_string() == "orchestration";
    return orchestrated ? std::string("orchestrator") : "nobody: " + number(r.at("rules")) + " rules";
  });
  row("every request exactly once",
      [](const json::Object& r) { return std::string(r.at("exactly_once").as_bool() ? "yes" : "NO"); });
  screen.say("");
  for (const json::Object& r : runs)
    screen.say(fmt::format("  e-mails of the {}: {}", std::string(r.at("strategy").as_string()),
                           std::string(r.at("outbox").as_string())));
  screen.say("");
  screen.say("  Next: baton demo loan --keep    leaves the server running, to ask it yourself");
  screen.say("        baton project examples/loan/flows/v4-criminal.yaml --contracts examples/loan/contracts");
  screen.say("        examples/loan/README.md   the flow in four versions, its rules and services");
}

}  // namespace baton::cli
