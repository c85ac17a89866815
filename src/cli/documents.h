// Flows and contracts compiled from files, without a server: for check and project.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "flow/compile.h"

namespace baton::cli {

struct Compiled {
  std::vector<std::shared_ptr<const flow::Program>> flows;
  std::size_t contracts = 0;
  flow::Diagnostics diagnostics;
};

/// Files or folders; what they `$ref` is read too. A document that is neither a flow nor a contract, nor referred to,
/// is an error among the diagnostics. Errors: not_found, io (a file can't be read).
Result<Compiled> compile_files(const std::vector<std::string>& files, std::optional<flow::Strategy> strategy);

std::optional<flow::Strategy> strategy_of(const std::optional<std::string>& name);

}  // namespace baton::cli
