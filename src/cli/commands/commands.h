// The commands, one file each. Each returns the exit code.
#pragma once

#include "cli/arguments.h"
#include "cli/remote.h"
#include "cli/streams.h"
#include "cli/text/style.h"
#include "flow/diagnostic.h"

namespace baton::cli {

struct Shell {
  Streams& streams;
  std::string name;  ///< of the command, for errors
  bool json = false;
  bool colour = false;      ///< on stdout
  bool err_colour = false;  ///< on stderr
  Remote remote;
  std::size_t columns = 0;  ///< that a table on stdout may take; 0: as many as it likes
};

namespace commands {
int deploy(Shell& shell, const DeployArguments& arguments);
int check(Shell& shell, const CheckArguments& arguments);
int project(Shell& shell, const ProjectArguments& arguments);
int start(Shell& shell, const StartArguments& arguments);
int publish(Shell& shell, const PublishArguments& arguments);
int flows(Shell& shell, const FlowsArguments& arguments);
int flow(Shell& shell, const FlowArguments& arguments);
int events(Shell& shell, const EventsArguments& arguments);
int orphans(Shell& shell, const OrphansArguments& arguments);
}  // namespace commands

/// Prints the events of the stream until it ends, and tells of what is missing in it, and of a server that is away,
/// which is waited for. The exit code; `place`: where it ended, to go on behind.
int follow(Shell& shell, const std::string& path, const Remote::Query& query, std::string& place);
/// One event on one line: time, instance, type, data.
void print_event(Shell& shell, const json::Value& event);
/// At most so many bytes of it as JSON, on one line.
std::string shortened(const json::Value& value, std::size_t most, const char* more = " …");

/// "baton start: text" on stderr; kFailed, unless another code is given.
int fail(Shell& shell, std::string_view text, int code = kFailed);
/// One JSON value and a line break on stdout.
void print_json(Shell& shell, const json::Value& value);
/// As a compiler prints them, on stderr. `diagnostics` is what flow::to_json makes.
void print_diagnostics(Shell& shell, const json::Value& diagnostics);
/// "2 errors, 1 warning".
std::string count_diagnostics(const json::Value& diagnostics);

/// The member as text; "" when it is absent or no string.
std::string text_at(const json::Value& value, std::string_view pointer);
/// The member as a time; nothing when it is absent or none.
std::optional<Instant> time_at(const json::Value& value, std::string_view pointer);
/// The member's elements; none when it is absent or no array.
const json::Array& array_at(const json::Value& value, std::string_view pointer);

/// --data: JSON text, @file or - (stdin), checked to be JSON.
Result<std::string> read_data(Shell& shell, const std::string& data);

/// "/v1/flows/NAMESPACE/NAME", whatever was typed as "namespace/name".
std::string path_of(const std::string& flow);
/// "namespace/name" as it is; a name alone by asking the server which flow has it. Errors: not_found, with what was
/// likely meant.
Result<std::string> resolve_flow(Shell& shell, const std::string& name);
/// Whether the server has any version of "namespace/name".
bool is_deployed(Shell& shell, const std::string& flow);
/// That there is no such flow, and which was likely meant.
std::string unknown_flow(Shell& shell, const std::string& flow);
/// The server's refusal as text; for an unknown flow, with what was likely meant.
std::string refusal_text(Shell& shell, const RemoteAnswer& answer, const std::string& flow);

}  // namespace baton::cli
