#include <fmt/format.h>

#include <ostream>

#include "cli/commands/commands.h"
#include "cli/documents.h"

namespace baton::cli::commands {

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
                                   {"diagnostics", diagnostics}});
    return ok ? kDone : kFailed;
  }
  print_diagnostics(shell, diagnostics);
  if (!ok) return fail(shell, count_diagnostics(diagnostics));
  const auto count = [](std::size_t n, const char* word) { return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s"); };
  const std::string warnings = compiled->diagnostics.empty() ? "" : " (" + count_diagnostics(diagnostics) + ")";
  shell.streams.out << paint("ok", Colour::green, shell.colour) << "  " << count(compiled->flows.size(), "flow") << ", "
                    << count(compiled->contracts, "contract") << warnings << "\n";
  return kDone;
}

}  // namespace baton::cli::commands
