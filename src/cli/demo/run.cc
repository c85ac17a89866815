#include "cli/demo/run.h"

#include <fmt/format.h>

#include <thread>

#include "cli/demo/timeline.h"
#include "loan/loan.h"

// The demo is a user of Baton like any other: it starts `baton serve` as a process of its own, sends loan requests to
// the HTTP door of the loan-request service, reads the event stream, and kills the server with SIGKILL in the middle.

namespace baton::cli {
namespace {

namespace fs = std::filesystem;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds kProgressEvery{100};
constexpr std::chrono::milliseconds kUnderWayMost{1000};
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

}  // namespace

Run::Run(const DemoOptions& options, Screen& screen, Interruption& interruption, std::string strategy, fs::path folder,
         bool keeps)
    : options_(options),
      screen_(screen),
      interruption_(interruption),
      strategy_(std::move(strategy)),
      folder_(std::move(folder)),
      story_(screen, std::stoi(options.version), users_to_watch(options.requests, std::stoi(options.version))),
      keeps_(keeps) {}

Result<json::Object> Run::go() {
  screen_.headline(strategy_ == "orchestration" ? "Orchestrated: an orchestrator sends commands to the services"
                                                : "Choreographed: the services react to each other's events");
  BATON_CHECK(start_server());
  screen_.say(fmt::format("  baton serve on {}, process {}", address_.get(), server_->process.pid()));
  std::thread sender([this] { send_all(); });
  const Result<void> watched = watch();
  stopping_ = true;
  sender.join();
  screen_.end_bar();
  if (!watched) return watched.error();
  if (refused_) return Error{Code::io, refusal_};
  BATON_CHECK(tell_one_timeline());
  BATON_CHECK(tell_who_knows_what());
  stream_.reset();
  json::Object out = report();
  if (!keeps_) server_->process.stop();
  return out;
}

Result<void> Run::keep() {
  const std::string& url = server_->url;
  const auto at = [&](std::string_view what, const std::string& how) {
    screen_.say(fmt::format("  {:<20}{}", what, how));
  };
  screen_.headline("The server stays, " + strategy_ + ", until Ctrl-C");
  at("ask for a loan", fmt::format("curl -s {}/loans -H 'Content-Type: application/json' -d '{}'", url,
                                   form_of(loan::generated(options_.requests))));
  at("its flows", fmt::format("baton flows --server {}", url));
  at("one of them", fmt::format("baton flow --server {} {}", url, example_));
  at("events, live", fmt::format("baton events --follow --server {}", url));
  at("the API", url + "/openapi.json");
  at("e-mails", outbox().string());
  while (interruption_.signal() == 0) {
    if (!server_->process.runs()) return Error{Code::io, "the server has ended by itself"};
    (void)server_->process.line(kProgressEvery);
  }
  server_->process.stop();
  return {};
}

fs::path Run::outbox() const {
  return options_.outbox ? fs::path(*options_.outbox) / strategy_ : folder_ / "outbox";
}

Result<void> Run::start_server() {
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
void Run::send(HttpClient& http, std::uint64_t index) {
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
      refusal_ = fmt::format("a loan request was refused ({}): {}", reply->status, reply->body);
      refused_ = true;
      return;
    }
    ++repeated_;
    std::this_thread::sleep_for(kProgressEvery);
  }
}

/// False: it is to stop instead.
bool Run::pause_until(SteadyTime due) const {
  while (!stopping_) {
    const auto soon = std::chrono::steady_clock::now() + kProgressEvery;
    std::this_thread::sleep_until(std::min(soon, due));
    if (due <= soon) return !stopping_;
  }
  return false;
}

void Run::send_all() {
  HttpClient http;
  const SteadyTime begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < options_.requests && !stopping_ && !refused_; ++i) {
    const std::chrono::duration<double> due(options_.rate > 0 ? static_cast<double>(i) / options_.rate : 0);
    if (pause_until(begin + std::chrono::duration_cast<std::chrono::nanoseconds>(due))) send(http, i);
  }
}

// Flows are short: one is waited for, so that the kill does not fall between two.
Result<void> Run::kill_and_restart() {
  story_.await_under_way(kUnderWayMost);
  const pid_t pid = server_->process.pid();
  const std::uint64_t cut = story_.cut(SystemClock().now());
  server_->process.kill();
  screen_.say(screen_.red(fmt::format("  SIGKILL to process {}: {} flow{} under way", pid, cut, cut == 1 ? "" : "s")));
  BATON_CHECK(start_server());
  back_after_ms_ = server_->start_ms;
  screen_.say(screen_.green(fmt::format("  back after {:.0f} ms as process {}; what was acknowledged goes on",
                                        server_->start_ms, server_->process.pid())));
  return {};
}

Result<void> Run::watch() {
  bool killed = false;
  const double seconds = options_.rate > 0 ? static_cast<double>(options_.requests) / options_.rate : 0;
  const SteadyTime give_up =
      std::chrono::steady_clock::now() + kEndMost +
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
  for (;;) {
    const bool done = story_.await_ended(options_.requests, kProgressEvery);
    screen_.bar("  " + strategy_, story_.ended(), options_.requests);
    if (done || refused_) return {};
    if (interruption_.signal() != 0) return Error{Code::io, "interrupted"};
    if (!killed && acknowledged_ * 2 >= options_.requests) {
      killed = true;
      BATON_CHECK(kill_and_restart());
    }
    if (std::chrono::steady_clock::now() > give_up)
      return Error{Code::io,
                   fmt::format("{} of {} flows ended, then nothing moved any more", story_.ended(), options_.requests)};
  }
}

// How one loan went, from the monitor: the same answer as `baton flow ID --all`; and what that took.
Result<void> Run::tell_one_timeline() {
  const auto watched = story_.watched();
  if (watched.empty()) return {};
  const auto approved = watched.find("approved");
  const auto& [outcome, id] = approved == watched.end() ? *watched.rbegin() : *approved;
  HttpClient http;
  BATON_TRY(const HttpReply reply, http.get(server_->url + "/v1/instances/" + id));
  BATON_TRY(const json::Value detail, json::parse(reply.body));
  example_ = id;
  traffic_ = traffic_of(detail);
  if (options_.json) return {};
  screen_.say(fmt::format("\n  How {} went ({}), by the monitor:", id.substr(0, 10), outcome));
  for (const std::string& line : timeline_lines(detail)) screen_.say_row("", "  " + line);
  return {};
}

// Orchestrated, one knows the flow and the services know their own operation; choreographed, each knows its own rules,
// which are all that it runs.
Result<void> Run::tell_who_knows_what() {
  HttpClient http;
  BATON_TRY(const HttpReply reply, http.get(server_->url + "/v1/flows/loans/loan-request/views"));
  BATON_TRY(const json::Value answer, json::parse(reply.body));
  const std::vector<std::string> rules = rule_lines(answer);
  rules_ = rules.size();
  if (options_.json) return {};
  if (strategy_ == "orchestration") {
    screen_.say("\n  Who knows what: the orchestrator the whole flow, each service its own operation");
    return {};
  }
  screen_.say("\n  Who knows what: nobody the whole flow, each service these rules (baton project prints them)");
  for (const std::string& line : rules) screen_.say_row("", "  " + line);
  return {};
}

json::Object Run::report() const {
  const Tally tally = story_.tally();
  std::uint64_t files = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(outbox(), none)) files += entry.path().extension() == ".eml" ? 1 : 0;
  json::Object outcomes;
  for (const auto& [outcome, count] : tally.outcomes) outcomes.emplace(outcome, count);
  const bool exact = tally.ended == options_.requests && tally.requested == options_.requests && tally.twice == 0 &&
                     (options_.smtp.has_value() || std::stoi(options_.version) < 2 || files == tally.emails);
  return json::Object{{"strategy", strategy_},
                      {"requests", options_.requests},
                      {"acknowledged", acknowledged_.load()},
                      {"ended", tally.ended},
                      {"outcomes", std::move(outcomes)},
                      {"emails", tally.emails},
                      {"email_files", files},
                      {"repeated_requests", repeated_.load()},
                      {"back_after_kill_ms", back_after_ms_},
                      {"p50_ms", tally.p50_ms},
                      {"slowest_ms", tally.slowest_ms},
                      {"outbox", outbox().string()},
                      {"exactly_once", exact},
                      {"messages_a_flow", traffic_.messages},
                      {"commands_a_flow", traffic_.commands},
                      {"hops", traffic_.hops},
                      {"rules", rules_}};
}

}  // namespace baton::cli
