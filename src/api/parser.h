// Bytes into requests. The one place that knows Boost.Beast's parser.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "api/message.h"
#include "event/event.h"

namespace baton::api {

class RequestParser {
 public:
  RequestParser(std::size_t header_bytes_max, std::size_t body_bytes_max);
  ~RequestParser();

  enum class State {
    idle,    ///< between requests
    header,  ///< in a request's header
    body,    ///< the header is complete
    done,    ///< take() the request
    failed,  ///< see refusal(); the connection is of no more use
  };
  State state() const { return state_; }

  /// Takes bytes from the front and says how many; the rest must be given again, with more behind it. Stops at the end
  /// of a request.
  std::size_t feed(std::string_view bytes);
  /// Once per request: the client waits for "100 Continue" before it sends the body.
  bool take_expectation();
  Request take();
  /// What to answer when failed.
  Response refusal() const;

 private:
  struct Impl;
  void fail(std::string_view problem, std::string detail);
  std::size_t put(std::string_view bytes);
  std::size_t give(std::string_view bytes);
  void take_header();
  const std::size_t header_bytes_max_;
  const std::size_t body_bytes_max_;
  std::unique_ptr<Impl> impl_;
  State state_ = State::idle;
  event::HttpHeaders headers_;
  bool expectation_ = false;
  std::string_view problem_;
  std::string detail_;
};

}  // namespace baton::api
