#include "cli/documents.h"

#include <algorithm>
#include <filesystem>

#include "app/files.h"

namespace baton::cli {
namespace {

namespace fs = std::filesystem;
using Documents = std::vector<app::SourceDocument>;

flow::Load loader(const Documents& documents) {
  return [&documents](const std::string& reference) -> Result<std::string> {
    const fs::path name = fs::path(reference).filename();
    const auto found = std::ranges::find_if(
        documents, [&](const auto& d) { return d.name == reference || fs::path(d.name).filename() == name; });
    if (found == documents.end()) return not_found("'" + reference + "' is not there");
    return found->text;
  };
}

bool named(const std::vector<std::string>& files, const std::string& document) {
  return std::ranges::any_of(
      files, [&](const std::string& file) { return fs::path(file).lexically_normal() == fs::path(document); });
}

}  // namespace

std::optional<flow::Strategy> strategy_of(const std::optional<std::string>& name) {
  if (!name) return std::nullopt;
  return *name == "orchestration" ? flow::Strategy::orchestration : flow::Strategy::choreography;
}

Result<Compiled> compile_files(const std::vector<std::string>& files, std::optional<flow::Strategy> strategy) {
  BATON_TRY(const Documents documents, app::read_documents({files.begin(), files.end()}));
  Compiled compiled;
  flow::Contracts contracts;
  for (const auto& d : documents) {
    const flow::DocumentKind kind = flow::kind_of(d.text);
    if (kind == flow::DocumentKind::neither && named(files, d.name)) {
      compiled.diagnostics.push_back({"BTN-D001", flow::Severity::error, d.name, 0, 0, "",
                                      "this is neither a flow nor a contract",
                                      "a flow has `document.dsl`, a contract has `asyncapi`"});
    }
    if (kind != flow::DocumentKind::contract) continue;
    auto contract = flow::read_contract(d.text, d.name, loader(documents), compiled.diagnostics);
    if (contract == nullptr) continue;
    ++compiled.contracts;
    if (const auto added = contracts.add(std::move(contract)); !added) {
      compiled.diagnostics.push_back(
          {"BTN-D001", flow::Severity::error, d.name, 0, 0, "", added.error_text(), "give every contract once"});
    }
  }
  for (const auto& d : documents) {
    if (flow::kind_of(d.text) != flow::DocumentKind::flow) continue;
    auto program = flow::compile(d.text, d.name, contracts, {strategy}, compiled.diagnostics);
    if (program != nullptr) compiled.flows.push_back(std::move(program));
  }
  const bool any = std::ranges::any_of(
      documents, [](const auto& d) { return flow::kind_of(d.text) != flow::DocumentKind::neither; });
  if (!any && compiled.diagnostics.empty()) {
    compiled.diagnostics.push_back({"BTN-D001", flow::Severity::error, files.empty() ? "" : files.front(), 0, 0, "",
                                    "there is no flow and no contract here",
                                    "a flow has `document.dsl`, a contract has `asyncapi`"});
  }
  return compiled;
}

}  // namespace baton::cli
