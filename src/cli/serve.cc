#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "api/server.h"
#include "app/backend.h"
#include "app/files.h"
#include "baton/log.h"
#include "cli/loan_system.h"
#include "cli/local_commands.h"
#include "cli/starting.h"

namespace baton::cli {
namespace {

// SIGINT and SIGTERM are taken by sigwait() in this thread, so they must be blocked before any other thread begins.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

/// The lines of serve itself: for people on the standard streams, or log lines with all others.
class Voice {
 public:
  explicit Voice(bool json) : json_(json) {}
  void say(const std::string& text) const {
    if (json_) return write_log(LogLevel::info, "baton", text);
    fmt::print("baton {}\n", text);
    (void)std::fflush(stdout);
  }
  int failed(const std::string& text) const {
    if (json_) write_log(LogLevel::error, "baton", text);
    if (!json_) fmt::print(stderr, "baton serve: {}\n", text);
    return 1;
  }
  void tell(const flow::Diagnostic& d) const {
    if (!json_) return fmt::print(stderr, "{}\n", flow::to_text(d));
    write_log(d.severity == flow::Severity::error ? LogLevel::error : LogLevel::warn, "baton", flow::to_text(d));
  }

 private:
  bool json_;
};

LogLevel level_of(const std::string& name) {
  constexpr std::array kLevels = {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error, LogLevel::off};
  constexpr std::array<std::string_view, kLevels.size()> kNames = {"debug", "info", "warn", "error", "off"};
  const auto* found = std::ranges::find(kNames, name);
  return found == kNames.end() ? LogLevel::info : kLevels[static_cast<std::size_t>(found - kNames.begin())];
}

/// A start never changes which version of a flow is active, unless it brings one that was not known.
void tell_inactive(const app::Node& node, const app::DeployResult& result) {
  std::map<std::string, std::string> inactive;
  for (const auto& program : result.flows) inactive.insert_or_assign(program->full_name(), program->version);
  for (const auto& [flow, version] : inactive) {
    const std::string active = node.deployments().active_version(flow);
    if (active == version) continue;
    write_log(LogLevel::info, "baton",
              fmt::format("{} {} was deployed before and stays as it is; {} is active. `baton deploy` changes that",
                          flow, version, active));
  }
}

Result<void> deploy_files(app::Node& node, const ServeOptions& options, const Voice& voice) {
  if (options.documents.empty()) return {};
  std::optional<flow::Strategy> strategy;
  if (options.strategy)
    strategy = *options.strategy == "orchestration" ? flow::Strategy::orchestration : flow::Strategy::choreography;
  BATON_TRY(const auto documents, app::read_documents({options.documents.begin(), options.documents.end()}));
  BATON_TRY(const app::DeployResult result, node.deploy(documents, strategy, app::Known::stay));
  for (const flow::Diagnostic& d : result.diagnostics) voice.tell(d);
  if (!result.accepted()) return invalid("the documents have errors; nothing was deployed");
  tell_inactive(node, result);
  return {};
}

Result<void> run_example(app::Node& node, const ServeOptions& options) {
  if (!options.example) return {};
  LoanSystemOptions loan;
  loan.data = options.data;
  if (options.outbox) loan.outbox = *options.outbox;
  if (options.smtp) loan.smtp = *options.smtp;
  BATON_CHECK(add_loan_services(node, loan));
  BATON_TRY(const app::DeployResult result,
            deploy_loan(node, std::stoi(options.example_version), options.strategy.value_or("choreography")));
  tell_inactive(node, result);
  return {};
}

}  // namespace

int serve(const ServeOptions& options) {
  const sigset_t signals = block_signals();
  const Voice voice(options.log_format == "json");
  configure_log({.level = level_of(options.log_level), .json = options.log_format == "json"});
  app::NodeOptions node_options;
  node_options.data = options.data;
  node_options.shards = options.shards;
  node_options.partitions = static_cast<std::int32_t>(options.partitions);
  node_options.retention = options.retention;
  Starting starting(options.host, options.port);
  node_options.on_progress = [&](const log::Progress& progress) { starting.tell(progress); };
  auto opened = app::Node::open(node_options);
  const std::uint16_t port = starting.stop();
  if (!opened) return voice.failed(opened.error_text());
  app::Node& node = **opened;
  if (const auto done = run_example(node, options); !done) return voice.failed(done.error_text());
  if (const auto done = deploy_files(node, options, voice); !done) return voice.failed(done.error_text());
  node.start();

  const auto backend = app::make_backend(node);
  api::ServerOptions server_options;
  server_options.host = options.host;
  server_options.port = port;
  api::Server server(*backend, node.clock(), server_options);
  if (const auto started = server.start(); !started) return voice.failed(started.error_text());
  voice.say(fmt::format("is serving on {} (data in {})", server.url(), options.data));
  if (!server.loopback()) {
    write_log(LogLevel::warn, "baton",
              "there is no authentication, and " + server.url() +
                  " is not loopback: whoever reaches it may do everything. Listen on 127.0.0.1, or let nobody through "
                  "but a proxy that knows who asks");
  }

  int signal_number = 0;
  sigwait(&signals, &signal_number);
  voice.say(signal_number == SIGINT ? "was interrupted and stops" : "was asked to end and stops");
  server.stop();
  node.stop();
  return 0;
}

}  // namespace baton::cli
