// Flow documents into programs.
#pragma once

#include <memory>
#include <optional>

#include "flow/contract.h"
#include "flow/diagnostic.h"
#include "flow/program.h"

namespace baton::flow {

/// What `baton deploy --strategy` changes: nothing in the file, only the default strategy of its tasks.
struct CompileOptions {
  std::optional<Strategy> strategy;
};

/// Reads (YAML or JSON), validates, resolves calls against `contracts`, compiles expressions and schemas, computes the
/// actors. nullptr when there is any error among `diagnostics`; all errors that can be found are reported, not only the
/// first. What the DSL has and Baton does not yet is an error of its own code that says so; nothing is ignored
/// silently.
std::shared_ptr<const Program> compile(std::string_view text, const std::string& file, const Contracts& contracts,
                                       const CompileOptions& options, Diagnostics& diagnostics);

/// Is this document a flow (has `document.dsl`) or a contract (has `asyncapi`)?
enum class DocumentKind { flow, contract, neither };
DocumentKind kind_of(std::string_view text);

}  // namespace baton::flow
