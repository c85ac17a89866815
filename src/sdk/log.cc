// The lines of services. spdlog does levels, time, sinks and locking; the text of a line is made here, so that JSON is
// JSON.
#include "baton/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>

#include "base/clock.h"
#include "baton/handler.h"
#include "baton/json.h"

namespace baton {
namespace {

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    write_(std::string_view(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

 private:
  std::function<void(std::string_view)> write_;
};

struct Logger {
  std::shared_ptr<spdlog::logger> lines;
  bool json = false;
};

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

std::string_view name_of(LogLevel level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error", "off"};
  return kNames[static_cast<std::size_t>(level)];
}

// Throws spdlog_ex when a file can't be opened.
spdlog::sink_ptr make_sink(const LogOptions& options) {
  if (options.write) return std::make_shared<FunctionSink>(options.write);
  if (!options.file.empty()) return std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
  return std::make_shared<spdlog::sinks::stderr_sink_mt>();
}

std::shared_ptr<const Logger> make_logger(const LogOptions& options) {
  auto logger = std::make_shared<Logger>();
  logger->lines = std::make_shared<spdlog::logger>("baton", make_sink(options));
  logger->lines->set_pattern("%v");
  logger->lines->set_level(level_of(options.level));
  logger->lines->flush_on(spdlog::level::warn);
  logger->json = options.json;
  return logger;
}

std::mutex g_mutex;
std::shared_ptr<const Logger> g_logger;

std::shared_ptr<const Logger> logger() {
  const std::lock_guard lock(g_mutex);
  if (!g_logger) g_logger = make_logger({});
  return g_logger;
}

// The trace id of a W3C traceparent "00-<32 hex>-<16 hex>-<2 hex>"; "" when it is none.
std::string_view trace_id(std::string_view traceparent) {
  return traceparent.size() >= 55 && traceparent[2] == '-' ? traceparent.substr(3, 32) : std::string_view();
}

void add_field(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out.append(",\"").append(key).append("\":");
  mapping::write_string(out, value);
}

std::string json_begin(std::string_view time, LogLevel level) {
  std::string out = "{\"time\":";
  mapping::write_string(out, time);
  add_field(out, "level", name_of(level));
  return out;
}

std::string json_line(std::string_view time, LogLevel level, const Invocation& call, std::string_view message) {
  std::string out = json_begin(time, level);
  add_field(out, "service", call.service);
  add_field(out, "operation", call.operation);
  add_field(out, "correlationid", call.correlation_id);
  add_field(out, "flow", call.flow);
  add_field(out, "flowversion", call.flow_version);
  add_field(out, "task", call.task);
  add_field(out, "trace_id", trace_id(call.traceparent));
  out += fmt::format(",\"attempt\":{}", call.attempt);
  add_field(out, "message", message);
  return out + "}";
}

std::string json_line(std::string_view time, LogLevel level, std::string_view from, std::string_view message) {
  std::string out = json_begin(time, level);
  add_field(out, "from", from);
  add_field(out, "message", message);
  return out + "}";
}

/// One event, one line; and nothing that a terminal would obey.
std::string printable(std::string line) {
  for (char& c : line) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f) c = ' ';
  }
  return line;
}

std::string text_line(std::string_view time, LogLevel level, const Invocation& call, std::string_view message) {
  std::string out = fmt::format("{} {:<5} {}.{} [{} {}", time, name_of(level), call.service, call.operation,
                                call.correlation_id, call.task);
  if (call.attempt > 0) out += fmt::format(" attempt {}", call.attempt + 1);
  if (const std::string_view trace = trace_id(call.traceparent); !trace.empty()) out += fmt::format(" trace {}", trace);
  return printable(fmt::format("{}] {}", out, message));
}

std::string text_line(std::string_view time, LogLevel level, std::string_view from, std::string_view message) {
  return printable(fmt::format("{} {:<5} {}: {}", time, name_of(level), from, message));
}

/// `who`: an Invocation, or a name.
template <class Who>
void write(LogLevel level, const Who& who, std::string_view message) {
  const std::shared_ptr<const Logger> log = logger();
  const std::string time = to_rfc3339(SystemClock().now());
  log->lines->log(level_of(level),
                  log->json ? json_line(time, level, who, message) : text_line(time, level, who, message));
}

}  // namespace

bool configure_log(LogOptions options) {
  std::shared_ptr<const Logger> made;
  try {
    made = make_logger(options);
  } catch (const spdlog::spdlog_ex&) {
    return false;
  }
  const std::lock_guard lock(g_mutex);
  g_logger = std::move(made);
  return true;
}

void write_log(LogLevel level, std::string_view from, std::string_view message) {
  write(level, from, message);
}

void CallLog::line(LogLevel level, fmt::string_view text, fmt::format_args arguments) const {
  if (logger()->lines->should_log(level_of(level))) write(level, call_, fmt::vformat(text, arguments));
}

}  // namespace baton
