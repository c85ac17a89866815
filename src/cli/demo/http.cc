#include "cli/demo/http.h"

#include <curl/curl.h>

#include "api/guard.h"

namespace baton::cli {
namespace {

constexpr long kTimeoutMs = 10'000;
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
      thread_([this] { run(); }) {}

EventStream::~EventStream() {
  stopping_ = true;
  thread_.join();
}

std::size_t EventStream::on_bytes(char* bytes, std::size_t size, std::size_t count, void* self) {
  static_cast<EventStream*>(self)->take({bytes, size * count});
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

void EventStream::take(std::string_view chunk) {
  pending_.append(chunk);
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = pending_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    std::string_view text(pending_.data() + begin, end - begin);
    if (text.ends_with('\r')) text.remove_suffix(1);
    line(text);
  }
  pending_.erase(0, begin);
}

void EventStream::line(std::string_view text) {
  const auto value_of = [&](std::string_view field) {
    std::string_view value = text.substr(field.size());
    if (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  };
  if (text.starts_with("id:")) {
    id_ = value_of("id:");
  } else if (text.starts_with("data:")) {
    if (!data_.empty()) data_ += '\n';
    data_ += value_of("data:");
  } else if (text.empty() && !data_.empty()) {
    on_event_(id_, data_);
    data_.clear();
  }
}

}  // namespace baton::cli
