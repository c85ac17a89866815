#include "api/session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>

#include "api/guard.h"
#include "api/problem.h"

namespace baton::api {
namespace asio = boost::asio;
namespace {
constexpr std::size_t kReadBytes = 16u << 10;
constexpr std::size_t kDiscardBytesMax = 16u << 20;
}  // namespace

Session::Session(Lane& lane, asio::ip::tcp::socket socket)
    : lane_(lane),
      socket_(std::move(socket)),
      parser_(lane.shared().options.header_bytes_max, lane.shared().options.body_bytes_max) {
  ++lane_.shared().connections;
}
Session::~Session() = default;

void Session::start() {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  update_read_deadline();
  read();
}

void Session::close() {
  if (!open_) return;
  open_ = false;
  --lane_.shared().connections;
  boost::system::error_code ignored;
  socket_.close(ignored);
  lane_.leave(shared_from_this());
}

void Session::read() {
  const bool held = reading_ == Reading::requests && slots_.size() >= lane_.shared().options.pipeline_max;
  if (!open_ || read_pending_ || held) return;
  read_pending_ = true;
  const std::size_t before = in_.size();
  in_.resize(before + kReadBytes);
  socket_.async_read_some(asio::buffer(in_.data() + before, kReadBytes),
                          [self = shared_from_this(), before](boost::system::error_code error, std::size_t bytes) {
                            self->read_pending_ = false;
                            self->in_.resize(before + bytes);
                            if (!self->open_) return;
                            // A client may close its half once it has sent all: what it asked for is still answered.
                            const bool half = error == asio::error::eof &&
                                              (!self->slots_.empty() || self->write_pending_) && !self->following_;
                            if (error && half) return self->end_reading();
                            if (error) return self->close();
                            self->on_read(bytes);
                          });
}

void Session::on_read(std::size_t bytes) {
  if (reading_ != Reading::requests) {
    in_.clear();
    discarded_ += bytes;
    return discarded_ > kDiscardBytesMax ? close() : read();
  }
  pump();
}

void Session::pump() {
  // While a read is under way, all that can be parsed has been: what is left in in_ is the beginning of something.
  for (std::size_t before = in_.size() + 1; !read_pending_ && open_ && !in_.empty() && in_.size() < before;) {
    before = in_.size();
    parse();
    flush();
  }
  update_read_deadline();
  read();
}

void Session::parse() {
  parsing_ = true;
  std::size_t used = 0;
  while (open_ && used < in_.size() && reading_ == Reading::requests &&
         slots_.size() < lane_.shared().options.pipeline_max) {
    const std::size_t taken = parser_.feed(std::string_view(in_).substr(used));
    used += taken;
    if (parser_.state() == RequestParser::State::failed) {
      refuse(parser_.refusal());
    } else if (parser_.state() == RequestParser::State::done) {
      dispatch(parser_.take());
    } else {
      if (parser_.take_expectation()) {
        slots_.push_back({.ready = true, .bytes = "HTTP/1.1 100 Continue\r\n\r\n"});
      }
      if (taken == 0) break;
    }
  }
  in_.erase(0, used);
  parsing_ = false;
}

void Session::dispatch(Request request) {
  deadline_of_ = RequestParser::State::done;
  Slot slot;
  slot.head_only = request.method == "HEAD";
  slot.http_1_0 = request.http_1_0;
  slot.close = !request.keep_alive;
  if (slot.close) reading_ = Reading::discard;
  const std::uint64_t number = first_slot_ + slots_.size();
  slots_.push_back(std::move(slot));
  if (auto refusal = guard(request, lane_.shared().loopback)) return complete(number, *std::move(refusal));
  // The answer comes from any thread, perhaps when the connection, or the whole server, is gone: it holds the lane and
  // nothing else.
  lane_.shared().router.handle(
      std::move(request), [lane = lane_.shared_from_this(), weak = weak_from_this(), number](Response response) {
        asio::dispatch(lane->context(), [weak, number, response = std::move(response)]() mutable {
          if (const auto self = weak.lock()) self->complete(number, std::move(response));
        });
      });
}

void Session::refuse(Response response) {
  slots_.push_back({});
  reading_ = Reading::discard;
  complete(first_slot_ + slots_.size() - 1, std::move(response));
}

void Session::end_reading() {
  reading_ = Reading::discard;
  read_deadline_ = 0;
  if (!slots_.empty()) slots_.back().close = true;
  if (slots_.empty()) closing_ = true;
}

void Session::update_read_deadline() {
  const ServerOptions& options = lane_.shared().options;
  using State = RequestParser::State;
  const State state = parser_.state();
  if (reading_ == Reading::lingering) return;
  if (reading_ != Reading::requests || (state == State::idle && !slots_.empty())) {
    read_deadline_ = 0;
    deadline_of_ = State::done;
    return;
  }
  if (deadline_of_ == state) return;  // set when this part began; a byte now and then does not move it
  deadline_of_ = state;
  const Millis timeout = state == State::idle     ? options.idle_timeout_ms
                         : state == State::header ? options.header_timeout_ms
                                                  : options.body_timeout_ms;
  read_deadline_ = lane_.deadline(timeout);
}

void Session::tick() {
  const Millis now = lane_.now();
  if (write_deadline_ != 0 && now >= write_deadline_) return close();
  beat();
  look_for_end();
  if (read_deadline_ == 0 || now < read_deadline_) return;
  if (reading_ == Reading::lingering || parser_.state() == RequestParser::State::idle) return close();
  const bool header = parser_.state() == RequestParser::State::header;
  Response response = problem(
      "request-timeout", std::string("The request's ") + (header ? "header" : "body") + " did not arrive in time.");
  response.close = true;
  read_deadline_ = 0;
  refuse(std::move(response));
  flush();
}

}  // namespace baton::api
