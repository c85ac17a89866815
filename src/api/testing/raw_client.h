// A socket and nothing more: sends exactly the bytes a test wants to send.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace baton::api::testing {

struct RawResponse {
  int status = 0;  ///< 0: the connection ended before a response was complete
  std::string head;
  std::string body;  ///< chunks put together
  std::string header(std::string_view name) const;
};

/// Blocking, with a limit of ten seconds on every wait so that a broken server fails a test instead of hanging it.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool send(std::string_view bytes);
  void end_sending();
  /// The next response, by Content-Length or chunks. `bodiless`: the answer to HEAD.
  RawResponse read(bool bodiless = false);
  /// Reads until `text` has come, and returns all up to its end; "" when the connection ends before.
  std::string read_until(std::string_view text);
  /// The server has closed, and sent nothing more.
  bool at_end();
  /// "POST" … with Host and Content-Length; `headers` end with "\r\n" each.
  RawResponse request(std::string_view method, std::string_view target, std::string_view body = "",
                      std::string_view headers = "");
  static std::string text_of(std::string_view method, std::string_view target, std::string_view body = "",
                             std::string_view headers = "");

 private:
  bool more();
  int socket_ = -1;
  std::string in_;
};

}  // namespace baton::api::testing
