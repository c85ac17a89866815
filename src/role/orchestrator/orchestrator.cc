// The orchestrator, and the timekeeper: both follow the whole program; they differ in which effects are theirs.
#include <algorithm>
#include <memory>

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
    for (const engine::Effect& effect : effects) {
      if (const auto* perform = std::get_if<engine::Perform>(&effect)) {
        command(live, *perform, event, context);
      } else if (const auto* refuse = std::get_if<engine::Refuse>(&effect)) {
        if (acts() && live.program->task(refuse->task).actor.kind == kind_)
          context.publish(live.program->home_topic,
                          engine::refusal_event(*live.program, live.instance, *refuse, event));
      } else if (const auto* emit = std::get_if<engine::Emit>(&effect)) {
        if (acts() && live.program->task(emit->task).actor.kind == kind_) context.publish(emit->topic, emit->event);
      } else if (const auto* arm = std::get_if<engine::Arm>(&effect)) {
        if (keeps(live, arm->task)) fold_.arm(live, *arm, context);
      } else if (const auto* disarm = std::get_if<engine::Disarm>(&effect)) {
        if (keeps(live, disarm->task)) fold_.disarm(live, *disarm, context);
      } else if (const auto* subscribe = std::get_if<engine::Subscribe>(&effect)) {
        if (is_ours(live.program->task(subscribe->task))) announce(live.instance, *subscribe, event, context);
      } else if (const auto* unsubscribe = std::get_if<engine::Unsubscribe>(&effect)) {
        if (is_ours(live.program->task(unsubscribe->task))) retract(live.instance, *unsubscribe, event, context);
      } else if (const auto* abandon = std::get_if<engine::Abandon>(&effect)) {
        withdraw(live, *abandon, event, context);
      }
    }
    const auto mine = [&](const flow::Actor& actor) { return actor.kind == kind_; };
    if (has_participants(*live.program) && is_to_tell(live, event, effects, mine))
      context.publish(live.program->home_topic, engine::flow_fault_event(*live.program, live.instance, event));
  }

  void refused(const event::Event& event, std::string_view, Refused, std::string_view, stream::Context& context) override {
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
    if (!acts() || task.actor.kind != kind_) return;
    context.publish(std::get<flow::Call>(task.body).command_topic,
                    engine::withdrawal_event(*live.program, live.instance, abandon.occurrence, cause));
  }

  void command(const Live& live, const engine::Perform& perform, const event::Event& cause,
               stream::Context& context) const {
    const flow::Task& task = live.program->task(perform.task);
    if (!acts() || task.actor.kind != kind_) return;
    const auto& call = std::get<flow::Call>(task.body);
    context.publish(call.command_topic, engine::command_event(*live.program, live.instance, perform, cause));
  }

  bool acts() const { return kind_ == Kind::orchestrator; }
  bool keeps(const Live& live, flow::TaskId task) const {
    const flow::Actor& actor = task == flow::kNoTask ? live.program->timekeeper : live.program->task(task).timekeeper;
    return actor.kind == kind_;
  }

  Kind kind_;
  Fold fold_;
};

stream::ProcessorSpec conductor(const Catalog& catalog, std::string name, std::vector<std::string> topics,
                                Choose choose, Kind kind, const Retention& retention) {
  stream::ProcessorSpec spec;
  spec.name = std::move(name);
  spec.topics = std::move(topics);
  spec.make = [&catalog, choose, kind, retention](log::PartitionId) {
    return std::make_unique<Conductor>(catalog, choose, kind, retention);
  };
  return spec;
}

bool arms(const flow::Task& task) {
  const auto* attempt = std::get_if<flow::Try>(&task.body);
  return task.timeout || std::holds_alternative<flow::Wait>(task.body) || (attempt != nullptr && attempt->retry);
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
    if (arms(task) && task.timekeeper.kind == Kind::none) return true;
    const auto* listen = std::get_if<flow::Listen>(&task.body);
    if (listen != nullptr && task.actor.kind == Kind::none && flow::hears_outside(*listen)) return true;
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
