// A lane is one thread of the server with the connections that belong to it.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <set>
#include <string>

#include "api/routes.h"

namespace baton::api {

class Session;

/// What all lanes share. Outlives them.
struct Shared {
  const ServerOptions& options;
  const Clock& clock;
  Backend& backend;
  const Router& router;
  bool loopback = true;
  std::atomic<std::size_t> connections = 0;
};

/// Thread: its own, except post-like calls (take, wake, stop) from any. Late answers of the backend keep it alive, and
/// nothing else of the server.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  explicit Lane(Shared& shared);

  boost::asio::io_context& context() { return context_; }
  Shared& shared() { return shared_; }

  void run();  ///< the thread's function; returns after stop()
  void stop();
  void wake();  ///< there may be something new for the event streams
  void take(boost::asio::ip::tcp::socket socket);

  void leave(const std::shared_ptr<Session>& session);
  /// Milliseconds since the lane started, coarse: it moves by ticks.
  Millis now() const { return now_; }
  /// `timeout` from now, never early.
  Millis deadline(Millis timeout) const { return now_ + timeout + tick_; }
  const std::string& date();

 private:
  void tick();
  Shared& shared_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  const Millis tick_;
  Millis now_ = 0;
  bool stopping_ = false;
  std::atomic<bool> woken_ = false;
  std::set<std::shared_ptr<Session>> sessions_;
  Millis date_second_ = -1;
  std::string date_;
};

}  // namespace baton::api
