// The whole of Baton inside a program of your own: engine, log and services in one process, as one embeds a database.
//
//   auto baton = baton::Runtime::open({.data = "/var/lib/shop"});
//   (*baton)->add(greeter());
//   (*baton)->deploy({"greeter.contract.yaml", "hello.flow.yaml"});
//   auto id = (*baton)->start("examples/hello", R"({"name": "Ann"})");
//   auto end = (*baton)->wait(*id, std::chrono::seconds(5));       // end->output == {"text": "Hello, Ann"}
//
// What was acknowledged (a deployment, a start, a published event, an end that wait() told) survives a crash; flows go
// on at the next open(). Any thread may call, up to the destructor. Errors are text for people. What goes wrong inside
// (a damaged record, a full disk) is told in log lines: configure_log() of baton/log.h says where.
#pragma once

#include <chrono>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baton/http.h"
#include "baton/service.h"

namespace baton {

enum class FlowStrategy { orchestration, choreography };

/// How a flow instance ended.
struct FlowEnd {
  std::string id;
  std::string status;  ///< "completed", "faulted" or "cancelled"
  std::string output;  ///< JSON: the flow's output, or the problem details of its fault; "null" when cancelled
};

class Runtime {
 public:
  struct Options {
    std::filesystem::path data = {};  ///< folder of the log, made if it is not there; empty: in memory, gone at the end
    int shards = 0;                   ///< threads that run flows; 0: one per core
    int partitions = 4;               ///< of every topic; a data folder keeps the number that it began with
    std::size_t handler_threads = 0;  ///< for the services' handlers; 0: two per core
    std::string http_listen = {};     ///< "127.0.0.1:8080", port 0: any free one; see serve()
  };

  /// Opens the data folder and recovers what it has; one process at a time.
  static Expected<std::unique_ptr<Runtime>> open(Options options);
  ~Runtime();  ///< stop()

  /// Adds a service of this process. Its contract may be deployed before or after. Errors: a service of that name is
  /// there already, or the name is one of Baton's own (orchestrator, monitor, timekeeper).
  Expected<void> add(Service service);

  /// Reads flows and contracts (YAML or JSON), all of them or none: durable when it returns. What is deployed already,
  /// unchanged, is skipped. Errors: every diagnostic, with file, line, JSON pointer and remedy. `strategy`: instead of
  /// the one in the flow files.
  Expected<void> deploy(const std::vector<std::filesystem::path>& files,
                        std::optional<FlowStrategy> strategy = std::nullopt);

  struct StartOptions {
    std::string id = {};  ///< the instance's; "": a new one. A start with an id that is there already starts nothing
    std::string version = {};  ///< of the flow; "": the newest
  };
  /// Starts an instance of "namespace/name" (or of the only flow with this name) with JSON input; returns its id once
  /// that is durable.
  Expected<std::string> start(std::string_view flow, std::string input, StartOptions options);
  Expected<std::string> start(std::string_view flow, std::string input) {
    return start(flow, std::move(input), StartOptions{});
  }

  /// Publishes an event; whoever waits for it, or starts by it, takes it from there. Durable when it returns.
  Expected<Published> publish(std::string_view type, std::string data, PublishOptions options = {});

  /// Blocks until the instance has ended. Nothing: it has not yet, or nobody knows it.
  std::optional<FlowEnd> wait(std::string_view id, std::chrono::milliseconds timeout);

  /// Opens Options::http_listen: the HTTP API, and the routes of the services that were added before. Errors: the
  /// address is taken; it serves already.
  Expected<void> serve();
  /// "127.0.0.1:34567" once it serves.
  std::string http_address() const;

  /// Takes nothing new (an error says so), lets running handlers finish (it waits for one that never returns), syncs,
  /// ends the threads. wait() still tells what ended before. A second call does nothing.
  void stop();

  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

 private:
  struct Impl;
  explicit Runtime(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton
