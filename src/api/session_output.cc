#include <boost/asio/buffer.hpp>

#include "api/session.h"

namespace baton::api {
namespace asio = boost::asio;
namespace {
constexpr std::size_t kWriteBytes = 64u << 10;
constexpr std::size_t kKeptBytes = 256u << 10;
constexpr Millis kLingerMs = 2000;
}  // namespace

void Session::complete(std::uint64_t number, Response response) {
  if (!open_ || number < first_slot_ || number - first_slot_ >= slots_.size()) return;  // it left meanwhile
  Slot& slot = slots_[number - first_slot_];
  if (slot.ready) return;
  fill(slot, std::move(response));
  if (parsing_) return;  // pump() flushes
  flush();
  pump();
}

void Session::fill(Slot& slot, Response response) {
  slot.close |= response.close || (response.stream && slot.head_only);
  const bool last = slot.close || response.stream;
  write_response(slot.bytes, response, {lane_.date(), slot.head_only, last, slot.http_1_0});
  if (!slot.head_only) slot.stream = std::move(response.stream);
  slot.ready = true;
}

void Session::flush() {
  if (write_pending_ || !open_ || following_ || closing_) return;
  while (!slots_.empty() && slots_.front().ready && out_.size() < kWriteBytes) {
    Slot slot = std::move(slots_.front());
    slots_.pop_front();
    ++first_slot_;
    if (out_.empty()) {
      out_ = std::move(slot.bytes);
    } else {
      out_ += slot.bytes;
    }
    if (!slot.close && !slot.stream) continue;
    reading_ = Reading::discard;  // what else was asked on this connection is not answered
    first_slot_ += slots_.size();
    slots_.clear();
    closing_ = slot.close && !slot.stream;
    if (slot.stream) begin_stream(slot);
  }
  write();
}

void Session::write() {
  if (out_.empty() || !open_ || write_pending_) return;
  write_pending_ = true;
  write_deadline_ = lane_.deadline(lane_.shared().options.write_timeout_ms);
  socket_.async_write_some(asio::buffer(out_.data() + out_offset_, out_.size() - out_offset_),
                           [self = shared_from_this()](boost::system::error_code error, std::size_t bytes) {
                             self->write_pending_ = false;
                             if (!self->open_) return;
                             if (error) return self->close();
                             self->on_written(bytes);
                           });
}

void Session::on_written(std::size_t bytes) {
  out_offset_ += bytes;
  if (out_offset_ < out_.size()) return write();
  out_.clear();
  if (out_.capacity() > kKeptBytes) out_.shrink_to_fit();
  out_offset_ = 0;
  write_deadline_ = 0;
  if (closing_) return linger();
  if (following_) return go_on();
  flush();
  pump();
}

// Closing at once, with bytes of the client still on their way, would reset the connection and take the last answer
// with it (RFC 9112, 9.6).
void Session::linger() {
  boost::system::error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return close();
  reading_ = Reading::lingering;
  read_deadline_ = lane_.deadline(kLingerMs);
  read();
}

}  // namespace baton::api
