// What answers while the log is still being opened, where that takes long.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "api/server.h"
#include "log/local/local.h"

namespace baton::cli {

/// Says how far it is: a log line now and then, and after the first second a server on the address that
/// the real one will have, whose /readyz tells it (503) and which answers everything else with 503. Thread: one; the
/// server's threads ask too.
class Starting {
 public:
  Starting(std::string host, std::uint16_t port);
  ~Starting();
  Starting(const Starting&) = delete;
  Starting& operator=(const Starting&) = delete;

  void tell(const log::Progress& progress);
  /// The server ends. The port that it had, or the one asked for.
  std::uint16_t stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::cli
