// The promise, on the real binary: an acknowledged loan request is never lost and no step is taken twice, through any
// crash.
//
// A server runs the loan system; requests arrive at its HTTP door all the time, each repeated until it is acknowledged;
// the server is killed with SIGKILL at random points and started again. At the end every acknowledged request must have
// ended exactly once: one decision, one profile entry, one e-mail for each recipient and reason, and the monitor must
// know it as completed. BATON_SEED=N repeats a run's kill points as far as the machine's timing allows.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "cli/child.h"
#include "cli/demo/http.h"
#include "event/event.h"
#include "json/data.h"
#include "loan/loan.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kEndMost{120};
constexpr int kVersion = 4;

std::uint64_t seed() {
  if (const char* given = std::getenv("BATON_SEED")) return std::strtoull(given, nullptr, 10);
  return std::random_device()();
}

std::string text_at(const json::Value& value, std::string_view pointer) {
  const json::Value* found = json::find(value, pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// A folder on the same disk as the build, so that fsync means what it says.
class Folder {
 public:
  explicit Folder(const std::string& name) : path_(fs::current_path() / (name + "." + std::to_string(getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    if (!testing::Test::HasFailure()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Everything the log has, counted by loan and type: records, not distinct ids, so that a step taken twice shows.
class Seen {
 public:
  void take(const std::string& json) {
    const auto event = json::parse(json);
    ASSERT_TRUE(event) << json;
    const std::lock_guard lock(mutex_);
    const std::string loan = text_at(*event, "/correlationid");
    ++counts_[loan][text_at(*event, "/type")];
    if (text_at(*event, "/batonkind") == "fault") ++faults_;
  }
  int count(const std::string& loan, const std::string& type) const {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(loan);
    if (found == counts_.end()) return 0;
    const auto of_type = found->second.find("com.example." + type + ".v1");
    return of_type == found->second.end() ? 0 : of_type->second;
  }
  int faults() const {
    const std::lock_guard lock(mutex_);
    return faults_;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    counts_.clear();
    faults_ = 0;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::map<std::string, int>> counts_;
  int faults_ = 0;
};

class System {
 public:
  System(fs::path folder, std::string strategy) : folder_(std::move(folder)), strategy_(std::move(strategy)) {}

  void start() {
    auto started = cli::spawn_serve((folder_ / "data").string(),
                                    {"--example", "loan", "--strategy", strategy_, "--outbox", outbox().string()},
                                    BATON_EXECUTABLE);
    ASSERT_TRUE(started) << started.error_text();
    const std::lock_guard lock(mutex_);
    server_.emplace(std::move(*started));
    url_ = server_->url;
  }
  void kill() { server_->process.kill(); }
  std::string url() const {
    const std::lock_guard lock(mutex_);
    return url_;
  }
  fs::path outbox() const { return folder_ / "outbox"; }
  int stop() { return server_->process.stop(); }

 private:
  fs::path folder_;
  std::string strategy_;
  mutable std::mutex mutex_;
  std::optional<cli::ServingChild> server_;
  std::string url_;
};

struct Acknowledged {
  std::string loan;
  std::uint64_t index = 0;
};

// Sends request after request, each until it is acknowledged.
class Users {
 public:
  Users(const System& system, std::uint64_t first, std::uint64_t step)
      : system_(system), next_(first), step_(step), thread_([this] { run(); }) {}
  std::vector<Acknowledged> stop() {
    stopping_ = true;
    thread_.join();
    return acknowledged_;
  }

 private:
  void run() {
    cli::HttpClient http;
    while (!stopping_) {
      const loan::Loan loan = loan::generated(next_);
      const std::string form = R"({"applicant":)" + to_json(loan.applicant) + R"(,"amount":)" +
                               std::to_string(loan.amount) + R"(,"months":)" + std::to_string(loan.months) +
                               R"(,"purpose":")" + loan.purpose + "\"}";
      const auto reply =
          http.post(system_.url() + "/loans", form,
                    {"Content-Type: application/json", "Idempotency-Key: crash-" + std::to_string(next_)});
      if (reply && reply->status == 202) {
        const auto body = json::parse(reply->body);
        acknowledged_.push_back({body ? text_at(*body, "/loan") : "", next_});
        next_ += step_;
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // the server is away: the same request again
      }
    }
  }

  const System& system_;
  std::uint64_t next_;
  std::uint64_t step_;
  std::vector<Acknowledged> acknowledged_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

struct Due {
  int emails = 1;
  bool suspect = false;
};
Due due(std::uint64_t index) {
  const bool suspect = loan::verdict(loan::generated(index), kVersion).reason == "suspect";
  return {suspect ? 2 : 1, suspect};
}

bool ended(const Seen& seen, const Acknowledged& a) {
  return seen.count(a.loan, "profile.updated") >= 1 && seen.count(a.loan, "email.sent") >= due(a.index).emails;
}

// Reads the log from its beginning until all these loans have ended.
bool read_until_ended(const System& system, const std::vector<Acknowledged>& loans, Seen& seen) {
  const cli::EventStream stream(system.url() + "/v1/events", "start",
                                [&](const std::string&, const std::string& data) { seen.take(data); });
  const auto end = std::chrono::steady_clock::now() + kEndMost;
  const auto all = [&] { return std::ranges::all_of(loans, [&](const Acknowledged& a) { return ended(seen, a); }); };
  while (!all()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // a step taken twice might still come
  return true;
}

// Recipient and subject of every e-mail, how often.
std::map<std::string, int> emails(const fs::path& outbox) {
  std::map<std::string, int> counts;
  for (const auto& entry : fs::directory_iterator(outbox)) {
    if (entry.path().extension() != ".eml") continue;
    std::ifstream in(entry.path());
    std::string to, subject;
    for (std::string line; std::getline(in, line) && line != "\r" && !line.empty();) {
      if (line.starts_with("To:")) to = line;
      if (line.starts_with("Subject:")) subject = line;
    }
    EXPECT_FALSE(to.empty() || subject.empty()) << entry.path();
    ++counts[to + subject];
  }
  return counts;
}

void kill_at_random(const std::string& strategy) {
  const std::uint64_t run_seed = seed();
  SCOPED_TRACE("BATON_SEED=" + std::to_string(run_seed) + " strategy " + strategy);
  std::mt19937_64 random(run_seed);
  const Folder folder("crash-" + strategy);
  System system(folder.path(), strategy);
  ASSERT_NO_FATAL_FAILURE(system.start());
  Users even(system, 0, 2);
  Users odd(system, 1, 2);
  for (int i = 0; i < BATON_KILLS; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 400'000));
    system.kill();
    system.start();
    if (testing::Test::HasFatalFailure()) break;
  }
  std::vector<Acknowledged> loans = even.stop();
  const std::vector<Acknowledged> others = odd.stop();
  loans.insert(loans.end(), others.begin(), others.end());
  ASSERT_FALSE(testing::Test::HasFatalFailure());
  ASSERT_GT(loans.size(), static_cast<std::size_t>(BATON_KILLS));  // there was load

  Seen seen;
  EXPECT_TRUE(read_until_ended(system, loans, seen)) << "some flows never ended";
  EXPECT_EQ(seen.faults(), 0);
  cli::HttpClient http;
  std::size_t emails_due = 0;
  for (const Acknowledged& a : loans) {
    const Due d = due(a.index);
    emails_due += static_cast<std::size_t>(d.emails);
    EXPECT_EQ(seen.count(a.loan, "credit.checked"), 1) << a.loan;
    EXPECT_EQ(seen.count(a.loan, "criminal-activity.checked"), 1) << a.loan;
    EXPECT_EQ(seen.count(a.loan, "loan.processed"), 1) << a.loan;
    EXPECT_EQ(seen.count(a.loan, "profile.updated"), 1) << a.loan;
    EXPECT_EQ(seen.count(a.loan, "email.sent"), d.emails) << a.loan;
    const auto reply = http.get(system.url() + "/v1/instances/" + a.loan);
    ASSERT_TRUE(reply) << reply.error_text();
    const auto detail = json::parse(reply->body);
    ASSERT_TRUE(detail) << reply->body;
    EXPECT_EQ(text_at(*detail, "/status"), "completed") << a.loan << ": " << reply->body;
  }
  std::size_t files = 0;
  for (const auto& [what, count] : emails(system.outbox())) files += static_cast<std::size_t>(count);
  // One request of each user may have been published, but not acknowledged any more when the load stopped.
  EXPECT_GE(files, emails_due);
  EXPECT_LE(files, emails_due + 4);
  EXPECT_EQ(system.stop(), 0);
  std::printf("%s: %d kills, %zu loans acknowledged, all ended exactly once, %zu e-mails\n", strategy.c_str(),
              BATON_KILLS, loans.size(), files);
}

TEST(KilledAtRandom, OrchestratedFlowsEndExactlyOnce) {
  kill_at_random("orchestration");
}
TEST(KilledAtRandom, ChoreographedFlowsEndExactlyOnce) {
  kill_at_random("choreography");
}

}  // namespace
}  // namespace baton
