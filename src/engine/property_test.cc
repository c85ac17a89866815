// Random logs on a flow with everything in it. Whatever comes: folding twice gives the same bytes (testing::Play
// asserts it after each step), the timers of the state are those of the effects, work is handed out once, an event that
// comes again changes nothing, and nothing moves once it has ended. A failure prints its seed; BATON_SEED=… runs that
// one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "engine/testing/fixture.h"

namespace baton::engine {
namespace {

using testing::Play;

constexpr unsigned kSeeds = 300;
constexpr int kStepsMax = 60;

constexpr const char* kTasks = R"(
  - work:
      fork:
        branches:
          - retried:
              try: [ { check: { call: credit.check:1.0.0@default, timeout: { after: PT20S } } } ]
              catch:
                retry: { delay: PT2S, backoff: { exponential: {} }, jitter: { from: PT0S, to: PT1S }, limit: { attempt: { count: 2, duration: PT15S } } }
                do: [ { excuse: { set: { failed: '${ $error.status }' } } } ]
          - race:
              fork:
                compete: true
                branches:
                  - nap: { wait: PT30S }
                  - heard: { listen: { to: { all: [ { with: { type: x }, correlate: { k: { from: .data.k } } }, { with: { type: y }, correlate: { k: { from: .data.k } } } ] } } }
      export: { as: '($context // {}) + { work: (. | length) }' }
  - mail: { if: '(.[0] | type) == "object"', call: email.send:1.0.0@default, with: { n: '${ $context.work }' } }
  - again: { switch: [ { more: { when: '.again == true', then: work } } ] }
  - tell: { emit: { event: { with: { type: com.example.told.v1, data: '${ . }' } } } }
)";

std::shared_ptr<const flow::Program> everything() {
  static const auto program = testing::program_of(std::string(kTasks).substr(1), "timeout: { after: PT10M }\n");
  return program;
}

/// All of the state but when it last heard something.
std::string essence(Instance instance) {
  instance.updated_at = {};
  return encode(instance);
}

/// What was seen in all logs: that they reach what they are meant to test.
using Tally = std::map<std::string, int>;

class Log {
 public:
  Log(unsigned seed, Tally& tally) : random_(seed), play_(everything()), tally_(tally) {}

  void run() {
    play_.start("{}");
    follow();
    for (int steps = pick(kStepsMax); steps > 0 && !::testing::Test::HasFailure(); --steps) {
      if (const auto event = next()) take(*event);
    }
    ++tally_[play_.status()];
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  /// The occurrence of the task that was begun last, or one near it.
  std::uint32_t near(const char* name) {
    const auto index = static_cast<std::size_t>(play_.task(name).id.value);
    const auto& entered = play_.instance().entered;
    const std::uint32_t count = index < entered.size() ? entered[index] : 0;
    return pick(8) == 0 ? static_cast<std::uint32_t>(pick(4)) : std::max(count, 1u) - 1;
  }

  event::Event fault_of(const char* name) {
    event::Event fault = play_.result_of(name, R"({"status":503})", near(name));
    fault.kind = "fault";
    fault.type = "io.baton.call.failed.v1";
    return fault;
  }

  event::Event control(const char* action) {
    event::Event one = play_.event("io.baton.flow.control.v1", R"({"action":")" + std::string(action) + R"("})");
    one.kind = "control";
    return one;
  }

  /// The timer that is due first, or one that is not armed.
  std::optional<event::Event> timer() {
    const auto& timers = play_.instance().timers;
    const auto first = std::min_element(timers.begin(), timers.end(),
                                        [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
    if (first == timers.end()) return std::nullopt;
    const bool stale = pick(8) == 0;
    if (!stale) play_.pass(std::max<Millis>(0, first->second.due - play_.now()));
    return timer_event(play_.program(), "i-1", first->second.task, stale ? "stale" : first->first, play_.now());
  }

  /// One record of a log. Most hit something.
  std::optional<event::Event> next() {
    const std::string k = R"({"k":)" + std::to_string(pick(2)) + "}";
    switch (pick(14)) {
      case 0:
      case 1:
        return play_.result_of("check", "{}", near("check"));
      case 2:
      case 3:
        return fault_of("check");
      case 4:
        return play_.event("x", k);
      case 5:
        return play_.event("y", k);
      case 6:
        return play_.result_of("mail", R"({"again":true})", near("mail"));
      case 7:
        return play_.result_of("mail", R"({"again":false})", near("mail"));
      case 8:
        return timer();
      case 9:
        return control(pick(20) == 0 ? "cancel" : "suspend");
      case 10:
      case 11:
        return control("resume");
      case 12:
        return play_.event("noise", "[]");
      default:
        play_.pass(1000);
        return std::nullopt;
    }
  }

  void take(const event::Event& event) {
    const std::string before = essence(play_.instance());
    const bool over = ended(play_.instance().status);
    const Taken taken = play_.step(event);
    SCOPED_TRACE(json::print(event::to_json(event)));
    if (event.kind == "timer" && taken != Taken::orphan)
      armed_.erase(std::string(event.data.value().at("timer").as_string()));
    follow();
    ++tally_[taken == Taken::used ? "used" : taken == Taken::kept ? "kept" : "orphan"];
    if (taken != Taken::used) {
      EXPECT_TRUE(play_.effects().empty()) << play_.text();
    }
    if (taken == Taken::orphan) {
      EXPECT_EQ(essence(play_.instance()), before);
    }
    if (over) {
      EXPECT_EQ(taken, Taken::orphan);
    }
    take_again(event);
  }

  void take_again(const event::Event& event) {
    const std::string before = essence(play_.instance());
    play_.step(event);
    EXPECT_TRUE(play_.effects().empty()) << "a duplicate: " << play_.text();
    EXPECT_EQ(essence(play_.instance()), before) << "a duplicate";
  }

  /// The effects of a step against all those before, and against the state.
  void follow() {
    const Status status = play_.instance().status;
    for (const Effect& effect : play_.effects()) {
      if (const auto* arm = std::get_if<Arm>(&effect)) {
        EXPECT_TRUE(armed_.insert(arm->timer).second) << arm->timer;
      }
      if (const auto* off = std::get_if<Disarm>(&effect)) {
        EXPECT_EQ(armed_.erase(off->timer), 1u) << off->timer;
      }
      if (const auto* work = std::get_if<Perform>(&effect)) hand_out(work->task, work->occurrence);
      if (const auto* word = std::get_if<Emit>(&effect)) hand_out(word->task, word->occurrence);
      if (const auto* moved = std::get_if<Moved>(&effect)) tally_["retried"] += moved->phase == Moved::Phase::retried;
      if (const auto* end = std::get_if<Ended>(&effect)) {
        EXPECT_EQ(end->status, status);
      }
      endings_ += std::holds_alternative<Ended>(effect) ? 1 : 0;
    }
    std::set<std::string> timers;
    for (const auto& [name, timer] : play_.instance().timers) timers.insert(name);
    EXPECT_EQ(timers, armed_);
    EXPECT_EQ(endings_, ended(status) ? 1 : 0);
    if (ended(status)) {
      EXPECT_TRUE(play_.instance().frames.empty() && timers.empty());
    }
    EXPECT_LE(play_.instance().inbox.size(), kInboxMax);
  }

  void hand_out(flow::TaskId task, const Occurrence& occurrence) {
    EXPECT_TRUE(handed_out_.insert(to_string(occurrence)).second) << to_string(occurrence);
    EXPECT_NE(play_.instance().status, Status::suspended);
    ++tally_[play_.program().task(task).name];
  }

  std::mt19937 random_;
  Play play_;
  Tally& tally_;
  std::set<std::string> armed_;
  std::set<std::string> handed_out_;
  int endings_ = 0;
};

TEST(Property, WhateverComesIsFoldedSoundly) {
  Tally tally;
  const char* const one = std::getenv("BATON_SEED");
  const unsigned first = one != nullptr ? static_cast<unsigned>(std::strtoul(one, nullptr, 10)) : 1;
  const unsigned last = one != nullptr ? first : kSeeds;
  for (unsigned seed = first; seed <= last && !HasFailure(); ++seed) {
    SCOPED_TRACE("BATON_SEED=" + std::to_string(seed));
    Log(seed, tally).run();
  }
  if (one != nullptr) return;
  for (const char* what : {"completed", "faulted", "cancelled", "suspended", "retried", "used", "kept", "orphan",
                           "check", "mail", "tell"}) {
    EXPECT_GE(tally[what], 10) << what;
  }
}

TEST(Property, TheUsualLogCompletes) {
  Play play(everything());
  play.start("{}");
  play.fail("check", R"({"status":503})", 0);
  play.fire();
  play.reply("check", "{}", 1);
  play.happens("x", R"({"k":1})");
  play.happens("y", R"({"k":1})");
  EXPECT_NE(play.text().find(R"(perform mail {"n":2})"), std::string::npos) << play.text();
  play.reply("mail", R"({"again":false})");
  EXPECT_EQ(play.status(), "completed");
  EXPECT_NE(play.text().find("emit com.example.told.v1"), std::string::npos) << play.text();
}

}  // namespace
}  // namespace baton::engine
