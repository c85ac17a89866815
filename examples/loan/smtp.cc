#include <curl/curl.h>

#include <cstring>
#include <mutex>

#include "loan/delivery.h"

namespace loan {
namespace {

constexpr long kConnectMs = 5'000;
constexpr long kSendMs = 30'000;

struct Upload {
  std::string_view rest;
};

std::size_t read_upload(char* to, std::size_t size, std::size_t count, void* state) {
  std::string_view& rest = static_cast<Upload*>(state)->rest;
  const std::size_t n = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), n);
  rest.remove_prefix(n);
  return n;
}

class Smtp final : public Delivery {
 public:
  explicit Smtp(std::string url) : url_(std::move(url)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    curl_ = curl_easy_init();
  }
  Smtp(const Smtp&) = delete;
  Smtp& operator=(const Smtp&) = delete;
  ~Smtp() override { curl_easy_cleanup(curl_); }

  std::vector<Delivered> deliver(const std::vector<Letter>& letters) override {
    std::vector<Delivered> results;
    for (const Letter& letter : letters) results.push_back(send(letter));
    return results;
  }

 private:
  Delivered send(const Letter& letter) {
    if (curl_ == nullptr) return std::unexpected(baton::Failure{"libcurl gives no handle", true, 503, "", ""});
    const std::string from = "<" + letter.from + ">";
    curl_slist* recipients = curl_slist_append(nullptr, ("<" + letter.to + ">").c_str());
    Upload upload{letter.text};
    char error[CURL_ERROR_SIZE] = "";
    curl_easy_reset(curl_);  // keeps the connection
    curl_easy_setopt(curl_, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(curl_, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl_, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl_, CURLOPT_READFUNCTION, read_upload);
    curl_easy_setopt(curl_, CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl_, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, kSendMs);
    curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, error);
    const CURLcode code = curl_easy_perform(curl_);
    long answer = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &answer);
    curl_slist_free_all(recipients);
    if (code == CURLE_OK) return {};
    // 5xx: the server will not take this letter, ever (RFC 5321, 4.2.1). Anything else may be better the next time.
    const bool transient = answer < 500;
    const std::string words = error[0] != '\0' ? error : curl_easy_strerror(code);
    return std::unexpected(
        baton::Failure{"e-mail to " + letter.to + ": " + words, transient, transient ? 503 : 422, "", ""});
  }

  const std::string url_;
  CURL* curl_ = nullptr;
};

}  // namespace

std::unique_ptr<Delivery> make_smtp(std::string url) {
  return std::make_unique<Smtp>(std::move(url));
}

}  // namespace loan
