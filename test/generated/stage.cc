#include "stage.h"

#include <map>
#include <set>

#include "analysis/project.h"
#include "base/assert.h"
#include "draw.h"
#include "event/routed.h"
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
  // The stage goes on until no timer is left, that of an early event which nobody comes for among them: it is to end
  // while all that has happened is still remembered.
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
    for (const Echo& echo : echoes(program->document.value())) world_.deploy(echoing(echo));
    world_.deploy(program);
    flow_ = program->full_name();
  }

  Trace run(const std::vector<Happens>& happenings) {
    world_.publish(
        World::outside("com.example.cart.filled.v1", kId, json::print(surroundings_.start_data()), "the start"));
    std::size_t next = 0;
    for (int moments = 0; moments < kMomentsMax; ++moments) {
      const auto timer = world_.harness().next_timer();
      Instant soonest = timer.value_or(Instant(INT64_MAX));
      if (!answers_.empty()) soonest = std::min(soonest, answers_.begin()->first.first);
      if (next < happenings.size()) soonest = std::min(soonest, happenings[next].at);
      if (soonest == Instant(INT64_MAX)) return trace();
      world_.harness().clock().set(std::max(soonest, world_.harness().now()));
      const bool answers = !answers_.empty() && answers_.begin()->first.first == soonest;
      const std::string down = take_down(answers ? answers_.begin()->second.service : "");
      if (answers) {
        answers_.extract(answers_.begin()).mapped().give();
        world_.harness().settle();
      } else if (next < happenings.size() && happenings[next].at == soonest) {
        const Happens& one = happenings[next++];
        world_.publish(World::outside(one.type, kId, one.data, "outside " + std::to_string(next)));
      } else {
        world_.harness().settle();
      }
      if (!down.empty()) world_.resume();
      if (draw_.chance(4)) publish_again();
    }
    return {.acts = {}, .end = "without end"};
  }

 private:
  /// What a service is going to say, and to whom.
  struct Pending {
    std::string service;
    std::function<void()> give;
  };

  /// Says `com.example.echo.…` once it hears `com.example.said.…`, in a namespace of its own.
  static std::shared_ptr<const flow::Program> echoing(const Echo& echo) {
    const auto out = flow::testing::compile_text(
        "document: { dsl: 1.0.3, namespace: echo, name: " + echo.word + ", version: 1.0.0 }\n" +
        "schedule: { on: { one: { with: { type: " + echo.hears + " } } } }\n" +
        "do: [ { say: { emit: { event: { with: { source: /echo, type: " + echo.says + ", data: " + kEchoData +
        " } } } } } ]\n");
    BATON_ASSERT(out.program != nullptr);
    return out.program;
  }

  /// Now and then a service is down while something happens, and sees it only afterwards. Not the one that is about to
  /// answer. "": none.
  std::string take_down(const std::string& but) {
    constexpr std::string_view kServices[] = {"order", "payment", "email", "log"};
    if (!draw_.chance(16)) return {};
    std::string service(draw_.one_of(kServices));
    if (service == but) return {};
    world_.stop(service);
    return service;
  }

  /// Asked again after its process has begun anew, a service says the same at the same time.
  void asked(const Invocation& call, const Done& done) {
    std::map<std::string, Instant>& due = due_[call.task];
    const std::size_t nth = due.size();
    const auto [known, first] = due.try_emplace(call.idempotency_key);
    if (first) {
      const auto request = json::parse(call.request);
      BATON_ASSERT(request.has_value());
      note(world_.harness().now(), called(call.service + "." + call.operation, call.task, *request));
      said_[call.idempotency_key] = surroundings_.says(call.task, nth);
      known->second = world_.harness().now() + said_[call.idempotency_key].after;
    }
    answers_[{known->second, call.idempotency_key}] = {
        call.service, [done, said = said_[call.idempotency_key]] {
          if (said.failed == 0) return done(Answer{json::print(said.data), ""});
          done(std::unexpected(Failure{.detail = "it failed", .transient = false, .status = said.failed}));
        }};
  }

  /// A record comes twice, as it may: it must change nothing. Not those of the matcher, which alone writes them, in one
  /// commit with what it read.
  void publish_again() {
    std::vector<event::Event> happened = world_.events();
    std::erase_if(happened,
                  [](const event::Event& event) { return event.kind == "deploy" || event.kind == event::kDelivered; });
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
    const role::Shown shown = world_.show(kId, flow_);
    const Instant ended = shown.summary.ended.value_or(Instant());
    trace_.end = shown.summary.status == engine::Status::completed ? completed(ended, shown.outcome.value())
                 : shown.summary.status == engine::Status::faulted ? faulted(ended, shown.outcome.value())
                                                                   : "open";
    return trace_;
  }

  const Surroundings& surroundings_;
  Draw draw_;
  Trace trace_;
  std::map<std::string, std::map<std::string, Instant>> due_;   ///< by task, and by key of its executions
  std::map<std::string, Said> said_;                            ///< by key
  std::map<std::pair<Instant, std::string>, Pending> answers_;  ///< by time and key
  std::string flow_;
  World world_;  ///< last: it calls back
};

}  // namespace

Trace perform(const std::shared_ptr<const flow::Program>& program, const Surroundings& surroundings,
              const std::vector<Happens>& happenings) {
  return Stage(program, surroundings).run(happenings);
}

}  // namespace baton::generated
