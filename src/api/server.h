// The HTTP API: Backend behind a socket. What it serves is a table (routes.h), described at /openapi.json; see
// docs/http-api.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "api/backend.h"
#include "base/clock.h"
#include "base/result.h"

namespace baton::api {

struct ServerOptions {
  std::string host = "127.0.0.1";  ///< an address or a name; on loopback Host is checked, too (DNS rebinding)
  std::uint16_t port = 8080;       ///< 0: any free one, see Server::port()
  std::size_t threads = 1;
  std::size_t body_bytes_max = 1u << 20;
  std::size_t header_bytes_max = 16u << 10;
  std::size_t depth_max = 64;          ///< nesting of JSON bodies
  std::size_t connections_max = 4096;  ///< beyond: 503, closed
  std::size_t pipeline_max = 64;       ///< requests of one connection that may wait for their answers
  Millis header_timeout_ms = 10'000;   ///< from a request's first byte to the end of its headers
  Millis body_timeout_ms = 30'000;     ///< from there to the end of its body
  Millis idle_timeout_ms = 75'000;     ///< between requests
  Millis write_timeout_ms = 30'000;    ///< a client that doesn't read
  Millis heartbeat_ms = 15'000;        ///< of event streams
};

/// Thread: its own. start() returns once it listens; stop() (and the destructor) once its threads have ended: requests
/// that are being answered are given up, so stop the server before the backend.
class Server {
 public:
  Server(Backend& backend, const Clock& clock, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Errors: io (the address is taken or can't be bound), invalid (a door's path collides with the API).
  Result<void> start();
  void stop();

  std::uint16_t port() const;  ///< the bound one; 0 before start()
  std::string url() const;     ///< "http://127.0.0.1:8080"
  bool loopback() const;       ///< nobody reaches it from another machine; false before start()

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::api
