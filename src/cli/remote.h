// A Baton server as the client commands see it: JSON in, JSON or a readable error out.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/sse.h"
#include "json/data.h"

namespace baton::cli {

struct RemoteAnswer {
  int status = 0;
  json::Value body;
  bool ok() const { return status >= 200 && status < 300; }
  /// The problem's `detail`, or the best that can be said; harmless to a terminal.
  std::string problem() const;
};

class Remote {
 public:
  explicit Remote(std::string url) : url_(std::move(url)) {}
  const std::string& url() const { return url_; }
  using Query = std::vector<std::pair<std::string, std::string>>;  ///< empty values are left out

  /// Errors: io (not reachable; says how to start a server, or what answers there instead).
  Result<RemoteAnswer> get(const std::string& path, const Query& query = {}) const;
  Result<RemoteAnswer> post(const std::string& path, const Query& query, const std::string& body,
                            const std::string& content_type) const;
  /// Gives a stream of events to `reader` until it ends: then its status, 200 or 204; or the refusal. Where it is cut
  /// off it is taken up again behind the last event, as long as `again` says so. Errors: io.
  Result<RemoteAnswer> follow(const std::string& path, const Query& query, SseReader& reader,
                              const std::function<bool()>& again) const;

 private:
  Result<RemoteAnswer> read(int status, const std::string& body) const;
  Error unreachable(const Error& error) const;
  std::string address(const std::string& path, const Query& query) const;
  std::string url_;
};

}  // namespace baton::cli
