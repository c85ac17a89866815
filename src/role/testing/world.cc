#include "role/testing/world.h"

#include "base/assert.h"
#include "role/matching.h"
#include "role/programs.h"

namespace baton::role::testing {

std::shared_ptr<const flow::Program> whole_view(const flow::Program& program, const std::string& service) {
  auto view = std::make_shared<flow::Program>(program);
  view->slice = flow::Program::Slice{service, event_types(program), true};
  return view;
}

World::World(flow::Contracts contracts, WorldOptions options)
    : options_(std::move(options)), contracts_(std::move(contracts)), harness_({.shards = options_.shards}) {
  harness_.topic(std::string(kMatchingTopic), options_.partitions);
  for (const auto& contract : contracts_.all()) {
    harness_.topic(contract->service + ".dead-letters", options_.partitions);
    for (const flow::Operation& operation : contract->operations) {
      harness_.topic(operation.request.topic, options_.partitions);
      for (const flow::Message& reply : operation.replies) harness_.topic(reply.topic, options_.partitions);
    }
  }
}

void World::fail(const std::string& operation, int times, bool transient, std::string detail) {
  Failing& failing = failing_[operation];
  failing.times = times;
  failing.failure.detail = std::move(detail);
  failing.failure.transient = transient;
}

std::size_t World::release(const std::string& operation) {
  held_.erase(operation);
  auto answers = std::exchange(kept_back_[operation], {});
  for (const auto& answer : answers) answer();
  harness_.settle();
  return answers.size();
}

ServiceHandlers World::handlers_of(const flow::Contract& contract) {
  ServiceHandlers out;
  out.service = contract.service;
  out.retry = options_.retry;
  out.in_flight_max = options_.in_flight_max;
  for (const flow::Operation& operation : contract.operations) {
    if (!operation.receives) continue;
    const std::string name = contract.service + "." + operation.name;
    out.operations[operation.name] = [this, name](const Invocation& invocation, const Done& done) {
      run(name, invocation, done);
    };
  }
  return out;
}

void World::run(const std::string& operation, const Invocation& invocation, const Done& done) {
  keys_[operation].push_back(invocation.idempotency_key);
  Failing& failing = failing_[operation];
  if (failing.times > 0) {
    --failing.times;
    return done(std::unexpected(failing.failure));
  }
  if (const auto later = later_.find(operation); later != later_.end()) return later->second(invocation, done);
  const auto handle = handles_.find(operation);
  Reply reply = handle == handles_.end() ? Reply(Answer{"{}", ""}) : handle->second(invocation);
  if (!held_.contains(operation)) return done(std::move(reply));
  kept_back_[operation].push_back([done, reply = std::move(reply)] { done(reply); });
}

void World::deploy(std::shared_ptr<const flow::Program> program) {
  const std::string flow = program->full_name();
  auto registry = std::make_shared<Registry>(catalog_.snapshot().copy());
  registry->contracts = contracts_;
  Deployed deployed{program, {}};
  const auto add_view = [&](const flow::Actor& actor) {
    if (actor.kind != flow::Actor::Kind::service || deployed.views.contains(actor.service)) return;
    deployed.views.emplace(actor.service, options_.view(*program, actor.service));
  };
  add_view(program->timekeeper);
  for (const flow::Task& task : program->tasks) {
    add_view(task.actor);
    add_view(task.timekeeper);
  }
  registry->flows.insert_or_assign({flow, program->version}, deployed);
  catalog_.replace(registry);
  home_ = program->home_topic;
  harness_.topic(home_, options_.partitions);
  place();
  event::Event event = outside("io.baton.flow.deployed.v1", "", "null", "deploy-" + std::to_string(++deployments_));
  event.kind = "deploy";
  event.flowname = flow;
  event.flowversion = program->version;
  event.time = harness_.now();
  const event::Encoded encoded = event::encode(event);
  const log::Topic topic = harness_.topic(home_, options_.partitions);
  for (std::int32_t p = 0; p < options_.partitions; ++p) {
    harness_.append({topic.id, log::PartitionId(p)}, {"", encoded.headers, encoded.value, event.time});
  }
  harness_.settle();
}

void World::place() {
  std::set<std::string> homes;
  std::set<std::string> orchestrated;
  std::set<std::string> timed;
  const auto registry = catalog_.snapshot();
  for (const auto& [name, deployed] : registry->flows) {
    const flow::Program& program = *deployed.program;
    homes.insert(program.home_topic);
    if (program.orchestrated()) orchestrated.insert(program.home_topic);
    if (needs_timekeeper(program)) timed.insert(program.home_topic);
  }
  const auto list = [](const std::set<std::string>& topics) {
    return std::vector<std::string>(topics.begin(), topics.end());
  };
  if (!orchestrated.empty()) harness_.add(orchestrator(catalog_, list(orchestrated)));
  if (!timed.empty()) harness_.add(timekeeper(catalog_, list(timed)));
  harness_.add(monitor(catalog_, list(homes), options_.monitor));
  std::set<std::string> events = homes;
  for (const auto& contract : contracts_.all()) {
    for (const flow::Operation& operation : contract->operations) {
      if (!operation.receives) events.insert(operation.request.topic);
      for (const flow::Message& reply : operation.replies) events.insert(reply.topic);
    }
  }
  harness_.add(matcher(catalog_, list(events), options_.matcher));
  for (const auto& contract : contracts_.all()) {
    std::set<std::string> commands;
    for (const flow::Operation& operation : contract->operations) {
      if (operation.receives) commands.insert(operation.request.topic);
    }
    if (commands.empty()) continue;
    harness_.add(participant(catalog_, handlers_of(*contract), list(commands), list(homes)));
    running_.insert(contract->service);
  }
  catalog_.set_running(running_);
}

void World::stop(const std::string& service) {
  harness_.remove(service);
  harness_.restart();
  harness_.settle();
  running_.erase(service);
  catalog_.set_running(running_);
}

void World::resume() {
  place();
  harness_.settle();
}

void World::publish(event::Event event) {
  event.time = harness_.now();
  harness_.publish(home_, event);
  harness_.settle();
}

event::Event World::outside(const std::string& type, const std::string& correlationid, const std::string& data,
                            const std::string& id) {
  event::Event event;
  event.id = id.empty() ? type + "/" + correlationid : id;
  event.source = "/test";
  event.type = type;
  event.correlationid = correlationid;
  event.data = json::Data::from_text(data);
  return event;
}

event::Event World::control(const flow::Program& program, const std::string& correlationid, const std::string& action) {
  event::Event event =
      outside("io.baton.flow.control.v1", correlationid, R"({"action":")" + action + R"("})", action + correlationid);
  event.kind = "control";
  event.flowname = program.full_name();
  event.flowversion = program.version;
  return event;
}

Shown World::show(const std::string& id, const std::string& flow) {
  auto shown = show_instance(harness_.log(), catalog_, id);
  BATON_ASSERT(shown.has_value());
  if (!flow.empty()) std::erase_if(*shown, [&](const Shown& one) { return one.summary.flow != flow; });
  BATON_ASSERT(shown->size() == 1);
  return shown->front();
}

}  // namespace baton::role::testing
