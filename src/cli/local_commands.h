// The commands that run a Baton in this very process. What they do is wired in serve.cc, demo.cc and bench.cc over
// src/app.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/retention.h"

namespace baton::cli {

struct ServeOptions {
  std::string data;  ///< folder; made when absent
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::size_t shards = 0;               ///< 0: one per core
  std::size_t partitions = 16;          ///< of every topic; a data folder keeps the number that it began with
  std::vector<std::string> documents;   ///< flows and contracts to deploy before serving
  std::optional<std::string> strategy;  ///< for `documents`: "orchestration", "choreography"
  std::optional<std::string> example;   ///< "loan": its services run in this process, its flow is deployed
  std::string example_version = "4";    ///< "1" to "4"
  std::optional<std::string> outbox;    ///< of the example: where its e-mails go; absent: data/loan/outbox
  std::optional<std::string> smtp;      ///< of the example: URL of a server that real e-mails go to
  Retention retention = {};
  std::string log_level = "info";   ///< "debug", "info", "warn", "error", "off"
  std::string log_format = "text";  ///< "text", "json"
};

/// Of verify and repair.
struct CareOptions {
  std::string data;
  bool dry_run = false;  ///< repair: only tell
  bool json = false;
};
struct VerifyOptions : CareOptions {};
struct RepairOptions : CareOptions {};

struct DemoOptions {
  std::string example = "loan";
  std::vector<std::string> strategies;  ///< in this order; default: orchestration, choreography
  std::string version = "4";            ///< of the example: "1" to "4"
  std::uint64_t requests = 200;         ///< loan requests a strategy
  double rate = 40;                     ///< requests per second; 0: as fast as it goes
  std::optional<std::string> data;      ///< a new folder; absent: a temporary one, of which the e-mails stay
  std::optional<std::string> outbox;    ///< where the e-mails go; absent: below the data folder
  std::optional<std::string> smtp;      ///< URL: send real e-mails there instead
  bool keep = false;                    ///< the last server runs on until a signal comes
  bool json = false;
  bool colour = false;  ///< decided by the terminal, NO_COLOR and --color
  bool live = false;    ///< stdout is a terminal: draw; else plain lines
};

struct BenchOptions {
  std::string example = "loan";
  std::string strategy = "orchestration";
  std::string version = "4";
  double seconds = 30;
  std::string measure = "throughput";  ///< throughput, latency, sequential, memory, recovery, disk, idle
  double rate = 1000;                  ///< of `latency`: flows started per second, open loop
  std::uint64_t waiting = 100'000;     ///< of `memory` and `recovery`: instances waiting
  std::size_t shards = 0;
  std::size_t in_flight = 2048;     ///< of `throughput`: flows under way at a time
  std::optional<std::string> flow;  ///< a file: this variation of the loan flow instead of the version's own
  std::string mail = "files";       ///< e-mails: "files", each synced, or "none"
  std::optional<std::string> data;
  bool json = false;  ///< one JSON object on stdout
};

/// Each returns the process's exit code: 0 done, 1 failed (said why on stderr), 2 wrong arguments. serve() ends on
/// SIGINT or SIGTERM.
int serve(const ServeOptions& options);
int demo(const DemoOptions& options);
int bench(const BenchOptions& options);
int verify(const CareOptions& options);
int repair(const CareOptions& options);

}  // namespace baton::cli
