// Events that no instance took.
#include <ostream>

#include "cli/commands/commands.h"

namespace baton::cli::commands {

int orphans(Shell& shell, const OrphansArguments& a) {
  const auto answer = shell.remote.get(
      "/v1/orphans",
      {{"type", a.type.value_or("")}, {"flow", a.flow.value_or("")}, {"limit", std::to_string(a.limit)}});
  if (!answer) return fail(shell, answer.error_text());
  if (!answer->ok()) return fail(shell, answer->problem());
  if (shell.json) {
    print_json(shell, answer->body);
    return kDone;
  }
  const json::Array& found = array_at(answer->body, "/orphans");
  if (found.empty()) {
    shell.streams.out << (a.type || a.flow ? "No orphan fits.\n"
                                           : "No orphans: every event was taken, or is kept for who may come.\n");
    return kDone;
  }
  const Instant now = shell.streams.clock.now();
  std::vector<std::vector<Cell>> rows{{{"FOUND"}, {"TYPE"}, {"ID"}, {"SOURCE"}, {"INSTANCE"}, {"FLOW"}, {"WHY"}}};
  for (const json::Value& one : found) {
    const auto at = time_at(one, "/at");
    rows.push_back({{at ? relative(*at, now) : ""},
                    {text_at(one, "/type"), Colour::cyan},
                    {text_at(one, "/id")},
                    {text_at(one, "/source")},
                    {text_at(one, "/correlationid")},
                    {text_at(one, "/flow")},
                    {text_at(one, "/reason")}});
  }
  shell.streams.out << table(rows, shell.colour, "", shell.columns);
  return kDone;
}

}  // namespace baton::cli::commands
