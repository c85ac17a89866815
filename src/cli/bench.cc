#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "app/process.h"
#include "cli/bench/measures.h"
#include "cli/folder.h"
#include "cli/local_commands.h"

namespace baton::cli {
namespace {

using Measure = Result<json::Object> (*)(const BenchOptions&);

const std::map<std::string, Measure>& measures() {
  static const std::map<std::string, Measure> kMeasures = {
      {"throughput", measure_throughput}, {"latency", measure_latency},   {"sequential", measure_sequential},
      {"memory", measure_memory},         {"recovery", measure_recovery}, {"idle", measure_idle},
      {"matching", measure_matching},     {"disk", measure_disk},         {"hold", hold_waiting},
      {"resume", resume_waiting}};
  return kMeasures;
}

void print_lines(const json::Object& object, const std::string& indent) {
  for (const auto& [key, value] : object) {
    if (value.is_object()) {
      fmt::print("{}{}\n", indent, std::string_view(key));
      print_lines(value.get_object(), indent + "  ");
    } else {
      fmt::print("{}{:<34} {}\n", indent, std::string_view(key),
                 value.is_string() ? std::string(value.get_string()) : json::print(value));
    }
  }
}

}  // namespace

int bench(const BenchOptions& options) {
  const auto measure = measures().find(options.measure);
  if (measure == measures().end()) {
    fmt::print(stderr,
               "baton bench: there is no measure '{}': throughput, latency, sequential, memory, recovery, matching, "
               "idle, disk\n",
               options.measure);
    return 2;
  }
  if (options.data && options.measure != "resume") {
    if (const auto fresh = check_unused("--data", *options.data); !fresh) {
      fmt::print(stderr, "baton bench: {}\n", fresh.error_text());
      return 2;
    }
  }
  const Result<json::Object> figures = measure->second(options);
  if (!figures) {
    fmt::print(stderr, "baton bench: {}\n", figures.error_text());
    return 1;
  }
  json::Object report{{"measure", options.measure},
                      {"machine", app::machine()},
                      {"build", app::build()},
                      {"sync", "fdatasync before anything is acknowledged or acted on"}};
  if (options.measure != "idle" && options.measure != "disk" && options.measure != "matching") {
    report.emplace("strategy", options.strategy);
    report.emplace("version", "v" + options.version);
    report.emplace("mail", options.mail);
  }
  for (const auto& [key, value] : *figures) report.insert_or_assign(key, value);
  if (options.json) {
    fmt::print("{}\n", json::print(report));
  } else {
    print_lines(report, "");
  }
  return 0;
}

}  // namespace baton::cli
