// Another process of this same command: for the demo, which kills it, and for benchmarks.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.h"

namespace baton::cli {

/// Its standard output is read here, its standard error is ours; a Ctrl-C in the terminal is not for it. Destroyed, or
/// when the thread that spawned it ends, however that happens: it is killed.
class Child {
 public:
  /// Runs the executable (this one) with these arguments.
  static Result<Child> spawn(const std::vector<std::string>& arguments,
                             const std::string& executable = "/proc/self/exe");
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  pid_t pid() const { return pid_; }
  /// The next line of its output; nothing when it has ended, or after `most`.
  std::optional<std::string> line(std::chrono::milliseconds most);
  /// It has not ended.
  bool runs();
  /// SIGKILL, and waits for its end.
  void kill();
  /// SIGTERM, and waits for its end; its exit code, or -1 when a signal ended it.
  int stop();

 private:
  Child() = default;
  int wait();
  pid_t pid_ = 0;
  int out_ = -1;
  std::string buffer_;
};

/// A `baton serve` on a free port of the loopback.
struct ServingChild {
  Child process;
  std::string url;  ///< "http://127.0.0.1:34567"
  double start_ms;  ///< from the spawn until it said that it serves
};
Result<ServingChild> spawn_serve(const std::string& data, const std::vector<std::string>& more = {},
                                 const std::string& executable = "/proc/self/exe");

}  // namespace baton::cli
