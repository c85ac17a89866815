// What the command line may say: every command and option, where its value goes, and its help. This folder, and
// arguments.cc which runs it, are the only ones that know CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/arguments.h"

namespace baton::cli {

/// Parsing fills the members that stand beside `app`. Made for one parse.
struct Grammar {
  Grammar();
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  CLI::App app{"", "baton"};
  std::map<const CLI::Option*, std::vector<std::string>> choices;  ///< what these may be; of others: anything
  std::set<const CLI::Option*> paths;                              ///< positionals that are files or folders

  Common common;
  ServeOptions serve;
  std::string listen = "127.0.0.1:8080";  ///< of serve
  std::string retention_age = "7d";
  std::string retention_size = "0";
  DemoOptions demo;
  BenchOptions bench;
  VerifyOptions verify;
  RepairOptions repair;
  DeployArguments deploy;
  StartArguments start;
  PublishArguments publish;
  FlowsArguments flows;
  FlowArguments flow;
  EventsArguments events;
  OrphansArguments orphans;
  ProjectArguments project;
  CheckArguments check;
  CompletionArguments completion;
  std::string help_of;
  bool version = false;  ///< -V

 private:
  void local_commands();     // local.cc
  void document_commands();  // client.cc
  void instance_commands();
  void other_commands();

  CLI::App* command(const char* name, const char* summary);
  void client(CLI::App* command);
  void json(CLI::App* command) { json(command, common.json); }
  void json(CLI::App* command, bool& flag, const char* what = "JSON on stdout, for scripts");
  void shards(CLI::App* command, std::size_t& count);
  CLI::Option* one_of(CLI::Option* option, std::vector<std::string> values);
  CLI::Option* strategy(CLI::Option* option) { return one_of(option, {"orchestration", "choreography"}); }
  CLI::Option* within(CLI::Option* option, const CLI::Validator& limits);
  CLI::Option* path(CLI::Option* option);
};

std::vector<CLI::App*> commands_of(CLI::App& app);
/// "--data".
std::vector<std::string> options_of(const CLI::App& command);

}  // namespace baton::cli
