// What the demo has seen of the loans: every event of every flow, from the server's event stream.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/demo/screen.h"
#include "json/data.h"

namespace baton::cli {

struct Tally {
  std::uint64_t requested = 0, ended = 0;
  std::map<std::string, std::uint64_t> outcomes;  ///< "approved", "denied: credit", …
  std::uint64_t emails = 0;
  std::uint64_t twice = 0;            ///< events of a kind that a loan must have once and had again
  double p50_ms = 0, slowest_ms = 0;  ///< request to last event
};

/// "com.example.credit.checked.v1" -> "credit.checked", also inside a text.
std::string without_domain(std::string text);

/// Any thread.
class Story {
 public:
  /// Tells the steps of the loans of these users as they happen.
  Story(Screen& screen, int version, std::map<std::string, std::string> watched_users)
      : screen_(screen), version_(version), watched_users_(std::move(watched_users)) {}

  void on_event(const std::string& cursor, const std::string& json);
  std::string cursor() const;
  Tally tally() const;
  std::uint64_t ended() const;
  bool await_ended(std::uint64_t loans, std::chrono::milliseconds most);
  /// Waits until some loan has begun and not ended.
  bool await_under_way(std::chrono::milliseconds most);
  /// The server is killed at this time: the first loan that was under way and goes on is told. How many are under way.
  std::uint64_t cut(Instant at);
  /// The watched loans that were seen: outcome they were chosen for -> id.
  std::map<std::string, std::string> watched() const;

 private:
  struct Loan {
    double requested_ms = 0, last_ms = 0;
    bool suspect = false, decided = false;
    std::string outcome;
    int emails = 0, profiles = 0, decisions = 0;
    int emails_due() const { return suspect ? 2 : 1; }
  };
  bool ended(const Loan& loan) const;
  void fold(Loan& loan, const std::string& type, const json::Value& event);
  void tell_resumed(const std::string& id, const std::string& type, const json::Value& event);
  void tell(const std::string& id, const Loan& loan, const std::string& type, const json::Value& event);

  Screen& screen_;
  const int version_;
  const std::map<std::string, std::string> watched_users_;  // user -> what they were chosen for
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string cursor_;
  std::set<std::string> seen_;  // event ids: the stream may repeat after a reconnect
  std::map<std::string, Loan> loans_;
  std::uint64_t requested_ = 0, ended_ = 0;     // of loans_
  std::map<std::string, std::string> watched_;  // id -> what it was chosen for
  std::set<std::string> cut_;                   // ids that were under way at the kill, until one has gone on
  double cut_ms_ = 0;
};

}  // namespace baton::cli
