// Keeps web pages from reaching a server that was meant for this machine alone.
#pragma once

#include <optional>
#include <string_view>

#include "api/message.h"

namespace baton::api {

/// "127.0.0.1", "::1", "localhost": nobody else can reach these.
bool is_loopback(std::string_view host);
/// "localhost:8080" -> "localhost", "[::1]:8080" -> "::1".
std::string_view without_port(std::string_view authority);

/// A refusal, or nothing when the request may go on.
///   Host: required once by HTTP/1.1. A server on loopback answers to loopback names and addresses only: a page that
///   has its own name resolve to 127.0.0.1 (DNS rebinding) still sends that name. Origin: a browser sends it along when
///   a page changes something; pages of another origin may not.
std::optional<Response> guard(const Request& request, bool loopback);

}  // namespace baton::api
