#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "cli/child.h"
#include "cli/demo/http.h"
#include "cli/demo/screen.h"
#include "cli/demo/story.h"
#include "cli/local_commands.h"
#include "loan/loan.h"

// The demo is a user of Baton like any other: it starts `baton serve` as a process of its own, sends loan requests to
// the HTTP door of the loan-request service, reads the event stream, and kills the server with SIGKILL in the middle.

namespace baton::cli {
namespace {

namespace fs = std::filesystem;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds kProgressEvery{100};
constexpr std::chrono::seconds kEndMost{120};
constexpr int kTries = 600;  // of one request while the server is away, 100 ms apart

// The first of the load for every outcome, so that each is seen once, step by step.
std::map<std::string, std::string> users_to_watch(std::uint64_t requests, int version) {
  std::map<std::string, std::string> by_outcome;
  for (std::uint64_t i = 0; i < requests; ++i) {
    const loan::Loan candidate = loan::generated(i);
    const loan::Decision verdict = loan::verdict(candidate, version);
    by_outcome.try_emplace(verdict.approved ? "approved" : "denied: " + verdict.reason, candidate.applicant.user);
  }
  std::map<std::string, std::string> users;
  for (const auto& [outcome, user] : by_outcome) users.emplace(user, outcome);
  return users;
}

std::string form_of(const loan::Loan& loan) {
  return fmt::format(R"({{"applicant":{},"amount":{},"months":{},"purpose":"{}"}})", to_json(loan.applicant),
                     loan.amount, loan.months, loan.purpose);
}

// Where the server is at the moment: it moves when it is killed and started again.
class Address {
 public:
  void set(std::string url) {
    const std::lock_guard lock(mutex_);
    url_ = std::move(url);
  }
  std::string get() const {
    const std::lock_guard lock(mutex_);
    return url_;
  }

 private:
  mutable std::mutex mutex_;
  std::string url_;
};

// One run under one strategy.
class Run {
 public:
  Run(const DemoOptions& options, Screen& screen, std::string strategy, fs::path folder)
      : options_(options),
        screen_(screen),
        strategy_(std::move(strategy)),
        folder_(std::move(folder)),
        story_(screen, std::stoi(options.version), users_to_watch(options.requests, std::stoi(options.version))) {}

  Result<json::Object> go() {
    screen_.headline(strategy_ == "orchestration" ? "Orchestrated: an orchestrator sends commands to the services"
                                                  : "Choreographed: the services react to each other's events");
    BATON_CHECK(start_server());
    screen_.say(fmt::format("  baton serve on {}, process {}", address_.get(), server_->process.pid()));
    std::thread sender([this] { send_all(); });
    const Result<void> watched = watch();
    stopping_ = true;
    sender.join();
    if (!watched) return watched.error();
    if (failed_ != "") return Error{Code::io, failed_};
    screen_.end_bar();
    BATON_CHECK(tell_one_timeline());
    stream_.reset();
    server_->process.stop();
    return report();
  }

 private:
  fs::path outbox() const { return options_.outbox ? fs::path(*options_.outbox) / strategy_ : folder_ / "outbox"; }

  Result<void> start_server() {
    std::vector<std::string> more = {"--example",  "loan",    "--example-version", options_.version,
                                     "--strategy", strategy_, "--outbox",          outbox().string()};
    if (options_.smtp) more.insert(more.end(), {"--smtp", *options_.smtp});
    BATON_TRY(ServingChild server, spawn_serve((folder_ / "data").string(), more));
    stream_.reset();
    server_.emplace(std::move(server));
    address_.set(server_->url);
    const std::string cursor = story_.cursor();
    stream_ = std::make_unique<EventStream>(
        server_->url + "/v1/events", cursor.empty() ? "start" : cursor,
        [this](const std::string& id, const std::string& data) { story_.on_event(id, data); });
    return {};
  }

  // One request, again and again until it is acknowledged: its Idempotency-Key makes it one loan however often it
  // arrives.
  void send(HttpClient& http, std::uint64_t index) {
    const loan::Loan loan = loan::generated(index);
    const std::vector<std::string> headers = {"Content-Type: application/json",
                                              fmt::format("Idempotency-Key: demo-{}", index)};
    for (int i = 0; i < kTries && !stopping_; ++i) {
      const auto reply = http.post(address_.get() + "/loans", form_of(loan), headers);
      if (reply && reply->status == 202) {
        ++acknowledged_;
        return;
      }
      if (reply && reply->status < 500) {
        failed_ = fmt::format("a loan request was refused ({}): {}", reply->status, reply->body);
        return;
      }
      ++repeated_;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  void send_all() {
    HttpClient http;
    const SteadyTime begin = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < options_.requests && !stopping_ && failed_.empty(); ++i) {
      if (options_.rate > 0) {
        const std::chrono::duration<double> due(static_cast<double>(i) / options_.rate);
        std::this_thread::sleep_until(begin + std::chrono::duration_cast<std::chrono::nanoseconds>(due));
      }
      send(http, i);
    }
  }

  Result<void> kill_and_restart() {
    const pid_t pid = server_->process.pid();
    const Tally before = story_.tally();
    server_->process.kill();
    screen_.say(
        screen_.red(fmt::format("  SIGKILL to process {}: {} flows under way", pid, before.requested - before.ended)));
    BATON_CHECK(start_server());
    back_after_ms_ = server_->start_ms;
    screen_.say(screen_.green(fmt::format("  back after {:.0f} ms as process {}; what was acknowledged goes on",
                                          server_->start_ms, server_->process.pid())));
    return {};
  }

  Result<void> watch() {
    bool killed = false;
    const SteadyTime give_up =
        std::chrono::steady_clock::now() + kEndMost +
        std::chrono::seconds(
            options_.rate > 0 ? static_cast<long>(static_cast<double>(options_.requests) / options_.rate) : 0);
    for (;;) {
      const bool done = story_.await_ended(options_.requests, kProgressEvery);
      screen_.bar("  " + strategy_, story_.tally().ended, options_.requests);
      if (done || !failed_.empty()) return {};
      if (!killed && acknowledged_ * 2 >= options_.requests) {
        killed = true;
        BATON_CHECK(kill_and_restart());
      }
      if (std::chrono::steady_clock::now() > give_up) {
        const Tally t = story_.tally();
        return Error{Code::io,
                     fmt::format("{} of {} flows ended, then nothing moved any more", t.ended, options_.requests)};
      }
    }
  }

  // How one loan went, from the monitor: the same answer as `baton flow ID`.
  Result<void> tell_one_timeline() {
    const auto watched = story_.watched();
    if (watched.empty() || options_.json) return {};
    const std::string id = watched.rbegin()->second;
    HttpClient http;
    BATON_TRY(const HttpReply reply, http.get(server_->url + "/v1/instances/" + id));
    BATON_TRY(const json::Value detail, json::parse(reply.body));
    screen_.say(fmt::format("\n  How {} went ({}), by the monitor:", id.substr(0, 10), watched.rbegin()->first));
    const json::Value* timeline = json::find(detail, "/timeline");
    if (timeline == nullptr || !timeline->is_array()) return {};
    for (const json::Value& step : timeline->get_array()) {
      const auto text = [&](const char* pointer) {
        const json::Value* v = json::find(step, pointer);
        return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
      };
      screen_.say(screen_.dim(fmt::format("    {}  {:<18} {:<52} {}", text("/at").substr(11, 12), text("/name"),
                                          text("/what"), text("/by"))));
    }
    return {};
  }

  Result<json::Object> report() {
    const Tally tally = story_.tally();
    std::uint64_t files = 0;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(outbox(), none))
      files += entry.path().extension() == ".eml" ? 1 : 0;
    json::Object outcomes;
    for (const auto& [outcome, count] : tally.outcomes) outcomes.emplace(outcome, count);
    const bool exact = tally.ended == options_.requests && tally.requested == options_.requests && tally.twice == 0 &&
                       (options_.smtp.has_value() || std::stoi(options_.version) < 2 || files == tally.emails);
    return json::Object{
        {"strategy", strategy_},  {"requests", options_.requests},         {"acknowledged", acknowledged_.load()},
        {"ended", tally.ended},   {"outcomes", std::move(outcomes)},       {"emails", tally.emails},
        {"email_files", files},   {"repeated_requests", repeated_.load()}, {"back_after_kill_ms", back_after_ms_},
        {"p50_ms", tally.p50_ms}, {"slowest_ms", tally.slowest_ms},        {"outbox", outbox().string()},
        {"exactly_once", exact}};
  }

  const DemoOptions& options_;
  Screen& screen_;
  std::string strategy_;
  fs::path folder_;
  Story story_;
  Address address_;
  std::optional<ServingChild> server_;
  std::unique_ptr<EventStream> stream_;
  std::atomic<std::uint64_t> acknowledged_ = 0, repeated_ = 0;
  std::atomic<bool> stopping_ = false;
  std::string failed_;
  double back_after_ms_ = 0;
};

std::string number(const json::Value& value) {
  return value.is_double() ? fmt::format("{:.0f}", value.get_double()) : json::print(value);
}

void print_table(const std::vector<json::Object>& reports, Screen& screen) {
  std::set<std::string> outcomes;
  for (const json::Object& r : reports) {
    for (const auto& [name, count] : r.at("outcomes").as_object()) outcomes.insert(std::string(name));
  }
  const auto row = [&](const std::string& name, const auto& cell) {
    std::string line = fmt::format("  {:<34}", name);
    for (const json::Object& r : reports) line += fmt::format("{:>16}", cell(r));
    screen.say(line);
  };
  screen.headline("Both ways");
  row("", [](const json::Object& r) { return std::string(r.at("strategy").as_string()); });
  row("loan requests acknowledged", [](const json::Object& r) { return number(r.at("acknowledged")); });
  row("flows ended", [](const json::Object& r) { return number(r.at("ended")); });
  for (const std::string& outcome : outcomes) {
    row("  " + outcome, [&](const json::Object& r) {
      const json::Value* count = r.at("outcomes").as_object().if_contains(outcome);
      return count == nullptr ? std::string("0") : number(*count);
    });
  }
  row("e-mails", [](const json::Object& r) { return number(r.at("emails")); });
  row("request to last step, median (ms)", [](const json::Object& r) { return number(r.at("p50_ms")); });
  row("  slowest, over the kill (ms)", [](const json::Object& r) { return number(r.at("slowest_ms")); });
  row("serving again after SIGKILL (ms)", [](const json::Object& r) { return number(r.at("back_after_kill_ms")); });
  row("every request exactly once",
      [](const json::Object& r) { return std::string(r.at("exactly_once").as_bool() ? "yes" : "NO"); });
  screen.say("");
  for (const json::Object& r : reports)
    screen.say(fmt::format("  e-mails of the {}: {}", std::string(r.at("strategy").as_string()),
                           std::string(r.at("outbox").as_string())));
}

}  // namespace

int demo(const DemoOptions& options) {
  const fs::path folder =
      options.data ? fs::path(*options.data) : fs::temp_directory_path() / fmt::format("baton-demo.{}", getpid());
  Screen screen(options.live, options.colour, options.json);
  screen.say(screen.bold("The loan system, ") +
             fmt::format("v{}: {} loan requests, both ways, with a SIGKILL in the middle of each.", options.version,
                         options.requests));
  std::vector<std::string> strategies = options.strategies;
  if (strategies.empty()) strategies = {"orchestration", "choreography"};
  std::vector<json::Object> reports;
  for (const std::string& strategy : strategies) {
    Run run(options, screen, strategy, folder / strategy);
    auto report = run.go();
    screen.end_bar();
    if (!report) {
      fmt::print(stderr, "baton demo: {}: {}\n", strategy, report.error_text());
      return 1;
    }
    reports.push_back(*std::move(report));
    std::error_code ignored;
    if (!options.data) fs::remove_all(folder / strategy / "data", ignored);
  }
  bool exact = true;
  for (const json::Object& r : reports) exact = exact && r.at("exactly_once").as_bool();
  if (options.json) {
    json::Array all;
    for (json::Object& r : reports) all.push_back(std::move(r));
    fmt::print("{}\n", json::print(json::Object{{"runs", std::move(all)}, {"exactly_once", exact}}));
  } else {
    print_table(reports, screen);
  }
  return exact ? 0 : 1;
}

}  // namespace baton::cli
