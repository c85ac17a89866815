// Server-sent events (HTML Living Standard, 9.2) out of bytes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace baton::cli {

struct SseEvent {
  std::string name;  ///< "": a message
  std::string data;
};

class SseReader {
 public:
  /// `on_event` is called, within take(), for every event that has data.
  explicit SseReader(std::function<void(const SseEvent&)> on_event) : on_event_(std::move(on_event)) {}
  void take(std::string_view bytes);
  /// What a client that comes back sends as Last-Event-ID; "": none yet.
  const std::string& last_id() const { return id_; }
  /// Another connection begins: what is half read goes.
  void begin();

 private:
  void line(std::string_view text);
  std::function<void(const SseEvent&)> on_event_;
  std::string pending_;
  std::string id_;
  SseEvent event_;
};

}  // namespace baton::cli
