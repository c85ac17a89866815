#include "api/lane.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <vector>

#include "api/session.h"

namespace baton::api {
namespace asio = boost::asio;
namespace {

// Fine enough for the shortest of the limits, and never busy.
Millis tick_for(const ServerOptions& o) {
  const Millis shortest =
      std::min({o.header_timeout_ms, o.body_timeout_ms, o.idle_timeout_ms, o.write_timeout_ms, o.heartbeat_ms});
  return std::clamp<Millis>(shortest / 4, 2, 1000);
}

}  // namespace

Lane::Lane(Shared& shared)
    : shared_(shared), work_(context_.get_executor()), timer_(context_), tick_(tick_for(shared.options)) {}

void Lane::run() {
  timer_.expires_after(std::chrono::milliseconds(tick_));
  tick();
  context_.run();
}

void Lane::tick() {
  timer_.async_wait([this](boost::system::error_code error) {
    if (error || stopping_) return;
    now_ += tick_;
    // A copy: a session whose time is over leaves.
    const std::vector<std::shared_ptr<Session>> sessions(sessions_.begin(), sessions_.end());
    for (const auto& session : sessions) session->tick();
    timer_.expires_at(timer_.expiry() + std::chrono::milliseconds(tick_));
    tick();
  });
}

void Lane::stop() {
  asio::post(context_, [self = shared_from_this()] {
    self->stopping_ = true;
    self->timer_.cancel();
    const std::vector<std::shared_ptr<Session>> sessions(self->sessions_.begin(), self->sessions_.end());
    for (const auto& session : sessions) session->close();
    self->work_.reset();
  });
}

void Lane::wake() {
  if (woken_.exchange(true)) return;
  asio::post(context_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->woken_ = false;
    for (const auto& session : self->sessions_) session->wake();
  });
}

void Lane::take(asio::ip::tcp::socket socket) {
  // The socket belongs to this lane's context already; what remains is to begin on its thread.
  auto session = std::make_shared<Session>(*this, std::move(socket));
  asio::post(context_, [weak = weak_from_this(), session = std::move(session)] {
    const auto self = weak.lock();
    if (!self || self->stopping_) return;
    self->sessions_.insert(session);
    session->start();
  });
}

void Lane::leave(const std::shared_ptr<Session>& session) {
  sessions_.erase(session);
}

const std::string& Lane::date() {
  const Millis second = shared_.clock.now().value / 1000;
  if (second != date_second_) {
    date_second_ = second;
    date_ = http_date(Instant(second * 1000));
  }
  return date_;
}

}  // namespace baton::api
