#include <fmt/format.h>

#include <ostream>

#include "cli/commands/commands.h"
#include "cli/documents.h"
#include "flow/nature.h"

namespace baton::cli::commands {
namespace {

/// {"flow", "task", "keptBy"}: who keeps the timers of what is choreographed.
json::Array timers_of(const std::vector<std::shared_ptr<const flow::Program>>& flows) {
  json::Array out;
  const auto add = [&](const flow::Program& program, const std::string& pointer, const flow::Actor& keeper) {
    if (keeper.kind == flow::Actor::Kind::orchestrator) return;
    const bool service = keeper.kind == flow::Actor::Kind::service;
    out.push_back(json::Object{{"flow", program.full_name()},
                               {"task", pointer},
                               {"keptBy", service ? keeper.service : std::string("the timekeeper")}});
  };
  for (const auto& program : flows) {
    if (program->timeout) add(*program, "/timeout", program->timekeeper);
    for (const flow::Task& task : program->tasks) {
      if (flow::nature(task).arms) add(*program, task.pointer, task.timekeeper);
    }
  }
  return out;
}

}  // namespace

int check(Shell& shell, const CheckArguments& arguments) {
  std::vector<std::string> files = arguments.files;
  files.insert(files.end(), arguments.contracts.begin(), arguments.contracts.end());
  const auto compiled = compile_files(files, strategy_of(arguments.strategy));
  if (!compiled) return fail(shell, compiled.error_text());
  const bool ok = !flow::has_errors(compiled->diagnostics);
  const json::Value diagnostics = flow::to_json(compiled->diagnostics);
  if (shell.json) {
    print_json(shell, json::Object{{"ok", ok},
                                   {"flows", compiled->flows.size()},
                                   {"contracts", compiled->contracts},
                                   {"timers", timers_of(compiled->flows)},
                                   {"diagnostics", diagnostics}});
    return ok ? kDone : kFailed;
  }
  print_diagnostics(shell, diagnostics);
  if (!ok) return fail(shell, count_diagnostics(diagnostics));
  const auto count = [](std::size_t n, const char* word) { return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s"); };
  const std::string warnings = compiled->diagnostics.empty() ? "" : " (" + count_diagnostics(diagnostics) + ")";
  shell.streams.out << paint("ok", Colour::green, shell.colour) << "  " << count(compiled->flows.size(), "flow") << ", "
                    << count(compiled->contracts, "contract") << warnings << "\n";
  for (const json::Value& timer : timers_of(compiled->flows)) {
    shell.streams.out << fmt::format(
        "    {}: the timer of {} is kept by {}\n", std::string(timer.at("flow").as_string()),
        std::string(timer.at("task").as_string()), std::string(timer.at("keptBy").as_string()));
  }
  return kDone;
}

}  // namespace baton::cli::commands
