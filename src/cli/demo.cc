#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/demo/run.h"
#include "cli/demo/summary.h"
#include "cli/folder.h"
#include "cli/local_commands.h"

namespace baton::cli {
namespace {

namespace fs = std::filesystem;

struct Runs {
  std::vector<json::Object> reports;
  std::unique_ptr<Run> kept;  ///< the last, whose server is still there
  std::string error;          ///< of the run that failed
};

std::vector<std::string> strategies_of(const DemoOptions& options) {
  if (!options.strategies.empty()) return options.strategies;
  return {"orchestration", "choreography"};
}

Runs run_all(const DemoOptions& options, Screen& screen, Interruption& interruption, const fs::path& folder) {
  Runs runs;
  const std::vector<std::string> strategies = strategies_of(options);
  for (std::size_t i = 0; i < strategies.size(); ++i) {
    const std::string& strategy = strategies[i];
    const bool keeps = options.keep && i + 1 == strategies.size();
    auto run = std::make_unique<Run>(options, screen, interruption, strategy, folder / strategy, keeps);
    auto report = run->go();
    if (!report) {
      runs.error = strategy + ": " + report.error_text();
      return runs;
    }
    runs.reports.push_back(*std::move(report));
    std::error_code ignored;
    if (keeps) runs.kept = std::move(run);
    if (!keeps && !options.data) fs::remove_all(folder / strategy / "data", ignored);
  }
  return runs;
}

// Where everything goes. Errors: invalid (a folder that has been used: what lies there would be counted), io.
Result<fs::path> folder_of(const DemoOptions& options) {
  if (options.data) BATON_CHECK(check_unused("--data", *options.data));
  if (options.outbox) BATON_CHECK(check_unused("--outbox", *options.outbox));
  if (options.data) return fs::path(*options.data);
  return make_temporary_folder("baton-demo");
}

void print_json(std::vector<json::Object> reports, bool exact) {
  json::Array all;
  for (json::Object& r : reports) all.push_back(std::move(r));
  fmt::print("{}\n", json::print(json::Object{{"runs", std::move(all)}, {"exactly_once", exact}}));
}

}  // namespace

int demo(const DemoOptions& options) {
  const auto given = folder_of(options);
  if (!given) {
    fmt::print(stderr, "baton demo: {}\n", given.error_text());
    return given.error().code == Code::invalid ? 2 : 1;
  }
  const fs::path& folder = *given;
  Interruption interruption;
  Screen screen(options.live, options.colour, options.json);
  screen.say(screen.bold("The loan system, ") + fmt::format("v{}: {} loan requests{}, and a SIGKILL midway.",
                                                            options.version, options.requests,
                                                            strategies_of(options).size() == 1 ? "" : " each way"));
  Runs runs = run_all(options, screen, interruption, folder);
  if (const int signal = interruption.signal(); signal != 0) {
    std::error_code ignored;
    if (!options.data) fs::remove_all(folder, ignored);
    fmt::print(stderr, "baton demo: interrupted\n");
    return 128 + signal;
  }
  if (!runs.error.empty()) {
    fmt::print(stderr, "baton demo: {}. Its data is in {}\n", runs.error, folder.string());
    return 1;
  }
  bool exact = true;
  for (const json::Object& r : runs.reports) exact = exact && r.at("exactly_once").as_bool();
  if (options.json) {
    print_json(std::move(runs.reports), exact);
  } else {
    print_summary(runs.reports, screen);
  }
  if (!runs.kept) return exact ? 0 : 1;
  const auto kept = runs.kept->keep();
  runs.kept.reset();
  std::error_code ignored;
  if (!options.data) fs::remove_all(folder / strategies_of(options).back() / "data", ignored);
  if (!kept) fmt::print(stderr, "baton demo: {}\n", kept.error_text());
  return exact && kept ? 0 : 1;
}

}  // namespace baton::cli
