// baton verify, baton repair: a data folder that nobody has open.
#include <fmt/format.h>

#include <cstdio>

#include "cli/local_commands.h"
#include "cli/units.h"
#include "json/data.h"
#include "log/local/care.h"

namespace baton::cli {
namespace {

/// On a terminal's standard error, over and over in one line; else nothing.
void show(const log::Progress& progress) {
  if (progress.bytes_total == 0) return fmt::print(stderr, "{} …\n", progress.what);
  fmt::print(stderr, "{}: {} of {}\n", progress.what, size_text(progress.bytes_done), size_text(progress.bytes_total));
}

json::Value to_json(const log::Finding& finding) {
  json::Array held;
  for (const std::string& one : finding.held) held.emplace_back(one);
  return json::Object{
      {"where", finding.where}, {"what", finding.what}, {"held", std::move(held)}, {"repairable", finding.repairable}};
}

json::Array to_json(const std::vector<log::Finding>& findings) {
  json::Array array;
  for (const log::Finding& finding : findings) array.push_back(to_json(finding));
  return array;
}

json::Array to_json(const std::vector<std::string>& lines) {
  json::Array array;
  for (const std::string& line : lines) array.emplace_back(line);
  return array;
}

void print(const std::vector<log::Finding>& findings) {
  for (const log::Finding& finding : findings) {
    fmt::print("{}: {}\n", finding.where, finding.what);
    for (const std::string& held : finding.held) fmt::print("    {}\n", held);
  }
}

int failed(const char* command, const Error& error) {
  fmt::print(stderr, "baton {}: {}\n", command, error.text);
  return 1;
}

}  // namespace

int verify(const CareOptions& options) {
  const auto verified = log::verify_local(options.data, show);
  if (!verified) return failed("verify", verified.error());
  const bool whole = verified->findings.empty();
  if (options.json) {
    fmt::print("{}\n", json::print(json::Object{{"whole", whole},
                                                {"segments", verified->segments},
                                                {"frames", verified->frames},
                                                {"records", verified->records},
                                                {"tornBytes", verified->torn_bytes},
                                                {"findings", to_json(verified->findings)}}));
    return whole ? 0 : 1;
  }
  print(verified->findings);
  fmt::print("{}: {} segments, {} commits, {} records in the index\n", options.data, verified->segments,
             verified->frames, verified->records);
  if (verified->torn_bytes > 0)
    fmt::print("{} bytes at the journal's end were cut off by a crash, before anybody was told of them\n",
               verified->torn_bytes);
  fmt::print("{}\n", whole ? "Every byte is what was written."
                           : fmt::format("{} damaged places. `baton repair {}` sets them aside.",
                                         verified->findings.size(), options.data));
  return whole ? 0 : 1;
}

int repair(const CareOptions& options) {
  const auto repaired = log::repair_local(options.data, options.dry_run, show);
  if (!repaired) return failed("repair", repaired.error());
  if (options.json) {
    fmt::print("{}\n", json::print(json::Object{{"findings", to_json(repaired->findings)},
                                                {"done", to_json(repaired->done)},
                                                {"impossible", to_json(repaired->impossible)},
                                                {"dryRun", options.dry_run}}));
    return repaired->impossible.empty() ? 0 : 1;
  }
  print(repaired->findings);
  for (const std::string& line : repaired->done) fmt::print("{}{}\n", options.dry_run ? "would be done: " : "", line);
  for (const std::string& line : repaired->impossible) fmt::print("not possible: {}\n", line);
  if (repaired->findings.empty()) fmt::print("Nothing is damaged.\n");
  return repaired->impossible.empty() ? 0 : 1;
}

}  // namespace baton::cli
