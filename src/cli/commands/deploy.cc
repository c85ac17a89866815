#include <ostream>

#include "app/files.h"
#include "cli/commands/commands.h"

namespace baton::cli::commands {
namespace {

std::string request_body(const std::vector<app::SourceDocument>& documents,
                         const std::optional<std::string>& strategy) {
  json::Array list;
  for (const app::SourceDocument& d : documents) list.push_back(json::Object{{"name", d.name}, {"text", d.text}});
  json::Object body{{"documents", std::move(list)}};
  if (strategy) body["strategy"] = *strategy;
  return json::print(body);
}

void print_deployment(Shell& shell, const json::Value& deployment) {
  std::vector<std::vector<Cell>> rows{{{"DEPLOYED"}, {"NAME"}, {"VERSION"}, {"STRATEGY"}}};
  for (const json::Value& c : array_at(deployment, "/contracts"))
    rows.push_back({{"contract"}, {text_at(c, "/service")}, {text_at(c, "/version")}, {""}});
  for (const json::Value& f : array_at(deployment, "/flows")) {
    rows.push_back(
        {{"flow"}, {text_at(f, "/flow"), Colour::cyan}, {text_at(f, "/version")}, {text_at(f, "/strategy")}});
  }
  shell.streams.out << table(rows, shell.colour);
}

}  // namespace

int deploy(Shell& shell, const DeployArguments& arguments) {
  const auto documents = app::read_documents({arguments.files.begin(), arguments.files.end()});
  if (!documents) return fail(shell, documents.error_text());
  const auto answer =
      shell.remote.post("/v1/deployments", {}, request_body(*documents, arguments.strategy), "application/json");
  if (!answer) return fail(shell, answer.error_text());
  const json::Value* diagnostics = json::find(answer->body, "/diagnostics");
  if (shell.json) {
    print_json(shell, answer->body);
    return answer->ok() ? kDone : kFailed;
  }
  if (diagnostics != nullptr) print_diagnostics(shell, *diagnostics);
  if (!answer->ok())
    return fail(
        shell, diagnostics == nullptr ? answer->problem() : count_diagnostics(*diagnostics) + "; nothing was deployed");
  print_deployment(shell, answer->body);
  return kDone;
}

}  // namespace baton::cli::commands
