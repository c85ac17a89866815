#include "cli/grammar/grammar.h"

#include <algorithm>

#include "cli/grammar/formatter.h"
#include "cli/help.h"
#include "cli/text/suggest.h"

namespace baton::cli {

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
  document_commands();
  instance_commands();
  other_commands();
}

void Grammar::other_commands() {
  CLI::App* c = command("completion", "Print a completion script for a shell");
  one_of(c->add_option("SHELL", completion.shell, "bash, zsh or fish")->required(), {"bash", "zsh", "fish"})
      ->type_name("");
  c = command("version", "Print the version");
  json(c);
  c = command("help", "Show help, of a command if one is named");
  c->add_option("COMMAND", help_of, "Of which command")->type_name("");
}

CLI::App* Grammar::command(const char* name, const char* summary) {
  CLI::App* sub = app.add_subcommand(name, summary);
  sub->footer(help_footer(name));
  return sub;
}

void Grammar::client(CLI::App* command) {
  command->add_option("--server", common.server, "URL of the server; default: BATON_SERVER, else http://127.0.0.1:8080")
      ->type_name("URL");
}

void Grammar::json(CLI::App* command, bool& flag, const char* what) {
  command->add_flag("--json", flag, what);
}

void Grammar::shards(CLI::App* command, std::size_t& count) {
  within(command->add_option("--shards", count, "Threads that run flows; default: one per core"), CLI::Range(1, 1024))
      ->type_name("N");
}

CLI::Option* Grammar::one_of(CLI::Option* option, std::vector<std::string> values) {
  choices.emplace(option, values);
  return option->check([values = std::move(values)](const std::string& value) {
    if (std::ranges::find(values, value) != values.end()) return std::string();
    std::string text = "'" + value + "' is none of";
    for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? " " : ", ") + values[i];
    return text + "." + did_you_mean(value, values);
  });
}

// The limits are said when they are broken; the help has none of CLI11's "INT in [1 - 4096]".
CLI::Option* Grammar::within(CLI::Option* option, const CLI::Validator& limits) {
  return option->check(limits.description(""));
}

CLI::Option* Grammar::path(CLI::Option* option) {
  paths.insert(option);
  return option->type_name("");
}

std::vector<CLI::App*> commands_of(CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> options;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  }
  return options;
}

}  // namespace baton::cli
