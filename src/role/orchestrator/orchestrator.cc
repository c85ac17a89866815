// The orchestrator, and the timekeeper: both follow the whole program; they differ in which effects are theirs.
#include <algorithm>
#include <memory>

#include "base/assert.h"
#include "base/overloaded.h"
#include "flow/nature.h"
#include "role/ending.h"
#include "role/fold.h"
#include "role/matching.h"
#include "role/roles.h"

namespace baton::role {
namespace {

using Kind = flow::Actor::Kind;

/// Does somebody take part who has a view of his own?
bool has_participants(const flow::Program& program) {
  const auto service = [](const flow::Actor& actor) { return actor.kind == Kind::service; };
  return std::ranges::any_of(program.tasks,
                             [&](const flow::Task& task) { return service(task.actor) || service(task.timekeeper); });
}

class Conductor final : public stream::Processor, private Folder {
 public:
  /// Acts where the actor is of this kind (none: nobody's timers).
  Conductor(const Catalog& catalog, Choose choose, Kind kind, const Retention& retention)
      : kind_(kind), fold_(catalog, std::move(choose), *this, fold_options(retention)) {}

  bool wants(std::string_view, std::string_view headers) const override { return fold_.wants(headers, false); }
  void on_event(const stream::Delivery& delivery, stream::Context& context) override {
    fold_.on_event(delivery, context);
  }
  void on_timer(const stream::Timer& timer, stream::Context& context) override { fold_.on_timer(timer, context); }
  void on_outcome(const stream::Outcome&, stream::Context&) override {}
  void restore(stream::Context& context) override { fold_.restore(context); }
  void flush(stream::Context& context) override { fold_.flush(context); }

 private:
  void stepped(Live& live, const event::Event& event, engine::Taken taken, bool, const engine::Effects& effects,
               stream::Context& context) override {
    if (taken != engine::Taken::used) not_taken(*live.program, event, context);
    for (const engine::Effect& effect : effects) act(live, effect, event, context);
    const auto mine = [&](const flow::Actor& actor) { return actor.kind == kind_; };
    if (has_participants(*live.program) && is_to_tell(live, event, effects, mine))
      context.publish(live.program->home_topic, engine::flow_fault_event(*live.program, live.instance, event));
  }

  void act(Live& live, const engine::Effect& effect, const event::Event& event, stream::Context& context) {
    std::visit(Overloaded{
                   [&](const engine::Perform& perform) {
                     if (commands(live, perform.task)) command(live, perform, event, context);
                   },
                   [&](const engine::Refuse& refuse) {
                     if (commands(live, refuse.task))
                       context.publish(live.program->home_topic,
                                       engine::refusal_event(*live.program, live.instance, refuse, event));
                   },
                   [&](const engine::Emit& emit) {
                     if (commands(live, emit.task)) context.publish(emit.topic, emit.event);
                   },
                   [&](const engine::Abandon& abandon) {
                     if (commands(live, abandon.task)) withdraw(live, abandon, event, context);
                   },
                   [&](const engine::Arm& arm) {
                     if (keeps(live, arm.task)) fold_.arm(live, arm, context);
                   },
                   [&](const engine::Disarm& disarm) {
                     if (keeps(live, disarm.task)) fold_.disarm(live, disarm, context);
                   },
                   [&](const engine::Subscribe& subscribe) {
                     if (is_ours(live.program->task(subscribe.task)))
                       announce(live.instance, subscribe, event, context);
                   },
                   [&](const engine::Unsubscribe& unsubscribe) {
                     if (is_ours(live.program->task(unsubscribe.task)))
                       retract(live.instance, unsubscribe, event, context);
                   },
                   [](const engine::Moved&) {},
                   [](const engine::Ended&) {},
               },
               effect);
  }

  void refused(const event::Event& event, std::string_view, Refused, std::string_view,
               stream::Context& context) override {
    const auto program = fold_.programs().find(event.flowname, event.flowversion);
    if (program != nullptr) not_taken(*program, event, context);
  }

  /// What was delivered for a listen that has ended meanwhile is for others.
  void not_taken(const flow::Program& program, const event::Event& event, stream::Context& context) const {
    const flow::Task* listen = delivered_to(program, event);
    if (listen != nullptr && is_ours(*listen)) give_back(event, context);
  }

  bool is_ours(const flow::Task& task) const { return task.actor.kind == kind_; }

  /// Who was commanded learns that it may stop.
  void withdraw(const Live& live, const engine::Abandon& abandon, const event::Event& cause,
                stream::Context& context) const {
    const flow::Task& task = live.program->task(abandon.task);
    context.publish(std::get<flow::Call>(task.body).command_topic,
                    engine::withdrawal_event(*live.program, live.instance, abandon.occurrence, cause));
  }

  void command(const Live& live, const engine::Perform& perform, const event::Event& cause,
               stream::Context& context) const {
    const auto& call = std::get<flow::Call>(live.program->task(perform.task).body);
    BATON_ASSERT(!call.command_topic.empty() && !call.command_type.empty());
    context.publish(call.command_topic, engine::command_event(*live.program, live.instance, perform, cause));
  }

  bool commands(const Live& live, flow::TaskId task) const {
    return kind_ == Kind::orchestrator && is_ours(live.program->task(task));
  }
  bool keeps(const Live& live, flow::TaskId task) const {
    const flow::Actor& actor = task == flow::kNoTask ? live.program->timekeeper : live.program->task(task).timekeeper;
    return actor.kind == kind_;
  }

  Kind kind_;
  Fold fold_;
};

stream::ProcessorSpec conductor(const Catalog& catalog, std::string name, std::vector<std::string> topics,
                                Choose choose, Kind kind, const Retention& retention) {
  BATON_ASSERT(choose != nullptr);
  stream::ProcessorSpec spec;
  spec.name = std::move(name);
  spec.topics = std::move(topics);
  spec.make = [&catalog, choose, kind, retention](log::PartitionId) {
    return std::make_unique<Conductor>(catalog, choose, kind, retention);
  };
  return spec;
}

}  // namespace

stream::ProcessorSpec orchestrator(const Catalog& catalog, std::vector<std::string> home_topics,
                                   const Retention& retention) {
  const Choose choose = [](const Deployed& deployed) {
    return deployed.program->orchestrated() ? deployed.program : nullptr;
  };
  return conductor(catalog, "orchestrator", std::move(home_topics), choose, Kind::orchestrator, retention);
}

bool needs_timekeeper(const flow::Program& program) {
  if (program.timeout && program.timekeeper.kind == Kind::none) return true;
  for (const flow::Task& task : program.tasks) {
    const flow::Nature n = flow::nature(task);
    if (n.arms && task.timekeeper.kind == Kind::none) return true;
    if (n.hears != nullptr && task.actor.kind == Kind::none && flow::hears_outside(*n.hears)) return true;
  }
  return false;
}

stream::ProcessorSpec timekeeper(const Catalog& catalog, std::vector<std::string> home_topics,
                                 const Retention& retention) {
  const Choose choose = [](const Deployed& deployed) {
    return needs_timekeeper(*deployed.program) ? deployed.program : nullptr;
  };
  return conductor(catalog, "timekeeper", std::move(home_topics), choose, Kind::none, retention);
}

}  // namespace baton::role
