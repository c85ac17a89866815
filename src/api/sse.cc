#include "api/sse.h"

#include <fmt/format.h>

#include "json/data.h"

namespace baton::api {
namespace {

// A line break would end a field; cursors and printed JSON have none, so this only holds off what a wrong backend might
// send.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n' || c == '\r' || c == '\0') c = ' ';
  }
  return line;
}

}  // namespace

std::string sse_opening() {
  return "retry: 2000\n\n";
}
std::string sse_event(const Followed& event) {
  return "id: " + one_line(event.cursor) + "\ndata: " + one_line(event.json) + "\n\n";
}
std::string sse_note(std::string_view name) {
  return "event: " + std::string(name) + "\ndata: {}\n\n";
}
std::string sse_lost(std::string_view what) {
  return "event: lost\ndata: " + json::print(json::Object{{"detail", what}}) + "\n\n";
}
std::string sse_error(std::string_view problem_json) {
  return "event: error\ndata: " + one_line(problem_json) + "\n\n";
}
std::string sse_place(std::string_view cursor) {
  return "id: " + one_line(cursor) + "\n\n";
}
std::string sse_heartbeat(std::string_view cursor) {
  return ":\n" + sse_place(cursor);
}

std::string chunk(std::string_view text) {
  return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

}  // namespace baton::api
