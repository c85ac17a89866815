#include "api/testing/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace baton::api::testing {

std::string RawResponse::header(std::string_view name) const {
  const std::size_t at = head.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval limit{10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  BATON_ASSERT(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

RawClient::~RawClient() {
  ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::end_sending() {
  ::shutdown(socket_, SHUT_WR);
}

bool RawClient::more() {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  in_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

std::string RawClient::read_until(std::string_view text) {
  std::size_t at = 0, seen = 0;
  while ((at = in_.find(text, seen)) == std::string::npos) {
    seen = in_.size() - std::min(in_.size(), text.size());
    if (!more()) return "";
  }
  std::string out = in_.substr(0, at + text.size());
  in_.erase(0, out.size());
  return out;
}

bool RawClient::at_end() {
  return in_.empty() && !more();
}

RawResponse RawClient::read(bool bodiless) {
  RawResponse response;
  const std::string head = read_until("\r\n\r\n");
  if (head.size() < 12) return response;
  response.head = head;
  if (!bodiless && response.header("Transfer-Encoding") == "chunked") {
    for (;;) {
      const std::string size = read_until("\r\n");
      const std::size_t bytes = std::strtoul(size.c_str(), nullptr, 16);
      while (in_.size() < bytes + 2) {
        if (!more()) return response;
      }
      response.body += in_.substr(0, bytes);
      in_.erase(0, bytes + 2);
      if (bytes == 0) break;
    }
  } else if (!bodiless) {
    const std::size_t bytes = std::strtoul(response.header("Content-Length").c_str(), nullptr, 10);
    while (in_.size() < bytes) {
      if (!more()) return response;
    }
    response.body = in_.substr(0, bytes);
    in_.erase(0, bytes);
  }
  response.status = std::stoi(head.substr(9, 3));
  return response;
}

std::string RawClient::text_of(std::string_view method, std::string_view target, std::string_view body,
                               std::string_view headers) {
  std::string text =
      std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers);
  if (!body.empty() || method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

RawResponse RawClient::request(std::string_view method, std::string_view target, std::string_view body,
                               std::string_view headers) {
  send(text_of(method, target, body, headers));
  return read(method == "HEAD");
}

}  // namespace baton::api::testing
