#include <fmt/format.h>

#include <ostream>
#include <random>

#include "cli/commands/commands.h"

namespace baton::cli::commands {
namespace {

// 128 random bits: two commands never choose the same.
std::string new_id() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) id += fmt::format("{:08x}", random());
  return id;
}

Result<json::Object> event_of(Shell& shell, const PublishArguments& a) {
  json::Object event{{"specversion", "1.0"},
                     {"id", a.id.value_or(new_id())},
                     {"source", a.source.value_or("/baton/cli")},
                     {"type", a.type}};
  if (a.subject) event["subject"] = *a.subject;
  if (a.correlation_id) event["correlationid"] = *a.correlation_id;
  if (!a.data) return event;
  BATON_TRY(const std::string text, read_data(shell, *a.data));
  BATON_TRY(json::Value data, json::parse(text));
  event["datacontenttype"] = "application/json";
  event["data"] = std::move(data);
  return event;
}

}  // namespace

int publish(Shell& shell, const PublishArguments& arguments) {
  const auto event = event_of(shell, arguments);
  if (!event) return fail(shell, event.error_text(), kUsage);
  const auto answer = shell.remote.post("/v1/events", {}, json::print(*event), "application/cloudevents+json");
  if (!answer) return fail(shell, answer.error_text());
  if (!answer->ok()) return fail(shell, answer->problem());
  if (shell.json) {
    print_json(shell, answer->body);
    return kDone;
  }
  const std::string instance = harmless(text_at(answer->body, "/correlationid"));
  shell.streams.out << "published " << arguments.type << " as "
                    << paint(harmless(text_at(answer->body, "/id")), Colour::cyan, shell.colour) << "\n";
  if (!instance.empty()) shell.streams.out << "  baton flow " << instance << "    shows the instance\n";
  return kDone;
}

}  // namespace baton::cli::commands
