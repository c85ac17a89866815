// The command line as data.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/local_commands.h"

namespace baton::cli {

struct DeployArguments {
  std::vector<std::string> files;
  std::optional<std::string> strategy;
};
struct StartArguments {
  std::string flow;
  std::optional<std::string> version;
  std::optional<std::string> data;  ///< JSON, @file or -
  std::optional<std::string> id;
};
struct PublishArguments {
  std::string type;
  std::optional<std::string> data;
  std::optional<std::string> correlation_id, source, subject, id;
};
struct EventsArguments {
  bool follow = false;
  std::optional<std::string> type, flow, id, after;
};
struct FlowsArguments {
  bool deployed = false;
  bool watch = false;
  std::optional<std::string> flow, version, status, from, to, cursor;
  std::size_t limit = 50;
};
struct OrphansArguments {
  std::optional<std::string> type, flow;
  std::size_t limit = 50;
};
struct FlowArguments {
  std::string id;
  bool all = false;                 ///< every step of the engine
  bool follow = false;              ///< until it ends
  std::optional<std::string> flow;  ///< where several have an instance of this id
};
struct ProjectArguments {
  std::string flow;  ///< "namespace/name" at the server, or a file
  std::optional<std::string> service, version, strategy;
  std::vector<std::string> contracts;
};
struct CheckArguments {
  std::vector<std::string> files;
  std::vector<std::string> contracts;
  std::optional<std::string> strategy;
};
struct CompletionArguments {
  std::string shell;
};
struct VersionArguments {};
struct HelpArguments {
  std::string text;
};

struct Common {
  std::optional<std::string> server;
  bool json = false;
  std::string color = "auto";
};
using Command =
    std::variant<ServeOptions, DemoOptions, BenchOptions, VerifyOptions, RepairOptions, DeployArguments, StartArguments,
                 PublishArguments, FlowsArguments, FlowArguments, EventsArguments, OrphansArguments, ProjectArguments,
                 CheckArguments, CompletionArguments, VersionArguments, HelpArguments>;
struct Arguments {
  Common common;
  Command command;
};

/// Errors: invalid; the text says what to do, and may have several lines.
Result<Arguments> parse_arguments(int argc, const char* const* argv);

/// "127.0.0.1:8080", ":8080", "8080", "[::1]:8080".
Result<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text);

}  // namespace baton::cli
