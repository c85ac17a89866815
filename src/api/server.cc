#include "api/server.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "api/guard.h"
#include "api/lane.h"
#include "api/problem.h"
#include "base/assert.h"

namespace baton::api {
namespace asio = boost::asio;
using tcp = asio::ip::tcp;
namespace {

Result<tcp::endpoint> resolve(const std::string& host, std::uint16_t port) {
  boost::system::error_code error;
  if (const auto address = asio::ip::make_address(host, error); !error) return tcp::endpoint(address, port);
  asio::io_context context;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, std::to_string(port), error);
  if (error || found.empty())
    return Error{Code::io, "'" + host + "' is no address of this machine: " + error.message() +
                               ". Use 127.0.0.1, or 0.0.0.0 for all"};
  for (const auto& entry : found) {
    if (entry.endpoint().address().is_v4()) return entry.endpoint();
  }
  return found.begin()->endpoint();
}

Result<void> listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  boost::system::error_code error;
  const auto failed = [&](const char* what) {
    return Error{Code::io, std::string(what) + " " + endpoint.address().to_string() + ":" +
                               std::to_string(endpoint.port()) + ": " + error.message() +
                               (error == asio::error::address_in_use
                                    ? ". Another server uses it: stop that one, or choose another port"
                                    : "")};
  };
  if (acceptor.open(endpoint.protocol(), error); error) return failed("opening a socket for");
  if (acceptor.set_option(tcp::acceptor::reuse_address(true), error); error) return failed("preparing the socket for");
  if (acceptor.bind(endpoint, error); error) return failed("listening on");
  if (acceptor.listen(asio::socket_base::max_listen_connections, error); error) return failed("listening on");
  return {};
}

}  // namespace

struct Server::Impl {
  Impl(Backend& b, const Clock& c, ServerOptions o)
      : backend(b), options(std::move(o)), router(Context{b, c, options, doors}), shared{options, c, b, router} {}

  void accept();
  void on_accepted(boost::system::error_code error, tcp::socket socket, std::size_t lane);
  void turn_away(tcp::socket socket);

  Backend& backend;
  const ServerOptions options;
  std::vector<Door> doors;
  Router router;
  Shared shared;
  std::vector<std::shared_ptr<Lane>> lanes;
  std::optional<tcp::acceptor> acceptor;  // on the first lane's thread
  std::optional<asio::steady_timer> accept_again;
  std::size_t next_lane = 0;
  std::unique_ptr<Subscription> subscription;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;
};

void Server::Impl::accept() {
  const std::size_t lane = next_lane++ % lanes.size();
  acceptor->async_accept(lanes[lane]->context(), [this, lane](boost::system::error_code error, tcp::socket socket) {
    on_accepted(error, std::move(socket), lane);
  });
}

void Server::Impl::on_accepted(boost::system::error_code error, tcp::socket socket, std::size_t lane) {
  if (error == asio::error::operation_aborted || !acceptor->is_open()) return;
  if (error) {  // out of descriptors, most likely: those in use must end first
    accept_again->expires_after(std::chrono::milliseconds(100));
    accept_again->async_wait([this](boost::system::error_code stopped) {
      if (!stopped) accept();
    });
    return;
  }
  if (shared.connections >= options.connections_max) {
    turn_away(std::move(socket));
  } else {
    lanes[lane]->take(std::move(socket));
  }
  accept();
}

void Server::Impl::turn_away(tcp::socket socket) {
  std::string bytes;
  write_response(bytes,
                 problem("too-many-connections", "This server takes " + std::to_string(options.connections_max) +
                                                     " connections. Try again later, or close idle ones."),
                 {lanes[0]->date(), false, true, false});
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(bytes), ignored);  // it fits: the socket's buffer is empty yet
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

Server::Server(Backend& backend, const Clock& clock, ServerOptions options)
    : impl_(std::make_unique<Impl>(backend, clock, std::move(options))) {}

Server::~Server() {
  stop();
}

Result<void> Server::start() {
  Impl& s = *impl_;
  BATON_ASSERT(s.lanes.empty());
  s.doors = s.backend.doors();
  BATON_CHECK(s.router.open());
  BATON_TRY(const tcp::endpoint endpoint, resolve(s.options.host, s.options.port));
  s.shared.loopback = endpoint.address().is_loopback();
  const std::size_t count = std::max<std::size_t>(1, s.options.threads);
  for (std::size_t i = 0; i < count; ++i) s.lanes.push_back(std::make_shared<Lane>(s.shared));
  s.acceptor.emplace(s.lanes[0]->context());
  s.accept_again.emplace(s.lanes[0]->context());
  BATON_CHECK(listen(*s.acceptor, endpoint));
  boost::system::error_code error;
  s.port = s.acceptor->local_endpoint(error).port();
  s.subscription = s.backend.subscribe([lanes = s.lanes] {
    for (const auto& lane : lanes) lane->wake();
  });
  s.accept();
  for (const auto& lane : s.lanes) s.threads.emplace_back([lane] { lane->run(); });
  return {};
}

void Server::stop() {
  Impl& s = *impl_;
  if (s.threads.empty()) return;
  s.subscription.reset();
  asio::post(s.lanes[0]->context(), [&s] {
    boost::system::error_code ignored;
    s.acceptor->close(ignored);
    s.accept_again->cancel();
  });
  for (const auto& lane : s.lanes) lane->stop();
  for (std::thread& thread : s.threads) thread.join();
  s.threads.clear();
  s.acceptor.reset();
  s.accept_again.reset();
}

std::uint16_t Server::port() const {
  return impl_->port;
}

bool Server::loopback() const {
  return impl_->shared.loopback;
}

std::string Server::url() const {
  const std::string& host = impl_->options.host;
  const bool six = host.find(':') != std::string::npos;
  return "http://" + (six ? "[" + host + "]" : host) + ":" + std::to_string(impl_->port);
}

}  // namespace baton::api
