// A service: two triggers (a command, a task that its view says is ready), one path from there on.
//
//   trigger -> pending (committed) -> handler -> result (committed, pending gone, inbox marked)
//                                       \-> failed: again later | for good: fault and dead letter
#include <algorithm>

#include "base/assert.h"
#include "role/fold.h"
#include "role/participant/job.h"
#include "role/participant/messages.h"
#include "role/participant/operations.h"
#include "role/participant/pending.h"
#include "role/roles.h"

namespace baton::role {
namespace {

constexpr char kRetryTimer = 'r';
constexpr std::size_t kRestorePage = 256;

bool subscribed(const flow::Program& program, const std::string& type) {
  const auto& types = program.slice->types;
  return types.contains(type) || types.contains("*") || type.empty();
}

/// May the frame's task be moved by an event that the view subscribes to?
bool awaited(const flow::Program& program, const engine::Frame& frame) {
  const flow::Body& body = program.task(frame.task).body;
  if (frame.phase == engine::Frame::Phase::waiting_reply) {
    const auto& types = std::get<flow::Call>(body).reply_types;
    return std::ranges::any_of(types, [&](const std::string& type) { return subscribed(program, type); });
  }
  if (frame.phase != engine::Frame::Phase::waiting_event) return false;
  const auto& filters = std::get<flow::Listen>(body).to.filters;
  return filters.empty() ||
         std::ranges::any_of(filters, [&](const flow::Filter& f) { return subscribed(program, f.type); });
}

bool has_try(const flow::Program& program) {
  return std::ranges::any_of(program.tasks,
                             [](const flow::Task& task) { return std::holds_alternative<flow::Try>(task.body); });
}

class Participant final : public stream::Processor, private Folder {
 public:
  Participant(const Catalog& catalog, std::shared_ptr<const ServiceHandlers> service)
      : service_(std::move(service)), operations_(service_->service), fold_(catalog, chooser(), *this, {}) {}

  bool wants(std::string_view, std::string_view headers) const override {
    return event::peek(headers, "ce_batonkind") == "command" || fold_.wants(headers, false);
  }

  void on_event(const stream::Delivery& delivery, stream::Context& context) override {
    const event::Event& event = delivery.event;
    if (event.kind == "command") return on_command(event, context);
    fold_.on_event(delivery, context);
    if (event.kind == "fault") close_faulted(event, context);
  }

  void on_timer(const stream::Timer& timer, stream::Context& context) override {
    if (timer.key.empty() || timer.key.front() != kRetryTimer) return fold_.on_timer(timer, context);
    auto pending = find(timer.key.substr(1), context);
    if (!pending) return;
    pending->retry_at = Instant(0);
    put(*pending, context);
    start(*pending, context);
  }

  void on_outcome(const stream::Outcome& outcome, stream::Context& context) override {
    const auto pending = find(outcome.key, context);
    if (!pending) return;
    const Reply reply = reply_of(outcome);
    if (reply) return succeeded(*pending, *reply, context);
    if (reply.error().transient && pending->failures + 1 < attempts_max())
      return retry(*pending, reply.error(), context);
    failed(*pending, reply.error(), context);
  }

  void restore(stream::Context& context) override {
    fold_.restore(context);
    const std::string prefix(1, kPendingKey);
    std::string after;
    for (;;) {
      const std::vector<log::Pair> page = context.scan(prefix, after, kRestorePage);
      for (const log::Pair& pair : page) {
        const Pending pending = decode_pending(pair.value);
        if (pending.retry_at == Instant(0)) start(pending, context);
      }
      if (page.size() < kRestorePage) return;
      after = page.back().key;
    }
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

  void stepped(Live& live, const event::Event& event, engine::Taken, bool, const engine::Effects& effects,
               stream::Context& context) override {
    for (const engine::Effect& effect : effects) {
      if (const auto* perform = std::get_if<engine::Perform>(&effect)) {
        if (mine(live.program->task(perform->task).actor)) ready(live, *perform, event, context);
      } else if (const auto* emit = std::get_if<engine::Emit>(&effect)) {
        if (mine(live.program->task(emit->task).actor)) context.publish(emit->topic, emit->event);
      } else if (const auto* arm = std::get_if<engine::Arm>(&effect)) {
        if (mine(timekeeper(live, arm->task))) fold_.arm(live, *arm, context);
      } else if (const auto* disarm = std::get_if<engine::Disarm>(&effect)) {
        if (mine(timekeeper(live, disarm->task))) fold_.disarm(live, *disarm, context);
      }
    }
    const bool by_fault_or_timer = event.kind == "fault" || event.kind == "timer";  // which all see
    if (live.instance.status == engine::Status::faulted && !by_fault_or_timer) tell_fault(live, effects, context);
  }

  /// A request that can't be made ends the flow, and only who has the data for it knows: others learn it from the log.
  void tell_fault(const Live& live, const engine::Effects& effects, stream::Context& context) {
    for (const engine::Effect& effect : effects) {
      const auto* moved = std::get_if<engine::Moved>(&effect);
      if (moved == nullptr || moved->phase != engine::Moved::Phase::faulted ||
          !mine(live.program->task(moved->task).actor))
        continue;
      Pending p;
      p.flow = live.instance.flow;
      p.flow_version = live.instance.version;
      p.occurrence = moved->occurrence;
      p.correlationid = live.instance.id;
      p.traceparent = live.instance.traceparent;
      event::Event fault = fault_event(service_->service, p, {}, context.now());
      fault.data = moved->data;
      return context.publish(live.program->home_topic, fault);
    }
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

  void ready(const Live& live, const engine::Perform& perform, const event::Event& cause, stream::Context& context) {
    const auto& call = std::get<flow::Call>(live.program->task(perform.task).body);
    Pending p;
    p.id = engine::derived_id(live.instance.id, perform.occurrence.pointer, perform.occurrence.iteration, "command");
    p.operation = call.operation;
    p.contract_version = call.version;
    p.request = perform.request.text();
    p.flow = live.instance.flow;
    p.flow_version = live.instance.version;
    p.occurrence = perform.occurrence;
    p.correlationid = live.instance.id;
    p.partitionkey = cause.partitionkey;
    p.traceparent = cause.traceparent.empty() ? live.instance.traceparent : cause.traceparent;
    p.causationid = cause.id;
    p.attempts_max = attempts_max();
    put(p, context);
    start(p, context);
  }

  /// A fault that nothing catches ends the flow for everybody, whether or not their view has the task.
  void close_faulted(const event::Event& event, stream::Context& context) {
    const auto program = fold_.programs().find(event.flowname, event.flowversion);
    const auto occurrence = engine::parse_occurrence(event.flowtask);
    if (program == nullptr || !occurrence || has_try(*program)) return;
    const flow::Task* task = program->find(occurrence->pointer);
    const auto* call = task == nullptr ? nullptr : std::get_if<flow::Call>(&task->body);
    if (call != nullptr && !call->reply_types.empty()) fold_.close(event.correlationid, event.flowname, context);
  }

  // --- a command as the trigger

  void on_command(const event::Event& event, stream::Context& context) {
    Operations::Called called = operations_.called(event, fold_.programs());
    if (called.operation == nullptr && fold_.refresh()) called = operations_.called(event, fold_.programs());
    const auto& [contract, operation] = called;
    if (operation == nullptr) return;  // another service's: command topics may be shared
    const std::string mark = key_of(kMarkKey, event.id);
    if (context.get(mark) || context.get(key_of(kPendingKey, event.id))) return;
    Pending p;
    p.id = event.id;
    p.operation = operation->name;
    p.contract_version = contract->version;
    p.request = event.data.text();
    p.flow = event.flowname;
    p.flow_version = event.flowversion;
    if (auto occurrence = engine::parse_occurrence(event.flowtask)) p.occurrence = *std::move(occurrence);
    p.correlationid = event.correlationid;
    p.partitionkey = event.partitionkey;
    p.traceparent = event.traceparent;
    p.causationid = event.id;
    p.commanded = true;
    p.attempts_max = attempts_max();
    put(p, context);
    start(p, context);
  }

  // --- from there on

  void start(const Pending& pending, stream::Context& context) {
    context.run(make_job(service_, operations_.contract(pending.contract_version, fold_.programs()), pending));
  }

  void succeeded(const Pending& p, const Answer& answer, stream::Context& context) {
    if (!answer.type.empty())
      context.publish(reply_topic(p, answer.type), result_event(service_->service, p, answer, context.now()));
    done(p, context);
  }

  void retry(Pending p, const Failure& failure, stream::Context& context) {
    ++p.failures;
    p.retry_at = context.now() + delay_of(service_->retry, p.failures, p.id);
    p.last_error = failure.detail;
    put(p, context);
    context.arm(p.retry_at, key_of(kRetryTimer, p.id));
  }

  void failed(const Pending& p, const Failure& failure, stream::Context& context) {
    const Deployed* deployed = fold_.programs().registry().find(p.flow, p.flow_version);
    if (deployed != nullptr) {
      context.publish(deployed->program->home_topic, fault_event(service_->service, p, failure, context.now()));
    }
    context.publish(service_->service + ".dead-letters", dead_letter(service_->service, p, failure, context.now()));
    done(p, context);
  }

  void done(const Pending& p, stream::Context& context) {
    context.erase(key_of(kPendingKey, p.id));
    if (!p.commanded) return;
    std::string mark = key_of(kMarkKey, p.id);
    context.put(mark, "");
    fold_.expire_later(std::move(mark));
  }

  std::string reply_topic(const Pending& p, std::string_view type) {
    const auto contract = operations_.contract(p.contract_version, fold_.programs());
    const flow::Operation* operation = contract == nullptr ? nullptr : contract->find(p.operation);
    BATON_ASSERT(operation != nullptr);  // the job has checked the answer against it
    const auto reply = std::ranges::find(operation->replies, type, &flow::Message::type);
    BATON_ASSERT(reply != operation->replies.end());
    return reply->topic;
  }

  static std::optional<Pending> find(std::string_view id, stream::Context& context) {
    const auto bytes = context.get(key_of(kPendingKey, id));
    if (!bytes) return std::nullopt;
    return decode_pending(*bytes);
  }
  static void put(const Pending& p, stream::Context& context) { context.put(key_of(kPendingKey, p.id), encode(p)); }

  std::uint32_t attempts_max() const { return static_cast<std::uint32_t>(std::max(service_->retry.attempts_max, 1)); }
  bool mine(const flow::Actor& actor) const {
    return actor.kind == flow::Actor::Kind::service && actor.service == service_->service;
  }
  static const flow::Actor& timekeeper(const Live& live, flow::TaskId task) {
    return task == flow::kNoTask ? live.program->timekeeper : live.program->task(task).timekeeper;
  }

  std::shared_ptr<const ServiceHandlers> service_;
  Operations operations_;
  Fold fold_;
};

}  // namespace

stream::ProcessorSpec participant(const Catalog& catalog, ServiceHandlers handlers,
                                  std::vector<std::string> command_topics, std::vector<std::string> home_topics) {
  stream::ProcessorSpec spec;
  spec.name = handlers.service;
  spec.topics = std::move(command_topics);
  for (std::string& topic : home_topics) {
    if (std::ranges::find(spec.topics, topic) == spec.topics.end()) spec.topics.push_back(std::move(topic));
  }
  spec.jobs_max = handlers.in_flight_max;
  auto service = std::make_shared<const ServiceHandlers>(std::move(handlers));
  spec.make = [&catalog, service](log::PartitionId) { return std::make_unique<Participant>(catalog, service); };
  return spec;
}

}  // namespace baton::role
