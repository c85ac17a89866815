#include "cli/demo/http.h"

#include <curl/curl.h>

#include "api/guard.h"

namespace baton::cli {
namespace {

constexpr long kTimeoutMs = 10'000;
constexpr long kSilentSeconds = 60;  // a stream says something every 15
constexpr long kStreamPollMs = 200;  // how soon a stream notices that it is to stop

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, size * count);
  return size * count;
}

// A proxy that the environment names (http_proxy) can't reach what is on this machine only.
void ask_directly_on_loopback(CURL* curl, const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  if (api::is_loopback(api::without_port(rest.substr(0, rest.find_first_of("/?#")))))
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
}

struct Headers {
  curl_slist* list = nullptr;
  explicit Headers(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) list = curl_slist_append(list, line.c_str());
  }
  ~Headers() { curl_slist_free_all(list); }
  Headers(const Headers&) = delete;
  Headers& operator=(const Headers&) = delete;
};

}  // namespace

HttpClient::HttpClient() : curl_(curl_easy_init()) {}
HttpClient::~HttpClient() {
  curl_easy_cleanup(curl_);
}

Result<HttpReply> HttpClient::get(const std::string& url) {
  return run(url, {}, nullptr);
}

Result<HttpReply> HttpClient::post(const std::string& url, const std::string& body,
                                   const std::vector<std::string>& headers) {
  return run(url, headers, &body);
}

namespace {

struct Sink {
  CURL* curl;
  const std::function<void(std::string_view)>& on_bytes;
  HttpReply reply;
  static std::size_t take(char* bytes, std::size_t size, std::size_t count, void* self) {
    Sink& sink = *static_cast<Sink*>(self);
    long status = 0;
    curl_easy_getinfo(sink.curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) sink.on_bytes({bytes, size * count});
    if (status != 200) sink.reply.body.append(bytes, size * count);
    return size * count;
  }
};

}  // namespace

Result<HttpReply> HttpClient::stream(const std::string& url, const std::vector<std::string>& lines,
                                     const std::function<void(std::string_view)>& on_bytes) {
  const Headers headers(lines);
  Sink sink{curl_, on_bytes, {}};
  curl_easy_reset(curl_);
  curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
  ask_directly_on_loopback(curl_, url);
  curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(curl_, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl_, CURLOPT_LOW_SPEED_TIME, kSilentSeconds);
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, Sink::take);
  curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &sink);
  const CURLcode code = curl_easy_perform(curl_);
  if (code != CURLE_OK) return Error{Code::io, url + ": " + curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  sink.reply.status = static_cast<int>(status);
  return std::move(sink.reply);
}

Result<HttpReply> HttpClient::run(const std::string& url, const std::vector<std::string>& lines,
                                  const std::string* body) {
  const Headers headers(lines);
  HttpReply reply;
  curl_easy_reset(curl_);
  curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
  ask_directly_on_loopback(curl_, url);
  curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &reply.body);
  if (body != nullptr) {
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body->c_str());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body->size()));
  }
  const CURLcode code = curl_easy_perform(curl_);
  if (code != CURLE_OK) return Error{Code::io, url + ": " + curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

EventStream::EventStream(std::string url, std::string last_event_id,
                         std::function<void(const std::string&, const std::string&)> on_event)
    : url_(std::move(url)),
      last_event_id_(std::move(last_event_id)),
      on_event_(std::move(on_event)),
      reader_([this](const SseEvent& event) {
        if (event.name.empty()) on_event_(reader_.last_id(), event.data);
      }),
      thread_([this] { run(); }) {}

EventStream::~EventStream() {
  stopping_ = true;
  thread_.join();
}

std::size_t EventStream::on_bytes(char* bytes, std::size_t size, std::size_t count, void* self) {
  static_cast<EventStream*>(self)->reader_.take({bytes, size * count});
  return size * count;
}

void EventStream::run() {
  CURL* curl = curl_easy_init();
  std::vector<std::string> lines = {"Accept: text/event-stream"};
  if (!last_event_id_.empty()) lines.push_back("Last-Event-ID: " + last_event_id_);
  const Headers headers(lines);
  curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
  ask_directly_on_loopback(curl, url_);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  CURLM* multi = curl_multi_init();
  curl_multi_add_handle(multi, curl);
  int running = 1;
  while (running != 0 && !stopping_) {
    if (curl_multi_perform(multi, &running) != CURLM_OK) break;
    if (running != 0) curl_multi_poll(multi, nullptr, 0, kStreamPollMs, nullptr);
  }
  curl_multi_remove_handle(multi, curl);
  curl_multi_cleanup(multi);
  curl_easy_cleanup(curl);
}

}  // namespace baton::cli
