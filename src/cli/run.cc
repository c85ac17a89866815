#include "cli/run.h"

#include <charconv>
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/completion.h"

namespace baton::cli {
namespace {

constexpr const char* kVersion = "0.1.0";
constexpr const char* kServer = "http://127.0.0.1:8080";

bool colour_on(const Common& common, const Streams& streams, bool terminal) {
  if (common.color != "auto") return common.color == "always";
  const auto no_color = streams.env("NO_COLOR");  // no-color.org: any value but an empty one
  return terminal && (!no_color || no_color->empty()) && streams.env("TERM") != std::optional<std::string>("dumb");
}

// A file or a pipe gets all of a table.
std::size_t columns_on(const Streams& streams) {
  if (!streams.out_is_terminal) return 0;
  const std::string set = streams.env("COLUMNS").value_or("");
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(set.data(), set.data() + set.size(), columns);
  return error == std::errc() && end == set.data() + set.size() && columns > 0 ? columns : streams.out_columns;
}

std::string server_of(const Common& common, const Streams& streams) {
  if (common.server) return *common.server;
  const auto named = streams.env("BATON_SERVER");
  return named && !named->empty() ? *named : kServer;
}

struct Dispatch {
  Shell shell;
  const LocalCommands& local;

  Shell& as(const char* name) {
    shell.name = name;
    return shell;
  }
  int operator()(const ServeOptions& o) { return local.serve(o); }
  int operator()(DemoOptions o) {
    o.colour = shell.colour;
    o.live = shell.streams.out_is_terminal;
    return local.demo(o);
  }
  int operator()(const BenchOptions& o) { return local.bench(o); }
  int operator()(const VerifyOptions& o) { return local.verify(o); }
  int operator()(const RepairOptions& o) { return local.repair(o); }
  int operator()(const DeployArguments& a) { return commands::deploy(as("deploy"), a); }
  int operator()(const StartArguments& a) { return commands::start(as("start"), a); }
  int operator()(const PublishArguments& a) { return commands::publish(as("publish"), a); }
  int operator()(const FlowsArguments& a) { return commands::flows(as("flows"), a); }
  int operator()(const OrphansArguments& a) { return commands::orphans(as("orphans"), a); }
  int operator()(const EventsArguments& a) { return commands::events(as("events"), a); }
  int operator()(const FlowArguments& a) { return commands::flow(as("flow"), a); }
  int operator()(const ProjectArguments& a) { return commands::project(as("project"), a); }
  int operator()(const CheckArguments& a) { return commands::check(as("check"), a); }
  int operator()(const CompletionArguments& a) {
    shell.streams.out << completion_script(a.shell, command_shapes());
    return kDone;
  }
  int operator()(const VersionArguments&) {
    if (shell.json) {
      print_json(shell, json::Object{{"version", kVersion}});
    } else {
      shell.streams.out << "baton " << kVersion << "\n";
    }
    return kDone;
  }
  int operator()(const HelpArguments& a) {
    shell.streams.out << a.text;
    return kDone;
  }
};

}  // namespace

int run(int argc, const char* const* argv, Streams& streams, const LocalCommands& local) {
  const auto arguments = parse_arguments(argc, argv);
  if (!arguments) {
    streams.err << arguments.error_text() << "\n";
    return kUsage;
  }
  const Common& common = arguments->common;
  Shell shell{streams,
              "",
              common.json,
              colour_on(common, streams, streams.out_is_terminal),
              colour_on(common, streams, streams.err_is_terminal),
              Remote(server_of(common, streams)),
              columns_on(streams)};
  const int code = std::visit(Dispatch{std::move(shell), local}, arguments->command);
  if (streams.out.flush()) return code;
  streams.err << "baton: can't write to the standard output\n";
  return code == kDone ? kFailed : code;
}

}  // namespace baton::cli
