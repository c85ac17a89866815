#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/help.h"
#include "cli/text/suggest.h"

namespace baton::cli {
namespace {

const std::vector<std::string> kStrategies = {"orchestration", "choreography"};
const std::vector<std::string> kStatuses = {"pending",   "running", "waiting",  "suspended",
                                            "completed", "faulted", "cancelled"};
const std::vector<std::string> kShells = {"bash", "zsh", "fish"};
const std::vector<std::string> kVersions = {"1", "2", "3", "4"};

CLI::Option* one_of(CLI::Option* option, const std::vector<std::string>& values) {
  return option->check(CLI::IsMember(values));
}

// Leaves out what CLI11 says for programmers ("TEXT", ":POSITIVE"), and says defaults in words.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(28); }
  std::string make_description(const CLI::App* app) const override { return app->get_description() + ".\n\n"; }
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string type = option->get_type_name().substr(0, option->get_type_name().find(':'));
    const bool several = option->get_expected_max() >= CLI::detail::expected_max_vector_size;
    return (option->get_type_size() == 0 || type.empty() ? "" : " " + type) + (several ? " ..." : "");
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    std::string text = option->get_description();
    if (!option->get_default_str().empty()) text += "; default: " + option->get_default_str();
    return option->get_required() && !option->get_positional() ? text + " (required)" : text;
  }
};

// Everything that parsing fills, and the CLI11 object that fills it.
struct Grammar {
  CLI::App app{"", "baton"};
  Common common;
  ServeOptions serve;
  std::string listen = "127.0.0.1:8080";
  DemoOptions demo;
  BenchOptions bench;
  DeployArguments deploy;
  StartArguments start;
  PublishArguments publish;
  FlowsArguments flows;
  FlowArguments flow;
  ProjectArguments project;
  CheckArguments check;
  CompletionArguments completion;
  std::string help_of;
  bool version = false;

  Grammar();
  CLI::App* command(const char* name, const char* summary);
  void client(CLI::App* command) {
    command
        ->add_option("--server", common.server, "URL of the server; default: BATON_SERVER, else http://127.0.0.1:8080")
        ->type_name("URL");
  }
  void json(CLI::App* command, bool& flag, const char* what = "JSON on stdout, for scripts") {
    command->add_flag("--json", flag, what);
  }
  void json(CLI::App* command) { json(command, common.json); }
  void local_commands();
  void deploying_commands();
  void instance_commands();
  void other_commands();
};

Grammar::Grammar() {
  app.require_subcommand(0, 1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.fallthrough();
  app.set_help_flag("-h,--help", "Show this help");
  app.add_flag("-V,--version", version, "Print the version");
  one_of(app.add_option("--color", common.color, "auto (only on a terminal, and not with NO_COLOR), always or never"),
         {"auto", "always", "never"})
      ->type_name("WHEN");
  local_commands();
  deploying_commands();
  instance_commands();
  other_commands();
}

CLI::App* Grammar::command(const char* name, const char* summary) {
  CLI::App* sub = app.add_subcommand(name, summary);
  sub->footer(help_footer(name));
  return sub;
}

void Grammar::local_commands() {
  CLI::App* c = command("serve", "Run a server: HTTP API, embedded log, engine");
  c->add_option("--data", serve.data, "Folder of the log; made when it is not there")->required()->type_name("DIR");
  c->add_option("--http-listen", listen, "Where the HTTP API listens; port 0: any free one")
      ->capture_default_str()
      ->type_name("HOST:PORT");
  c->add_option("--shards", serve.shards, "Threads that run flows; default: one per core")->type_name("N");
  c->add_option("--partitions", serve.partitions, "Partitions of topics made from now on")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096))
      ->type_name("N");
  c->add_option("--flow", serve.documents, "Flows and contracts to deploy before serving")->type_name("FILE");
  one_of(c->add_option("--strategy", serve.strategy, "For --flow: orchestration or choreography"), kStrategies)
      ->type_name("S");
  one_of(c->add_option("--example", serve.example,
                       "Run the services of an example in this process, and deploy its flow: loan"),
         {"loan"})
      ->type_name("NAME");
  one_of(
      c->add_option("--example-version", serve.example_version, "Of the example's flow, 1 to 4")->capture_default_str(),
      kVersions)
      ->type_name("V");
  c->add_option("--outbox", serve.outbox, "Of the example: folder for its e-mails; default: DIR/loan/outbox")
      ->type_name("DIR");
  c->add_option("--smtp", serve.smtp, "Of the example: send real e-mails through this server, smtp://host:port")
      ->type_name("URL");

  c = command("demo", "Watch the loan system run, both ways, through a crash");
  one_of(c->add_option("EXAMPLE", demo.example, "Which; default: loan")->type_name(""), {"loan"});
  one_of(c->add_option("--strategy", demo.strategies, "orchestration or choreography; default: one after the other"),
         kStrategies)
      ->type_name("S");
  one_of(c->add_option("--version", demo.version, "Of the loan flow, 1 to 4")->capture_default_str(), kVersions)
      ->type_name("V");
  c->add_option("--requests", demo.requests, "Loan requests for each strategy")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000'000))
      ->type_name("N");
  c->add_option("--rate", demo.rate, "Loan requests per second; 0: as fast as it goes")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber)
      ->type_name("R");
  c->add_option("--data", demo.data, "Keep everything here; default: a folder that is removed, except for the e-mails")
      ->type_name("DIR");
  c->add_option("--outbox", demo.outbox, "Folder for the e-mails")->type_name("DIR");
  c->add_option("--smtp", demo.smtp, "Send real e-mails through this server, smtp://host:port")->type_name("URL");
  json(c, demo.json);

  c = command("bench", "Measure this machine: flows per second, latency, memory, recovery");
  one_of(c->add_option("EXAMPLE", bench.example, "Which; default: loan")->type_name(""), {"loan"});
  c->add_option("--measure", bench.measure, "throughput, latency, sequential, memory, recovery, idle or disk")
      ->capture_default_str()
      ->type_name("M");
  one_of(c->add_option("--strategy", bench.strategy, "orchestration or choreography")->capture_default_str(),
         kStrategies)
      ->type_name("S");
  one_of(c->add_option("--version", bench.version, "Of the loan flow, 1 to 4")->capture_default_str(), kVersions)
      ->type_name("V");
  c->add_option("--seconds", bench.seconds, "How long")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  c->add_option("--rate", bench.rate, "latency: flows started per second, open loop")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->type_name("R");
  c->add_option("--waiting", bench.waiting, "memory, recovery: instances that wait")
      ->capture_default_str()
      ->type_name("N");
  c->add_option("--in-flight", bench.in_flight, "throughput: flows under way at a time")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  c->add_option("--shards", bench.shards, "Threads that run flows; default: one per core")->type_name("N");
  c->add_option("--data", bench.data, "Where the log is; default: a folder of its own, removed at the end")
      ->type_name("DIR");
  json(c, bench.json, "One JSON object on stdout");
}

void Grammar::deploying_commands() {
  CLI::App* c = command("deploy", "Deploy flows and contracts, all or none");
  c->add_option("FILE", deploy.files, "Flows and contracts, or folders of them; what they $ref comes along")
      ->type_name("")
      ->required();
  one_of(c->add_option("--strategy", deploy.strategy, "Instead of the flows' own: orchestration or choreography"),
         kStrategies)
      ->type_name("S");
  client(c);
  json(c);

  c = command("check", "Check flows and contracts, without a server");
  c->add_option("FILE", check.files, "Flows and contracts, or folders of them")->type_name("")->required();
  c->add_option("--contracts", check.contracts, "Contracts that the flows call")->type_name("FILE");
  one_of(c->add_option("--strategy", check.strategy, "Check as if the flows said so: orchestration or choreography"),
         kStrategies)
      ->type_name("S");
  json(c);

  c = command("project", "Print what each service must know of a flow (its local view)");
  c->add_option("FLOW", project.flow, "namespace/name at the server, or a flow's file")->type_name("")->required();
  c->add_option("--service", project.service, "Only this one")->type_name("S");
  c->add_option("--contracts", project.contracts, "For a file: the contracts that it calls, or their folder")
      ->type_name("FILE");
  one_of(c->add_option("--strategy", project.strategy, "For a file: as if it said so"), kStrategies)->type_name("S");
  c->add_option("--flow-version", project.version, "At the server; default: the active one")->type_name("V");
  client(c);
  json(c);
}

void Grammar::instance_commands() {
  CLI::App* c = command("start", "Start a flow");
  c->add_option("FLOW", start.flow, "namespace/name, or the name alone where there is only one")
      ->type_name("")
      ->required();
  c->add_option("--data", start.data, "Its input: JSON, @file, or - for stdin; default: {}")->type_name("JSON");
  c->add_option("--id", start.id, "Of the instance; default: a new one")->type_name("ID");
  c->add_option("--flow-version", start.version, "Default: the active one")->type_name("V");
  client(c);
  json(c);

  c = command("publish", "Publish an event");
  c->add_option("TYPE", publish.type, "CloudEvents type: com.example.loan.requested.v1")->type_name("")->required();
  c->add_option("--data", publish.data, "JSON, @file, or - for stdin; default: no data")->type_name("JSON");
  c->add_option("--correlation-id", publish.correlation_id, "The flow instance it belongs to")->type_name("ID");
  c->add_option("--source", publish.source, "CloudEvents source; default: /baton/cli")->type_name("URI");
  c->add_option("--subject", publish.subject, "CloudEvents subject")->type_name("TEXT");
  c->add_option("--id", publish.id, "Of the event; the same source and id again has no effect. Default: a new one")
      ->type_name("ID");
  client(c);
  json(c);

  c = command("flows", "List flow instances, newest first");
  c->add_flag("--deployed", flows.deployed, "List the deployed flows and how many instances each has, instead");
  c->add_option("--flow", flows.flow, "Only of this flow, namespace/name")->type_name("FLOW");
  c->add_option("--flow-version", flows.version, "Only of this version")->type_name("V");
  one_of(
      c->add_option("--status", flows.status, "pending, running, waiting, suspended, completed, faulted or cancelled"),
      kStatuses)
      ->type_name("S");
  c->add_option("--from", flows.from, "Started at or after: 2026-01-31T09:00:00Z, 2026-01-31, or ago: 10m, 2h, 1d")
      ->type_name("TIME");
  c->add_option("--to", flows.to, "Started before")->type_name("TIME");
  c->add_option("--limit", flows.limit, "How many")->capture_default_str()->check(CLI::Range(1, 1000))->type_name("N");
  c->add_option("--cursor", flows.cursor, "Go on after the page that named it")->type_name("CURSOR");
  client(c);
  json(c);

  c = command("flow", "Show an instance: its timeline, and why it is where it is");
  c->add_option("ID", flow.id, "Of the instance")->type_name("")->required();
  client(c);
  json(c);
}

void Grammar::other_commands() {
  CLI::App* c = command("completion", "Print a completion script for a shell");
  one_of(c->add_option("SHELL", completion.shell, "bash, zsh or fish")->required(), kShells)->type_name("");
  c = command("version", "Print the version");
  json(c);
  c = command("help", "Show help, of a command if one is named");
  c->add_option("COMMAND", help_of, "Of which command")->type_name("");
}

std::string with_newline(std::string text) {
  return text.ends_with('\n') ? text : text + "\n";
}

std::string help_text(Grammar& grammar, const std::string& command) {
  return command.empty() ? help_overview() : with_newline(grammar.app.get_subcommand(command)->help("baton"));
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& candidates) {
  const std::string near = nearest(typed, candidates);
  return near.empty() ? "" : " Did you mean '" + near + "'?";
}

Error unknown_command(const std::string& name, const CLI::App& app) {
  return invalid("baton: there is no command '" + name + "'." + did_you_mean(name, command_names(app)) +
                 "\n  baton help    lists them");
}

// The first word that is no option: the command. Global options have their values with '=' or are --color WHEN.
std::string first_word(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--color" || word == "--server") {
      ++i;
    } else if (!word.starts_with('-')) {
      return std::string(word);
    }
  }
  return "";
}

Error usage(Grammar& grammar, const CLI::ParseError& error, const std::string& command, int argc,
            const char* const* argv) {
  std::string text = error.what();
  if (command.empty()) return invalid("baton: " + text + "\n  baton help    shows what there is");
  const CLI::App* sub = grammar.app.get_subcommand(command);
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    std::vector<std::string> options;
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    }
    for (int i = 1; i < argc; ++i) {
      const std::string word = std::string(argv[i]).substr(0, std::string_view(argv[i]).find('='));
      if (word.starts_with("--") && std::ranges::find(options, word) == options.end())
        text = "there is no option " + word + "." + did_you_mean(word, options);
    }
  }
  return invalid("baton " + command + ": " + text + "\n  baton help " + command + "    shows its options and examples");
}

Result<Command> command_of(Grammar& g, const std::string& name) {
  if (name == "serve") {
    BATON_TRY(const auto address, parse_listen(g.listen));
    g.serve.host = address.first;
    g.serve.port = address.second;
    return Command(g.serve);
  }
  if (name == "demo") return Command(g.demo);
  if (name == "bench") return Command(g.bench);
  if (name == "deploy") return Command(g.deploy);
  if (name == "start") return Command(g.start);
  if (name == "publish") return Command(g.publish);
  if (name == "flows") return Command(g.flows);
  if (name == "flow") return Command(g.flow);
  if (name == "project") return Command(g.project);
  if (name == "check") return Command(g.check);
  if (name == "completion") return Command(g.completion);
  if (name == "version") return Command(VersionArguments{});
  const std::vector<std::string> names = command_names(g.app);
  if (!g.help_of.empty() && std::ranges::find(names, g.help_of) == names.end())
    return unknown_command(g.help_of, g.app);
  return Command(HelpArguments{help_text(g, g.help_of)});
}

}  // namespace

Result<Arguments> parse_arguments(int argc, const char* const* argv) {
  Grammar grammar;
  const std::string word = first_word(argc, argv);
  const std::vector<std::string> names = command_names(grammar.app);
  if (!word.empty() && std::ranges::find(names, word) == names.end()) return unknown_command(word, grammar.app);
  try {
    grammar.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Arguments{grammar.common, HelpArguments{help_text(grammar, word == "help" ? "" : word)}};
  } catch (const CLI::ParseError& error) {
    return usage(grammar, error, word, argc, argv);
  }
  if (grammar.version) return Arguments{grammar.common, VersionArguments{}};
  if (word.empty()) return Arguments{grammar.common, HelpArguments{help_overview()}};
  auto command = command_of(grammar, word);
  if (!command)
    return invalid(command.error_text().starts_with("baton") ? command.error_text()
                                                             : "baton " + word + ": " + command.error_text());
  return Arguments{grammar.common, *std::move(command)};
}

std::vector<CommandShape> command_shapes() {
  Grammar grammar;
  std::vector<CommandShape> shapes;
  for (const CLI::App* sub : grammar.app.get_subcommands([](const CLI::App*) { return true; })) {
    CommandShape shape{sub->get_name(), sub->get_description(), {}, {}, false};
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) shape.options.push_back("--" + name);
      if (option->get_positional() && option->get_single_name() == "FILE") shape.takes_files = true;
    }
    if (std::ranges::find(shape.options, "--strategy") != shape.options.end())
      shape.choices.emplace_back("--strategy", kStrategies);
    if (std::ranges::find(shape.options, "--status") != shape.options.end())
      shape.choices.emplace_back("--status", kStatuses);
    if (shape.name == "completion") shape.choices.emplace_back("", kShells);
    if (shape.name == "demo" || shape.name == "bench") shape.choices.emplace_back("", std::vector<std::string>{"loan"});
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

Result<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "" : text.substr(0, colon);
  const std::string_view port =
      colon == std::string::npos ? std::string_view(text) : std::string_view(text).substr(colon + 1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size()) {
    return invalid("--http-listen is '" + text +
                   "': use HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080; port 0 takes any free one");
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return std::pair(host.empty() ? std::string("127.0.0.1") : host, number);
}

}  // namespace baton::cli
