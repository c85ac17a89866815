#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <cstdio>

#include "api/server.h"
#include "app/backend.h"
#include "app/files.h"
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

int failed(const std::string& text) {
  fmt::print(stderr, "baton serve: {}\n", text);
  return 1;
}

Result<void> deploy_files(app::Node& node, const ServeOptions& options) {
  if (options.documents.empty()) return {};
  std::optional<flow::Strategy> strategy;
  if (options.strategy)
    strategy = *options.strategy == "orchestration" ? flow::Strategy::orchestration : flow::Strategy::choreography;
  BATON_TRY(const auto documents, app::read_documents({options.documents.begin(), options.documents.end()}));
  BATON_TRY(const app::DeployResult result, node.deploy(documents, strategy));
  for (const flow::Diagnostic& d : result.diagnostics) fmt::print(stderr, "{}\n", flow::to_text(d));
  if (!result.accepted()) return invalid("the documents have errors; nothing was deployed");
  return {};
}

Result<void> run_example(app::Node& node, const ServeOptions& options) {
  if (!options.example) return {};
  LoanSystemOptions loan;
  loan.data = options.data;
  if (options.outbox) loan.outbox = *options.outbox;
  if (options.smtp) loan.smtp = *options.smtp;
  BATON_CHECK(add_loan_services(node, loan));
  return deploy_loan(node, std::stoi(options.example_version), options.strategy.value_or("choreography"));
}

}  // namespace

int serve(const ServeOptions& options) {
  const sigset_t signals = block_signals();
  app::NodeOptions node_options;
  node_options.data = options.data;
  node_options.shards = options.shards;
  node_options.partitions = static_cast<std::int32_t>(options.partitions);
  node_options.retention = options.retention;
  Starting starting(options.host, options.port);
  node_options.on_progress = [&](const log::Progress& progress) { starting.tell(progress); };
  auto opened = app::Node::open(node_options);
  const std::uint16_t port = starting.stop();
  if (!opened) return failed(opened.error_text());
  app::Node& node = **opened;
  if (const auto done = run_example(node, options); !done) return failed(done.error_text());
  if (const auto done = deploy_files(node, options); !done) return failed(done.error_text());
  node.start();

  const auto backend = app::make_backend(node);
  api::ServerOptions server_options;
  server_options.host = options.host;
  server_options.port = port;
  api::Server server(*backend, node.clock(), server_options);
  if (const auto started = server.start(); !started) return failed(started.error_text());
  fmt::print("baton is serving on {} (data in {})\n", server.url(), options.data);
  (void)std::fflush(stdout);

  int signal_number = 0;
  sigwait(&signals, &signal_number);
  fmt::print("baton: {}, stopping\n", signal_number == SIGINT ? "interrupted" : "asked to end");
  server.stop();
  node.stop();
  return 0;
}

}  // namespace baton::cli
