// One run of the demo: a server of its own, a load, a SIGKILL, and what became of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "cli/child.h"
#include "cli/demo/http.h"
#include "cli/demo/interruption.h"
#include "cli/demo/screen.h"
#include "cli/demo/story.h"
#include "cli/demo/timeline.h"
#include "cli/local_commands.h"

namespace baton::cli {

/// Where the server is at the moment: it moves when it is killed and started again. Any thread.
class Address {
 public:
  void set(std::string url) {
    const std::lock_guard lock(mutex_);
    url_ = std::move(url);
  }
  std::string get() const {
    const std::lock_guard lock(mutex_);
    return url_;
  }

 private:
  mutable std::mutex mutex_;
  std::string url_;
};

class Run {
 public:
  /// `folder`: its data and, unless told otherwise, its e-mails.
  Run(const DemoOptions& options, Screen& screen, Interruption& interruption, std::string strategy,
      std::filesystem::path folder, bool keeps);

  /// What print_summary() reads. Errors: io; also when a signal has come.
  Result<json::Object> go();
  /// Lets the server of go() run on, and says what can be done with it, until a signal comes. Errors: io.
  Result<void> keep();

 private:
  std::filesystem::path outbox() const;
  Result<void> start_server();
  void send_all();
  void send(HttpClient& http, std::uint64_t index);
  bool pause_until(std::chrono::steady_clock::time_point due) const;
  Result<void> watch();
  Result<void> kill_and_restart();
  Result<void> tell_one_timeline();
  Result<void> tell_who_knows_what();
  json::Object report() const;

  const DemoOptions& options_;
  Screen& screen_;
  Interruption& interruption_;
  const std::string strategy_;
  const std::filesystem::path folder_;
  Story story_;
  Address address_;
  std::optional<ServingChild> server_;
  std::unique_ptr<EventStream> stream_;
  std::atomic<std::uint64_t> acknowledged_ = 0, repeated_ = 0;
  std::atomic<bool> stopping_ = false;
  std::string refusal_;  ///< of a loan request; read when refused_ is set
  std::atomic<bool> refused_ = false;
  double back_after_ms_ = 0;
  const bool keeps_;     ///< the server, for keep()
  std::string example_;  ///< id of the flow that was told
  Traffic traffic_;      ///< of that flow
  std::size_t rules_ = 0;
};

}  // namespace baton::cli
