#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

#include "api/message.h"
#include "cli/commands/commands.h"
#include "cli/text/suggest.h"

namespace baton::cli {

int fail(Shell& shell, std::string_view text, int code) {
  shell.streams.err << paint("baton " + shell.name + ":", Colour::red, shell.err_colour) << " " << text << "\n";
  return code;
}

std::string shortened(const json::Value& value, std::size_t most, const char* more) {
  std::string text = harmless(json::print(value));
  if (text.size() <= most) return text;
  std::size_t end = most;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character
  return text.substr(0, end) + more;
}

void print_json(Shell& shell, const json::Value& value) {
  shell.streams.out << json::print(value) << "\n";
}

std::string text_at(const json::Value& value, std::string_view pointer) {
  const json::Value* found = json::find(value, pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

std::optional<Instant> time_at(const json::Value& value, std::string_view pointer) {
  const auto time = parse_rfc3339(text_at(value, pointer));
  return time ? std::optional(*time) : std::nullopt;
}

const json::Array& array_at(const json::Value& value, std::string_view pointer) {
  static const json::Array kNone;
  const json::Value* found = json::find(value, pointer);
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}

void print_diagnostics(Shell& shell, const json::Value& diagnostics) {
  if (!diagnostics.is_array()) return;
  for (const json::Value& d : diagnostics.get_array()) {
    std::string place = text_at(d, "/file");
    const json::Value* line = json::find(d, "/line");
    const json::Value* column = json::find(d, "/column");
    if (line != nullptr && column != nullptr && line->is_int64() && line->get_int64() > 0)
      place += ":" + json::print(*line) + ":" + json::print(*column);
    const std::string severity = text_at(d, "/severity");
    std::ostream& err = shell.streams.err;
    err << paint(harmless(place) + ":", Colour::bold, shell.err_colour) << " "
        << paint(severity + " " + text_at(d, "/code") + ":", severity == "error" ? Colour::red : Colour::yellow,
                 shell.err_colour)
        << " " << harmless(text_at(d, "/what")) << "\n";
    if (const std::string pointer = text_at(d, "/pointer"); !pointer.empty())
      err << "  at " << harmless(pointer) << "\n";
    if (const std::string remedy = text_at(d, "/remedy"); !remedy.empty()) err << "  " << harmless(remedy) << "\n";
  }
}

std::string count_diagnostics(const json::Value& diagnostics) {
  std::size_t errors = 0, warnings = 0;
  for (const json::Value& d : diagnostics.is_array() ? diagnostics.get_array() : json::Array())
    ++(text_at(d, "/severity") == "error" ? errors : warnings);
  std::string text = fmt::format("{} error{}", errors, errors == 1 ? "" : "s");
  if (warnings > 0) text += fmt::format(", {} warning{}", warnings, warnings == 1 ? "" : "s");
  return text;
}

Result<std::string> read_data(Shell& shell, const std::string& data) {
  std::string text = data, where = "--data";
  if (data == "-") {
    text.assign(std::istreambuf_iterator<char>(shell.streams.in), {});
    where = "stdin";
  } else if (data.starts_with('@')) {
    where = data.substr(1);
    std::ifstream file(where, std::ios::binary);
    if (!file) return not_found("can't read " + where + " (--data " + data + "): is it there?");
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (const auto checked = json::parse(text); !checked) {
    const bool bare = where == "--data";
    return invalid(where + " is not JSON: " + checked.error_text() +
                   (bare ? ". Put it in single quotes, or use @file" : ""));
  }
  return text;
}

namespace {

// "namespace/name" of each, once. Errors: io (no answer, or one that says why there is none).
Result<std::vector<std::string>> ask_for_flows(Shell& shell) {
  BATON_TRY(const RemoteAnswer answer, shell.remote.get("/v1/flows"));
  if (!answer.ok()) return Error{Code::io, answer.problem()};
  std::vector<std::string> names;
  for (const json::Value& flow : array_at(answer.body, "/flows")) {
    std::string name = harmless(text_at(flow, "/flow"));
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  return names;
}

// Where something else is wrong already, and the names are but for a hint.
std::vector<std::string> deployed_flows(Shell& shell) {
  return ask_for_flows(shell).value_or(std::vector<std::string>());
}

std::string name_of(const std::string& flow) {
  return flow.substr(flow.find('/') + 1);
}

std::string hint(const std::string& typed, const std::vector<std::string>& flows) {
  if (flows.empty()) return ". No flow is deployed: baton deploy FILE…";
  std::vector<std::string> names = flows;
  if (typed.find('/') == std::string::npos) {
    for (std::string& name : names) name = name_of(name);
  }
  const std::string near = nearest(typed, names);
  return near.empty() ? ". baton flows --deployed lists what there is" : ". Did you mean '" + near + "'?";
}

}  // namespace

std::string path_of(const std::string& flow) {
  const std::size_t slash = std::min(flow.find('/'), flow.size());
  const std::string name = slash == flow.size() ? "" : flow.substr(slash + 1);
  return "/v1/flows/" + api::percent_encode(flow.substr(0, slash)) + "/" + api::percent_encode(name);
}

Result<std::string> resolve_flow(Shell& shell, const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  BATON_TRY(const std::vector<std::string> flows, ask_for_flows(shell));
  std::vector<std::string> matches;
  for (const std::string& flow : flows) {
    if (name_of(flow) == name) matches.push_back(flow);
  }
  if (matches.size() == 1) return matches.front();
  if (matches.empty()) return not_found("there is no flow '" + name + "'" + hint(name, flows));
  std::string all;
  for (const std::string& match : matches) all += (all.empty() ? "" : ", ") + match;
  return invalid("several flows are named '" + name + "': " + all + ". Say which");
}

bool is_deployed(Shell& shell, const std::string& flow) {
  const std::vector<std::string> flows = deployed_flows(shell);
  return std::find(flows.begin(), flows.end(), flow) != flows.end();
}

std::string unknown_flow(Shell& shell, const std::string& flow) {
  return "there is no flow '" + flow + "'" + hint(flow, deployed_flows(shell));
}

std::string refusal_text(Shell& shell, const RemoteAnswer& answer, const std::string& flow) {
  return answer.status != 404 || is_deployed(shell, flow) ? answer.problem() : unknown_flow(shell, flow);
}

}  // namespace baton::cli
