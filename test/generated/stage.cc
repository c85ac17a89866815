#include "stage.h"

#include <map>
#include <set>

#include "analysis/project.h"
#include "base/assert.h"
#include "draw.h"
#include "flow/testing/fixture.h"
#include "role/testing/world.h"

namespace baton::generated {
namespace {

using role::testing::World;

constexpr const char* kId = "I-1";
constexpr int kMomentsMax = 5'000;

role::testing::WorldOptions options() {
  role::testing::WorldOptions out;
  out.view = [](const flow::Program& program, const std::string& service) {
    auto view = analysis::project(program, service);
    BATON_ASSERT(view.has_value());
    return view->slice;
  };
  // The stage goes on until no timer is left, that of an early event which nobody comes for among them: it is to end while
  // all that has happened is still remembered.
  out.matcher.early_ms = 3 * kDayMs;
  return out;
}

class Stage {
 public:
  Stage(const std::shared_ptr<const flow::Program>& program, const Surroundings& surroundings)
      : surroundings_(surroundings), draw_(surroundings.seed()), world_(flow::testing::shop_contracts(), options()) {
    world_.harness().clock().set(kStart);
    for (const char* operation : {"order.place", "payment.charge", "email.send", "log.write"}) {
      world_.handle_later(operation, [this](const Invocation& call, const Done& done) { asked(call, done); });
    }
    world_.deploy(program);
  }

  Trace run(const std::vector<Happens>& happenings) {
    world_.publish(
        World::outside("com.example.cart.filled.v1", kId, json::print(surroundings_.start_data()), "the start"));
    std::size_t next = 0;
    for (int moments = 0; moments < kMomentsMax; ++moments) {
      const auto timer = world_.harness().next_timer();
      Instant soonest = timer.value_or(Instant(INT64_MAX));
      if (!answers_.empty()) soonest = std::min(soonest, answers_.begin()->first);
      if (next < happenings.size()) soonest = std::min(soonest, happenings[next].at);
      if (soonest == Instant(INT64_MAX)) return trace();
      world_.harness().clock().set(std::max(soonest, world_.harness().now()));
      if (!answers_.empty() && answers_.begin()->first == soonest) {
        answers_.extract(answers_.begin()).mapped()();
        world_.harness().settle();
      } else if (next < happenings.size() && happenings[next].at == soonest) {
        const Happens& one = happenings[next++];
        world_.publish(World::outside(one.type, kId, one.data, "outside " + std::to_string(next)));
      } else {
        world_.harness().settle();
      }
      if (draw_.chance(4)) publish_again();
    }
    return {.acts = {}, .end = "without end"};
  }

 private:
  void asked(const Invocation& call, const Done& done) {
    const auto request = json::parse(call.request);
    BATON_ASSERT(request.has_value());
    note(world_.harness().now(), called(call.service + "." + call.operation, call.task, *request));
    std::set<std::string>& keys = keys_[call.task];
    const std::size_t nth = keys.size();
    keys.insert(call.idempotency_key);
    const Said said = surroundings_.says(call.task, nth);
    answers_.emplace(world_.harness().now() + said.after, [done, said] {
      if (said.failed == 0) return done(Answer{json::print(said.data), ""});
      done(std::unexpected(Failure{.detail = "it failed", .transient = false, .status = said.failed}));
    });
  }

  /// A record comes twice, as it may: it must change nothing.
  void publish_again() {
    std::vector<event::Event> happened = world_.events();
    std::erase_if(happened, [](const event::Event& event) { return event.kind == "deploy"; });
    event::Event again = happened[draw_.below(happened.size())];
    world_.publish(std::move(again));
  }

  void note(Instant at, std::string what) { trace_.acts.emplace_back(at, std::move(what)); }

  Trace trace() {
    std::set<std::string> seen;
    for (const event::Event& event : world_.events()) {
      if (event.type.starts_with("com.example.said.") && seen.insert(event.id).second)
        note(event.time, emitted(event.type, event.data.value()));
    }
    std::ranges::sort(trace_.acts);
    const role::Shown shown = world_.show(kId);
    const Instant ended = shown.summary.ended.value_or(Instant());
    trace_.end = shown.summary.status == engine::Status::completed ? completed(ended, shown.outcome.value())
                 : shown.summary.status == engine::Status::faulted ? faulted(ended, shown.outcome.value())
                                                                   : "open";
    return trace_;
  }

  const Surroundings& surroundings_;
  Draw draw_;
  Trace trace_;
  std::map<std::string, std::set<std::string>> keys_;  ///< by task: of its executions
  std::multimap<Instant, std::function<void()>> answers_;
  World world_;  ///< last: it calls back
};

}  // namespace

Trace perform(const std::shared_ptr<const flow::Program>& program, const Surroundings& surroundings,
              const std::vector<Happens>& happenings) {
  return Stage(program, surroundings).run(happenings);
}

}  // namespace baton::generated
