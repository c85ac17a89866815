#include <boost/asio/post.hpp>

#include "api/problem.h"
#include "api/session.h"
#include "api/sse.h"

namespace baton::api {
namespace {
constexpr std::size_t kPage = 256;
}  // namespace

void Session::begin_stream(Slot& slot) {
  following_ = std::make_unique<Following>();
  following_->stream = *std::move(slot.stream);
  following_->chunked = !slot.http_1_0;
  send(sse_opening());
  const bool silent = following_->stream.first.events.empty();
  send_page(std::move(following_->stream.first));
  if (silent && !following_->over) send(sse_place(following_->stream.first.cursor));
}

void Session::send(const std::string& text) {
  out_ += following_->chunked ? chunk(text) : text;
  following_->beat = lane_.deadline(lane_.shared().options.heartbeat_ms);
}

void Session::send_page(FollowPage page) {
  Following& f = *following_;
  std::string text = page.gap ? sse_note("gap") : "";
  for (const std::string& what : page.lost) text += sse_lost(what);
  for (const Followed& event : page.events) text += sse_event(event);
  f.over = !page.more && (f.stream.until_now || (f.stream.until_ended && page.ended));
  if (f.over && f.stream.until_now) text += sse_place(page.cursor);
  if (f.over) text += sse_note("end");
  if (!text.empty()) send(text);
  if (f.over && f.chunked) out_ += kLastChunk;
  closing_ = f.over;
  f.dirty |= page.more;
  page.events.clear();
  f.stream.first = std::move(page);
}

/// Said on the stream, not only by its end: a client that comes back by itself would ask for ever.
void Session::end_with(const Error& error) {
  Following& f = *following_;
  send(sse_error(problem_of(error, "the stream of events").body));
  if (f.chunked) out_ += kLastChunk;
  f.over = true;
  closing_ = true;
  write();
}

/// The monitor learns of an instance's end a moment after the event that ends it, and nothing wakes for that.
void Session::look_for_end() {
  if (!following_ || following_->over || !following_->stream.until_ended) return;
  wake();
}

void Session::beat() {
  if (!following_ || following_->over || following_->polling || write_pending_ || lane_.now() < following_->beat)
    return;
  send(sse_heartbeat(following_->stream.first.cursor));
  write();
}

void Session::wake() {
  if (!following_ || following_->over) return;
  following_->dirty = true;
  if (!write_pending_) go_on();
}

void Session::go_on() {
  if (following_->dirty && !following_->polling && !following_->over) poll();
}

void Session::poll() {
  Following& f = *following_;
  f.polling = true;
  f.dirty = false;
  // Posted, never called from within: a backend that answers at once must not make this a recursion.
  auto done = [lane = lane_.shared_from_this(), weak = weak_from_this()](Result<FollowPage> page) {
    boost::asio::post(lane->context(), [weak, page = std::move(page)]() mutable {
      if (const auto self = weak.lock()) self->on_page(std::move(page));
    });
  };
  lane_.shared().backend.poll(f.stream.first.next, f.stream.filter, kPage, std::move(done));
}

void Session::on_page(Result<FollowPage> page) {
  following_->polling = false;
  if (!open_) return;
  if (!page) return end_with(page.error());
  send_page(*std::move(page));
  if (out_.empty()) return go_on();
  write();
}

}  // namespace baton::api
