#include "api/parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <utility>

#include "api/problem.h"
#include "base/assert.h"

namespace baton::api {
namespace http = boost::beast::http;

namespace {

// Where a body ends must be beyond doubt: who passed this on may have read it another way, and what is body to one is
// the next request to the other (RFC 9112, 6.1, 6.3 and 11.2). Beast refuses some of it and passes over the rest.
std::optional<std::pair<std::string_view, std::string>> wrong_framing(const event::HttpHeaders& headers,
                                                                      bool http_1_1) {
  std::string codings;
  std::size_t lengths = 0;
  bool coded = false;
  for (const auto& [name, value] : headers) {
    if (equal_without_case(name, "Transfer-Encoding")) codings += (std::exchange(coded, true) ? "," : "") + value;
    if (equal_without_case(name, "Content-Length"))
      lengths += 1 + static_cast<std::size_t>(std::ranges::count(value, ','));
  }
  const auto malformed = [](std::string detail) {
    return std::pair(std::string_view("malformed-request"), std::move(detail));
  };
  if (lengths > 1) return malformed("Content-Length is given " + std::to_string(lengths) + " times. Send it once.");
  if (!coded || (http_1_1 && lengths == 0 && equal_without_case(codings, "chunked"))) return std::nullopt;
  if (lengths > 0) return malformed("Content-Length and Transfer-Encoding exclude each other. Send one of them.");
  if (!http_1_1) return malformed("HTTP/1.0 has no Transfer-Encoding. Send Content-Length, or HTTP/1.1.");
  return std::pair(std::string_view("not-supported"), "Transfer-Encoding is '" + codings.substr(0, 200) +
                                                          "'; chunked, alone and once, is the only one read here.");
}

}  // namespace

struct RequestParser::Impl {
  std::optional<http::request_parser<http::string_body>> parser;
};

RequestParser::RequestParser(std::size_t header_bytes_max, std::size_t body_bytes_max)
    : header_bytes_max_(header_bytes_max), body_bytes_max_(body_bytes_max), impl_(std::make_unique<Impl>()) {}
RequestParser::~RequestParser() = default;

void RequestParser::fail(std::string_view problem, std::string detail) {
  state_ = State::failed;
  problem_ = problem;
  detail_ = std::move(detail);
}

Response RequestParser::refusal() const {
  BATON_ASSERT(state_ == State::failed);
  Response response = problem(problem_, detail_);
  response.close = true;
  return response;
}

std::size_t RequestParser::feed(std::string_view bytes) {
  BATON_ASSERT(state_ != State::done && state_ != State::failed);
  std::size_t skipped = 0;
  if (state_ == State::idle) {
    // RFC 9112, 2.2: an empty line before the request line is ignored.
    while (skipped < bytes.size() && (bytes[skipped] == '\r' || bytes[skipped] == '\n')) ++skipped;
    if (skipped == bytes.size()) return skipped;
    state_ = State::header;
    impl_->parser.emplace();
    impl_->parser->header_limit(static_cast<std::uint32_t>(header_bytes_max_));
    impl_->parser->body_limit(body_bytes_max_);
  }
  return skipped + put(bytes.substr(skipped));
}

std::size_t RequestParser::put(std::string_view bytes) {
  auto& parser = *impl_->parser;
  std::size_t used = 0;
  bool waits = false;
  if (state_ == State::header) {
    used = give(bytes);
    if (state_ == State::failed || !parser.is_header_done()) return used;
    take_header();
    if (state_ == State::failed) return used;
    waits = parser.get().version() >= 11 &&  // HTTP/1.0 knows no 100 (RFC 9110, 10.1.1)
            boost::beast::iequals(parser.get()[http::field::expect], "100-continue");
  }
  if (!parser.is_done() && used < bytes.size()) used += give(bytes.substr(used));
  if (state_ == State::failed) return used;
  if (parser.is_done()) state_ = State::done;
  expectation_ |= waits && state_ == State::body;
  // What Beast leaves lying is a chunk's header or a trailer that isn't complete.
  if (state_ == State::body && bytes.size() - used > header_bytes_max_)
    fail("malformed-request", "A chunk's header, or the trailer, is too long. Send valid HTTP/1.1.");
  return used;
}

// What comes later as a trailer is read, but is no header (RFC 9110, 6.5.1): a proxy may have looked at the headers
// only.
void RequestParser::take_header() {
  state_ = State::body;
  for (const auto& field : impl_->parser->get())
    headers_.emplace_back(std::string(field.name_string()), std::string(field.value()));
  if (auto wrong = wrong_framing(headers_, impl_->parser->get().version() >= 11))
    return fail(wrong->first, wrong->second);
  impl_->parser->eager(true);
}

std::size_t RequestParser::give(std::string_view bytes) {
  boost::beast::error_code error;
  const std::size_t used = impl_->parser->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (!error || error == http::error::need_more) return used;
  if (error == http::error::header_limit) {
    fail("header-too-large",
         "The header has more than " + std::to_string(header_bytes_max_) + " bytes. Send fewer or shorter fields.");
  } else if (error == http::error::body_limit) {
    fail("body-too-large",
         "The body has more than " + std::to_string(body_bytes_max_) + " bytes. Send less at a time.");
  } else {
    fail("malformed-request", "Reading the request failed: " + error.message() + ". Send valid HTTP/1.1.");
  }
  return used;
}

bool RequestParser::take_expectation() {
  return std::exchange(expectation_, false);
}

Request RequestParser::take() {
  BATON_ASSERT(state_ == State::done);
  auto message = impl_->parser->release();
  Request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.http_1_0 = message.version() < 11;
  request.keep_alive = message.keep_alive();
  request.headers = std::exchange(headers_, {});
  request.body = std::move(message.body());
  impl_->parser.reset();
  state_ = State::idle;
  expectation_ = false;
  return request;
}

}  // namespace baton::api
