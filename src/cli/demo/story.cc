#include "cli/demo/story.h"

#include <fmt/format.h>

#include <algorithm>

namespace baton::cli {
namespace {

std::string text_at(const json::Value& value, std::string_view pointer) {
  const json::Value* found = json::find(value, pointer);
  if (found == nullptr || found->is_null()) return "";
  return found->is_string() ? std::string(found->get_string()) : json::print(*found);
}

double time_of(const json::Value& event) {
  const auto time = parse_rfc3339(text_at(event, "/time"));
  return time ? static_cast<double>(time->value) : 0;
}

std::string facts(const json::Value& event) {
  std::string text;
  for (const char* field : {"credible", "suspect", "to", "template"}) {
    const std::string value = text_at(event, std::string("/data/") + field);
    if (!value.empty()) text += (text.empty() ? "" : ", ") + std::string(field) + " " + value;
  }
  return text;
}

}  // namespace

std::string without_domain(std::string text) {
  constexpr std::string_view kDomain = "com.example.";
  if (const std::size_t at = text.find(kDomain); at != std::string::npos) text.erase(at, kDomain.size());
  return text.ends_with(".v1") ? text.substr(0, text.size() - 3) : text;
}

void Story::on_event(const std::string& cursor, const std::string& json) {
  const auto parsed = json::parse(json);
  if (!parsed) return;
  const std::string id = text_at(*parsed, "/correlationid");
  const std::string type = without_domain(text_at(*parsed, "/type"));
  const std::lock_guard lock(mutex_);
  cursor_ = cursor;
  if (id.empty() || !seen_.insert(text_at(*parsed, "/id")).second) return;
  Loan& loan = loans_[id];
  const bool had_ended = ended(loan);
  fold(loan, type, *parsed);
  if (type == "loan.requested") ++requested_;
  if (ended(loan) != had_ended) had_ended ? --ended_ : ++ended_;
  if (type == "loan.requested") {
    const auto chosen = watched_users_.find(text_at(*parsed, "/data/applicant/user"));
    if (chosen != watched_users_.end()) watched_.emplace(id, chosen->second);
  }
  if (cut_.contains(id)) tell_resumed(id, type, *parsed);
  if (watched_.contains(id)) tell(id, loan, type, *parsed);
  changed_.notify_all();
}

// v1 ends with the decision; from v2 on the applicant gets an e-mail and the profile an entry, and in v4 the
// authorities an e-mail too.
bool Story::ended(const Loan& loan) const {
  return loan.decided && (version_ == 1 || (loan.profiles >= 1 && loan.emails >= loan.emails_due()));
}

void Story::fold(Loan& loan, const std::string& type, const json::Value& event) {
  loan.last_ms = std::max(loan.last_ms, time_of(event));
  if (type == "loan.requested") loan.requested_ms = time_of(event);
  if (type == "criminal-activity.checked") loan.suspect = text_at(event, "/data/suspect") == "true";
  if (type == "email.sent") ++loan.emails;
  if (type == "profile.updated") ++loan.profiles;
  if (type != "loan.processed") return;
  ++loan.decisions;
  loan.decided = true;
  const std::string reason = text_at(event, "/data/reason");
  loan.outcome = text_at(event, "/data/decision") + (reason.empty() || reason == "none" ? "" : ": " + reason);
}

void Story::tell(const std::string& id, const Loan& loan, const std::string& type, const json::Value& event) {
  const double after = time_of(event) - loan.requested_ms;
  screen_.say_row(fmt::format("  {}  {:>7}  {:<26} ", id.substr(0, 10),
                              loan.requested_ms == 0 ? "" : fmt::format("+{:.0f} ms", after), type),
                  type == "loan.processed" ? loan.outcome : facts(event));
}

// What the stream brings only now may have happened before the kill.
void Story::tell_resumed(const std::string& id, const std::string& type, const json::Value& event) {
  const double after = time_of(event) - cut_ms_;
  if (after <= 0) return;
  cut_.clear();
  screen_.say(screen_.green(
      fmt::format("  the first to go on: {}, {:.0f} ms after the kill, with {}", id.substr(0, 10), after, type)));
}

std::uint64_t Story::cut(Instant at) {
  const std::lock_guard lock(mutex_);
  cut_ms_ = static_cast<double>(at.value);
  for (const auto& [id, loan] : loans_) {
    if (loan.requested_ms > 0 && !ended(loan)) cut_.insert(id);
  }
  return cut_.size();
}

std::string Story::cursor() const {
  const std::lock_guard lock(mutex_);
  return cursor_;
}

std::map<std::string, std::string> Story::watched() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> out;
  for (const auto& [id, chosen] : watched_) out.emplace(chosen, id);
  return out;
}

Tally Story::tally() const {
  const std::lock_guard lock(mutex_);
  Tally tally;
  std::vector<double> times;
  for (const auto& [id, loan] : loans_) {
    tally.requested += loan.requested_ms > 0 ? 1 : 0;
    tally.emails += static_cast<std::uint64_t>(loan.emails);
    tally.twice +=
        (loan.decisions > 1 ? 1 : 0) + (loan.profiles > 1 ? 1 : 0) + (loan.emails > loan.emails_due() ? 1 : 0);
    if (!ended(loan)) continue;
    ++tally.ended;
    ++tally.outcomes[loan.outcome];
    times.push_back(loan.last_ms - loan.requested_ms);
  }
  std::ranges::sort(times);
  if (!times.empty()) {
    tally.p50_ms = times[times.size() / 2];
    tally.slowest_ms = times.back();
  }
  return tally;
}

std::uint64_t Story::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

bool Story::await_ended(std::uint64_t loans, std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, most, [&] { return ended_ >= loans; });
}

bool Story::await_under_way(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, most, [&] { return requested_ > ended_; });
}

}  // namespace baton::cli
