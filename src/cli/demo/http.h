// HTTP as commands and the demo need it: requests on one kept-alive connection, and an event stream.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/sse.h"

namespace baton::cli {

struct HttpReply {
  int status = 0;
  std::string body;
};

/// One thread at a time.
class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  /// Errors: io (nobody answers); an HTTP status is no error.
  Result<HttpReply> get(const std::string& url);
  Result<HttpReply> post(const std::string& url, const std::string& body, const std::vector<std::string>& headers);
  /// GET of what may go on for ever: the body of a 200 goes to `on_bytes` as it comes. Errors: io (also: cut off, or
  /// silent for a minute).
  Result<HttpReply> stream(const std::string& url, const std::vector<std::string>& headers,
                           const std::function<void(std::string_view)>& on_bytes);

 private:
  Result<HttpReply> run(const std::string& url, const std::vector<std::string>& headers, const std::string* body);
  void* curl_;
};

/// Server-sent events (HTML Living Standard, 9.2), read on a thread of its own.
class EventStream {
 public:
  /// `on_event(id, data)` is called on that thread for every event until the stream is destroyed or the server goes
  /// away.
  EventStream(std::string url, std::string last_event_id,
              std::function<void(const std::string& id, const std::string& data)> on_event);
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

 private:
  void run();
  static std::size_t on_bytes(char* bytes, std::size_t size, std::size_t count, void* self);

  std::string url_;
  std::string last_event_id_;
  std::function<void(const std::string&, const std::string&)> on_event_;
  SseReader reader_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace baton::cli
