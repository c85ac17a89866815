// The log lines of services, and Baton's own of what goes wrong inside. Every line of a call carries its ids: service,
// operation, correlation id, task, attempt, trace id.
#pragma once

#include <fmt/core.h>

#include <functional>
#include <string>
#include <string_view>

namespace baton {

enum class LogLevel { debug, info, warn, error, off };

struct LogOptions {
  LogLevel level = LogLevel::info;
  bool json = false;                                 ///< one JSON object a line; otherwise text for people
  std::string file = {};                             ///< "": standard error
  std::function<void(std::string_view)> write = {};  ///< instead of a file: gets whole lines, without the end of line
};

/// Once, at the start of the process, before services run. Until then: text, info, standard error. False: the file
/// can't be opened.
bool configure_log(LogOptions options);

/// A line that belongs to no call: Baton's own, or your program's. `from` says who speaks.
void write_log(LogLevel level, std::string_view from, std::string_view message);

struct Invocation;

/// Writes lines with the ids of one call. Any thread; valid as long as the call.
class CallLog {
 public:
  explicit CallLog(const Invocation& call) : call_(call) {}

  template <class... A>
  void debug(fmt::format_string<A...> text, const A&... a) const {
    line(LogLevel::debug, text, fmt::make_format_args(a...));
  }
  template <class... A>
  void info(fmt::format_string<A...> text, const A&... a) const {
    line(LogLevel::info, text, fmt::make_format_args(a...));
  }
  template <class... A>
  void warn(fmt::format_string<A...> text, const A&... a) const {
    line(LogLevel::warn, text, fmt::make_format_args(a...));
  }
  template <class... A>
  void error(fmt::format_string<A...> text, const A&... a) const {
    line(LogLevel::error, text, fmt::make_format_args(a...));
  }

 private:
  void line(LogLevel level, fmt::string_view text, fmt::format_args arguments) const;
  const Invocation& call_;
};

}  // namespace baton
