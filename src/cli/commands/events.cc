// Events: those that are kept, and as they happen.
#include <ostream>

#include "cli/commands/commands.h"

namespace baton::cli {
namespace {

constexpr Millis kAgainMs = 500;
constexpr int kTriesMax = 60;  // half a minute: a server that is started again

}  // namespace

void print_event(Shell& shell, const json::Value& event) {
  const auto time = time_at(event, "/time");
  const json::Value* data = json::find(event, "/data");
  std::string line = time ? time_of_day(*time) : "";
  const auto add = [&](const std::string& text, Colour colour) {
    if (!text.empty()) line += "  " + paint(harmless(text), colour, shell.colour);
  };
  add(text_at(event, "/correlationid"), Colour::cyan);
  add(text_at(event, "/type"), Colour::none);
  const std::size_t used = columns_of(line);
  std::string text = data == nullptr || data->is_null() ? "" : shortened(*data, 4096);
  if (shell.columns > 0) text = clip(text, shell.columns - std::min(shell.columns, used + 2));
  add(text, Colour::dim);
  shell.streams.out << line << "\n";
}

int follow(Shell& shell, const std::string& path, const Remote::Query& query, std::string& place) {
  std::string failure;
  int tries = 0;
  const auto tell = [&](const std::string& text) {
    shell.streams.err << "baton " << shell.name << ": " << text << "\n";
  };
  SseReader reader([&](const SseEvent& event) {
    tries = 0;
    const auto data = json::parse(event.data);
    if (event.name == "gap")
      return tell("events are missing here: they are kept no more, or the server has another log");
    if (!data) return;
    if (event.name == "lost") return tell("events are lost here: " + harmless(text_at(*data, "/detail")));
    if (event.name == "error") failure = RemoteAnswer{500, *data}.problem();
    if (!event.name.empty()) return;
    if (shell.json) print_json(shell, *data);
    if (!shell.json) print_event(shell, *data);
    shell.streams.out.flush();
  });
  const auto answer = shell.remote.follow(path, query, reader, [&] {
    if (tries++ == 0) tell("the server went away; waiting for it");
    return tries <= kTriesMax && shell.streams.pause && shell.streams.pause(kAgainMs);
  });
  place = reader.last_id();
  if (!answer) return fail(shell, answer.error_text());
  if (!answer->ok()) return fail(shell, answer->problem());
  return failure.empty() ? kDone : fail(shell, failure);
}

namespace commands {

int events(Shell& shell, const EventsArguments& a) {
  std::string flow = a.flow.value_or(""), place;
  if (!flow.empty()) {
    auto resolved = resolve_flow(shell, flow);
    if (!resolved) return fail(shell, resolved.error_text());
    flow = *std::move(resolved);
  }
  const bool from_start = !a.follow && !a.after;
  const int code = follow(shell, "/v1/events",
                          {{"type", a.type.value_or("")},
                           {"flow", flow},
                           {"correlationid", a.id.value_or("")},
                           {"after", a.after.value_or("")},
                           {"from", from_start ? "start" : ""},
                           {"until", a.follow ? "" : "now"}},
                          place);
  if (!shell.json && !place.empty())
    shell.streams.err << paint("Later ones: the same command with --after " + harmless(place), Colour::dim,
                               shell.err_colour)
                      << "\n";
  return code;
}

}  // namespace commands
}  // namespace baton::cli
