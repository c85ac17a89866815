#include <algorithm>
#include <filesystem>
#include <ostream>

#include "analysis/project.h"
#include "cli/commands/commands.h"
#include "cli/documents.h"
#include "cli/text/suggest.h"

namespace baton::cli::commands {
namespace {

bool is_file(const std::string& name) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(name, ignored);
}

// A folder of flows next to a folder of contracts is how examples lie; but what is not named is not guessed.
int from_files(Shell& shell, const ProjectArguments& arguments) {
  std::vector<std::string> files = {arguments.flow};
  files.insert(files.end(), arguments.contracts.begin(), arguments.contracts.end());
  const auto compiled = compile_files(files, strategy_of(arguments.strategy));
  if (!compiled) return fail(shell, compiled.error_text());
  const json::Value diagnostics = flow::to_json(compiled->diagnostics);
  print_diagnostics(shell, diagnostics);
  if (flow::has_errors(compiled->diagnostics)) return fail(shell, count_diagnostics(diagnostics));
  const auto wanted = std::ranges::find_if(compiled->flows, [&](const auto& p) {
    return std::filesystem::path(p->file).lexically_normal() ==
           std::filesystem::path(arguments.flow).lexically_normal();
  });
  if (wanted == compiled->flows.end()) return fail(shell, arguments.flow + " is not a flow: it has no document.dsl");

  std::vector<analysis::View> views;
  if (arguments.service) {
    auto view = analysis::project(**wanted, *arguments.service);
    if (!view) return fail(shell, view.error_text());
    views.push_back(*std::move(view));
  } else {
    views = analysis::project_all(**wanted);
  }
  if (shell.json) {
    json::Array list;
    for (const analysis::View& v : views)
      list.push_back(
          json::Object{{"service", v.service}, {"text", analysis::to_text(v)}, {"view", analysis::to_json(v)}});
    print_json(shell, json::Object{{"flow", (*wanted)->full_name()}, {"views", std::move(list)}});
    return kDone;
  }
  if (views.empty()) shell.streams.out << "No service acts on its own: the orchestrator does.\n";
  for (std::size_t i = 0; i < views.size(); ++i)
    shell.streams.out << (i == 0 ? "" : "\n") << analysis::to_text(views[i]);
  return kDone;
}

int from_server(Shell& shell, const ProjectArguments& arguments) {
  const auto flow = resolve_flow(shell, arguments.flow);
  if (!flow) return fail(shell, flow.error_text());
  const auto answer = shell.remote.get(path_of(*flow) + "/views", {{"version", arguments.version.value_or("")},
                                                                   {"service", arguments.service.value_or("")}});
  if (!answer) return fail(shell, answer.error_text());
  if (!answer->ok()) return fail(shell, refusal_text(shell, *answer, *flow));
  if (shell.json) {
    print_json(shell, answer->body);
    return kDone;
  }
  const json::Array& views = array_at(answer->body, "/views");
  if (views.empty()) shell.streams.out << "No service acts on its own: the orchestrator does.\n";
  for (std::size_t i = 0; i < views.size(); ++i)
    shell.streams.out << (i == 0 ? "" : "\n") << harmless(text_at(views[i], "/text"), "\n");
  return kDone;
}

}  // namespace

int project(Shell& shell, const ProjectArguments& arguments) {
  const std::string& flow = arguments.flow;
  const bool from_file = is_file(flow) || flow.ends_with(".yaml") || flow.ends_with(".yml") || flow.ends_with(".json");
  if (from_file && arguments.version)
    return fail(shell, "--flow-version is for a flow at the server; " + flow + " is a file", kUsage);
  if (!from_file && (!arguments.contracts.empty() || arguments.strategy))
    return fail(shell, "--contracts and --strategy are for a file; " + flow + " is none", kUsage);
  return from_file ? from_files(shell, arguments) : from_server(shell, arguments);
}

}  // namespace baton::cli::commands
