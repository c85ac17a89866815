#include "api/problem.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "json/utf8.h"

namespace baton::api {
namespace {

constexpr std::array kProblems = std::to_array<Problem>({
    {"malformed-request", 400, "The request is not valid HTTP",
     "The bytes that came could not be read as an HTTP/1.1 request. The connection was closed. Use an HTTP library, or "
     "look at what a proxy made of it."},
    {"malformed-json", 400, "The body is not JSON",
     "The detail names the byte at which reading stopped. Baton reads strict JSON (RFC 8259)."},
    {"nesting-too-deep", 400, "The JSON is nested too deeply",
     "Objects and arrays may stand in each other up to a limit. Flatten the document."},
    {"invalid-parameter", 400, "A parameter is wrong",
     "The detail names the parameter and what it may be. /openapi.json describes all of them."},
    {"invalid-request", 400, "The request is wrong",
     "The request was read, but asks for something that cannot be. The detail says what to change."},
    {"malformed-event", 400, "Not a CloudEvent",
     "An event needs id, source, type and specversion 1.0: as ce-* headers (binary), as application/cloudevents+json "
     "(structured), or several as "
     "application/cloudevents-batch+json. Nothing was published."},
    {"cross-origin", 403, "Asked for by a page of another origin",
     "A browser sent this for a page from elsewhere. Baton lets pages of its own origin change things, and no others."},
    {"no-such-route", 404, "There is nothing at this path", "/openapi.json lists what there is."},
    {"not-found", 404, "What was named does not exist", "The detail says what was looked for."},
    {"method-not-allowed", 405, "This path does not take that method", "The Allow header lists the methods it takes."},
    {"request-timeout", 408, "The request took too long to arrive",
     "The connection was closed. Send the request in one go, on a faster connection."},
    {"conflict", 409, "It exists already", "The detail says what stands in the way."},
    {"body-too-large", 413, "The body is too large",
     "The detail names the limit. Split a batch; keep documents outside of events and put a link in."},
    {"unsupported-media-type", 415, "This Content-Type is not read here", "The detail names those that are."},
    {"wrong-host", 421, "Asked for under a name that is not this server's",
     "A server bound to loopback answers to localhost and loopback addresses only, so that a web page cannot reach it "
     "by a name of its own "
     "(DNS rebinding). Use http://localhost, or bind to another address."},
    {"events-refused", 422, "Events were refused; none was published",
     "`errors` names each refused event by its index, and why. Correct those and send all again."},
    {"deployment-refused", 422, "The documents have errors; nothing was deployed",
     "`diagnostics` lists what is wrong, with file, line, JSON pointer and what to do. `baton check FILE…` finds the "
     "same without a server."},
    {"input-refused", 422, "The input does not fit the flow",
     "The detail names the place in the input and what it must be."},
    {"header-too-large", 431, "The header is too large",
     "The detail names the limit. Send fewer or shorter header fields, or a shorter path."},
    {"internal", 500, "Something is broken here", "This is not your doing. The server's log says more."},
    {"not-supported", 501, "Not supported yet", "Understood, but this version of Baton cannot do it."},
    {"busy", 503, "Too much is under way",
     "A limit was reached. Try again after the time in Retry-After; sending the same event twice does no harm."},
    {"out-of-space", 503, "The disk is full",
     "Nothing was written. Free some space, or shorten the retention; then try again."},
    {"too-many-connections", 503, "Too many connections",
     "Close idle ones, or keep one open and send several requests over it."},
    {"not-this-server", 503, "Another server has taken over",
     "This one no longer owns what was asked for. Ask again: another will answer."},
});

std::string_view name_of(Code code) {
  switch (code) {
    case Code::invalid:
      return "invalid-request";
    case Code::too_large:
      return "body-too-large";
    case Code::not_found:
      return "not-found";
    case Code::conflict:
      return "conflict";
    case Code::unsupported:
      return "not-supported";
    case Code::busy:
      return "busy";
    case Code::out_of_space:
      return "out-of-space";
    case Code::fenced:
      return "not-this-server";
    case Code::corrupt:
    case Code::io:
      return "internal";
  }
  return "internal";
}

}  // namespace

std::span<const Problem> problems() {
  return kProblems;
}

const Problem* find_problem(std::string_view name) {
  const auto* found = std::ranges::find(kProblems, name, &Problem::name);
  return found == kProblems.end() ? nullptr : found;
}

Response problem(std::string_view name, std::string detail, json::Object more) {
  // It may quote what was sent.
  if (!json::is_utf8(detail)) std::ranges::replace_if(detail, [](char c) { return (c & 0x80) != 0; }, '?');
  const Problem* row = find_problem(name);
  BATON_ASSERT(row != nullptr);
  json::Object body{{"type", "/problems/" + std::string(name)},
                    {"title", row->title},
                    {"status", row->status},
                    {"detail", std::move(detail)}};
  for (auto& [key, value] : more) body[key] = std::move(value);
  Response response = json_response(row->status, std::move(body));
  response.content_type = "application/problem+json";
  if (row->status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response problem_of(const Error& error, const std::string& where) {
  return problem(name_of(error.code), where + ": " + error.text);
}

}  // namespace baton::api
