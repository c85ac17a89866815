// A service: two triggers (a command, a task that its view says is ready), one path from there on (calls.h).
#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/overloaded.h"
#include "flow/nature.h"
#include "role/ending.h"
#include "role/fold.h"
#include "role/matching.h"
#include "role/participant/calls.h"
#include "role/participant/messages.h"
#include "role/roles.h"
#include "role/settled.h"

namespace baton::role {
namespace {

bool subscribed(const flow::Program& program, const std::string& type) {
  BATON_ASSERT(program.slice.has_value());
  const auto& types = program.slice->types;
  return types.contains(type) || types.contains("*") || type == flow::kAnyType;
}

/// May the frame's task be moved by an event that the view subscribes to?
bool awaited(const flow::Program& program, const engine::Frame& frame) {
  const bool waits =
      frame.phase == engine::Frame::Phase::waiting_reply || frame.phase == engine::Frame::Phase::waiting_event;
  return waits && std::ranges::any_of(program.task(frame.task).evidence,
                                      [&](const std::string& type) { return subscribed(program, type); });
}

class Participant final : public stream::Processor, private Folder {
 public:
  Participant(const Catalog& catalog, std::shared_ptr<const ServiceHandlers> service, const Retention& retention)
      : service_(std::move(service)),
        operations_(service_->service),
        fold_(catalog, chooser(), *this, fold_options(retention)),
        calls_(service_, operations_, fold_) {
    BATON_ASSERT(!service_->service.empty() && service_->in_flight_max > 0);
  }

  bool wants(std::string_view, std::string_view headers) const override {
    return event::peek(headers, "ce_batonkind") == "command" || fold_.wants(headers, false);
  }

  void on_event(const stream::Delivery& delivery, stream::Context& context) override {
    const event::Event& event = delivery.event;
    if (event.kind == "command") return on_command(event, context);
    fold_.on_event(delivery, context);
    if (event.kind == "fault" || event.kind == "timer") close_ended(event, context);
  }

  void on_timer(const stream::Timer& timer, stream::Context& context) override {
    if (timer.key.starts_with(kRetryTimer)) return calls_.on_retry(timer, context);
    fold_.on_timer(timer, context);
  }

  void on_outcome(const stream::Outcome& outcome, stream::Context& context) override {
    calls_.on_outcome(outcome, context);
  }

  void restore(stream::Context& context) override {
    fold_.restore(context);
    calls_.restore(context);
  }

  void flush(stream::Context& context) override { fold_.flush(context); }

 private:
  Choose chooser() const {
    return [name = service_->service](const Deployed& deployed) {
      const auto view = deployed.views.find(name);
      return view == deployed.views.end() ? nullptr : view->second;
    };
  }

  // --- the flow as the trigger

  void stepped(Live& live, const event::Event& event, engine::Taken taken, bool, const engine::Effects& effects,
               stream::Context& context) override {
    if (taken != engine::Taken::used) not_taken(*live.program, event, context);
    for (const engine::Effect& effect : effects) act(live, effect, event, context);
    const auto is_mine = [&](const flow::Actor& actor) { return mine(actor); };
    if (is_to_tell(live, event, effects, is_mine))
      context.publish(live.program->home_topic, engine::flow_fault_event(*live.program, live.instance, event));
  }

  void act(Live& live, const engine::Effect& effect, const event::Event& event, stream::Context& context) {
    std::visit(Overloaded{
                   [&](const engine::Perform& perform) {
                     if (acts(live, perform.task)) ready(live, perform, event, context);
                   },
                   [&](const engine::Refuse& refuse) {
                     if (acts(live, refuse.task))
                       context.publish(live.program->home_topic,
                                       engine::refusal_event(*live.program, live.instance, refuse, event));
                   },
                   [&](const engine::Emit& emit) {
                     if (acts(live, emit.task)) context.publish(emit.topic, emit.event);
                   },
                   [&](const engine::Abandon& abandon) {
                     if (acts(live, abandon.task))
                       calls_.settle(call_id(live.instance.id, abandon.occurrence), context);
                   },
                   [&](const engine::Arm& arm) {
                     if (mine(timekeeper(live, arm.task))) fold_.arm(live, arm, context);
                   },
                   [&](const engine::Disarm& disarm) {
                     if (mine(timekeeper(live, disarm.task))) fold_.disarm(live, disarm, context);
                   },
                   [&](const engine::Subscribe& subscribe) {
                     if (acts(live, subscribe.task)) announce(live.instance, subscribe, event, context);
                   },
                   [&](const engine::Unsubscribe& unsubscribe) {
                     if (acts(live, unsubscribe.task)) retract(live.instance, unsubscribe, event, context);
                   },
                   [](const engine::Moved&) {},
                   [](const engine::Ended&) {},
               },
               effect);
  }

  /// Nothing that may still come moves it.
  bool finished(const Live& live) const override {
    const engine::Instance& instance = live.instance;
    if (engine::ended(instance.status)) return true;
    const bool held_up = instance.status == engine::Status::suspended || instance.status == engine::Status::pending;
    if (held_up || !instance.timers.empty()) return false;
    return std::ranges::none_of(instance.frames,
                                [&](const engine::Frame& frame) { return awaited(*live.program, frame); });
  }

  /// Calls of its own that are under way when nothing more can move the view: who hears then that the flow is over
  /// finds them here.
  std::string remains(const Live& live) override {
    std::string ids;
    Writer writer(ids);
    for (const engine::Frame& frame : live.instance.frames) {
      const flow::Task& task = live.program->task(frame.task);
      if (frame.phase != engine::Frame::Phase::waiting_reply || !mine(task.actor)) continue;
      writer.string(call_id(live.instance.id, {.pointer = task.pointer, .iteration = frame.iteration}));
    }
    for (const engine::Unanswered& one : live.instance.unanswered) {
      const flow::Task& task = live.program->task(one.task);
      if (mine(task.actor))
        writer.string(call_id(live.instance.id, {.pointer = task.pointer, .iteration = one.iteration}));
    }
    return ids;
  }

  void settle_all(std::string_view remains, stream::Context& context) {
    Reader ids(remains);
    while (ids.ok() && !ids.done()) calls_.settle(ids.string(), context);
  }

  void refused(const event::Event& event, std::string_view, Refused reason, std::string_view remains,
               stream::Context& context) override {
    if (reason == Refused::ended && control_action(event) == "cancel") settle_all(remains, context);
    const auto program = fold_.programs().find(event.flowname, event.flowversion);
    if (program != nullptr) not_taken(*program, event, context);
  }

  void closing(const Live& live, stream::Context& context) override {
    retract_all(*live.program, live.instance, [this](const flow::Task& task) { return mine(task.actor); }, context);
  }

  /// What was delivered for a listen that has ended meanwhile is for others.
  void not_taken(const flow::Program& program, const event::Event& event, stream::Context& context) const {
    const flow::Task* listen = delivered_to(program, event);
    if (listen != nullptr && mine(listen->actor)) give_back(event, context);
  }

  void ready(const Live& live, const engine::Perform& perform, const event::Event& cause, stream::Context& context) {
    const auto& call = std::get<flow::Call>(live.program->task(perform.task).body);
    Pending p;
    p.id = call_id(live.instance.id, perform.occurrence);
    p.operation = call.operation;
    p.contract_version = call.version;
    p.request = perform.request.text();
    p.flow = live.instance.id.flow;
    p.flow_version = live.instance.version;
    p.occurrence = perform.occurrence;
    p.correlationid = live.instance.id.correlation;
    p.traceparent = cause.traceparent.empty() ? live.instance.traceparent : cause.traceparent;
    p.causationid = cause.id;
    calls_.begin(std::move(p), context);
  }

  /// The flow is over for everybody, whether or not their view shows it.
  void close_ended(const event::Event& event, stream::Context& context) {
    const auto program = fold_.programs().find(event.flowname, event.flowversion);
    if (program != nullptr && tells_the_end(*program, event))
      settle_all(fold_.close({event.flowname, event.correlationid}, context), context);
  }

  // --- a command as the trigger

  void on_command(const event::Event& event, stream::Context& context) {
    if (event.type == engine::kWithdrawalType) return withdrawn(event, context);
    Operations::Called called = operations_.called(event, fold_.programs());
    if (called.operation == nullptr && fold_.refresh()) called = operations_.called(event, fold_.programs());
    const auto& [contract, operation] = called;
    if (operation == nullptr) return;  // another service's: command topics may be shared
    if (Calls::knows(event.id, context)) return;
    Pending p;
    p.id = event.id;
    p.operation = operation->name;
    p.contract_version = contract->version;
    p.request = event.data.text();
    p.flow = event.flowname;
    p.flow_version = event.flowversion;
    if (auto occurrence = engine::parse_occurrence(event.flowtask)) p.occurrence = *std::move(occurrence);
    p.correlationid = event.correlationid;
    p.traceparent = event.traceparent;
    p.causationid = event.id;
    p.commanded = true;
    calls_.begin(std::move(p), context);
  }

  void withdrawn(const event::Event& event, stream::Context& context) {
    const json::Value* command = json::find(event.data.value(), "/command");
    if (command == nullptr || !command->is_string()) return;
    calls_.settle(std::string_view(command->get_string()), context);
  }

  bool acts(const Live& live, flow::TaskId task) const { return mine(live.program->task(task).actor); }
  bool mine(const flow::Actor& actor) const {
    return actor.kind == flow::Actor::Kind::service && actor.service == service_->service;
  }
  static const flow::Actor& timekeeper(const Live& live, flow::TaskId task) {
    return task == flow::kNoTask ? live.program->timekeeper : live.program->task(task).timekeeper;
  }

  std::shared_ptr<const ServiceHandlers> service_;
  Operations operations_;
  Fold fold_;
  Calls calls_;
};

}  // namespace

stream::ProcessorSpec participant(const Catalog& catalog, ServiceHandlers handlers,
                                  std::vector<std::string> command_topics, std::vector<std::string> home_topics,
                                  const Retention& retention) {
  stream::ProcessorSpec spec;
  spec.name = handlers.service;
  spec.topics = std::move(command_topics);
  for (std::string& topic : home_topics) {
    if (std::ranges::find(spec.topics, topic) == spec.topics.end()) spec.topics.push_back(std::move(topic));
  }
  spec.jobs_max = handlers.in_flight_max;
  auto service = std::make_shared<const ServiceHandlers>(std::move(handlers));
  spec.make = [&catalog, service, retention](log::PartitionId) {
    return std::make_unique<Participant>(catalog, service, retention);
  };
  return spec;
}

}  // namespace baton::role
