#include <ostream>

#include "cli/commands/commands.h"

namespace baton::cli::commands {

int start(Shell& shell, const StartArguments& arguments) {
  std::string input;
  if (arguments.data) {
    auto data = read_data(shell, *arguments.data);
    if (!data) return fail(shell, data.error_text(), kUsage);
    input = *std::move(data);
  }
  const auto flow = resolve_flow(shell, arguments.flow);
  if (!flow) return fail(shell, flow.error_text());
  const auto answer = shell.remote.post(
      path_of(*flow) + "/instances", {{"version", arguments.version.value_or("")}, {"id", arguments.id.value_or("")}},
      input, "application/json");
  if (!answer) return fail(shell, answer.error_text());
  if (!answer->ok()) return fail(shell, refusal_text(shell, *answer, *flow));
  if (shell.json) {
    print_json(shell, answer->body);
    return kDone;
  }
  const std::string id = harmless(text_at(answer->body, "/id"));
  shell.streams.out << "started " << *flow << " " << harmless(text_at(answer->body, "/version")) << " as "
                    << paint(id, Colour::cyan, shell.colour) << "\n  baton flow " << id << "    shows where it is\n";
  return kDone;
}

}  // namespace baton::cli::commands
