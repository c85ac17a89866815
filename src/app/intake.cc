#include "app/intake.h"

#include <array>
#include <memory>
#include <random>
#include <set>
#include <utility>

#include "app/append.h"
#include "base/assert.h"
#include "engine/engine.h"
#include "event/attributes.h"
#include "flow/nature.h"
#include "json/number.h"
#include "role/programs.h"

namespace baton::app {
namespace {

bool mentions(const flow::Events& events, const std::string& type) {
  if (events.filters.empty()) return true;
  return std::ranges::any_of(events.filters, [&](const flow::Filter& f) { return f.type.empty() || f.type == type; });
}

// Does an instance of the program listen for such events, or does one begin it?
bool wanted(const flow::Program& program, const std::string& type) {
  if (program.start && mentions(*program.start, type)) return true;
  return std::ranges::any_of(program.tasks, [&](const flow::Task& task) {
    const flow::Events* heard = flow::heard(task);
    return heard != nullptr && mentions(*heard, type);
  });
}

// The logs where calls may wait for it, if it is a reply.
std::set<std::string> logs_that_wait(const role::Registry& registry, const event::Event& event) {
  std::set<std::string> out;
  for (const auto& [key, deployed] : registry.flows) {
    const bool meant = event.flowname.empty() || event.flowname == key.first;
    if (meant && role::is_reply(*deployed.program, event.type)) out.insert(deployed.program->home_topic);
  }
  return out;
}

// Scalars only: a correlation by an object would be nobody's intent. "": there is none.
Result<std::string> correlation_in(const json::Value& data, const std::string& pointer) {
  const json::Value* value = json::find(data, pointer);
  const bool scalar = value != nullptr && (json::is_string(*value) || json::is_number(*value));
  if (!scalar) return std::string();
  std::string text = json::key_text(*value);
  if (auto good = event::check_attribute("correlationid", text); !good)
    return within("the correlationId that the contract takes from " + pointer, good.error());
  return text;
}

}  // namespace

std::string random_id() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string id(32, '0');
  for (std::size_t i = 0; i < id.size(); i += 16) {
    std::uint64_t bits = random();
    for (std::size_t j = 0; j < 16; ++j, bits >>= 4) id[i + j] = kDigits[bits & 15];
  }
  return id;
}

Intake::Intake(log::Log& log, const role::Catalog& catalog, const Deployments& deployments, const Clock& clock,
               Acks& acks)
    : log_(log), catalog_(catalog), deployments_(deployments), clock_(clock), acks_(acks) {}

std::string Intake::instance_of(const event::Event& event) const {
  if (!event.correlationid.empty()) return event.correlationid;
  const auto registry = catalog_.snapshot();
  for (const auto& [key, deployed] : registry->flows) {
    if (deployments_.active_version(key.first) == key.second && engine::starts(*deployed.program, event))
      return event.id;
  }
  return {};
}

/// A contract says where the event is published; without one any topic does that a flow which wants it reads: the matcher
/// brings it to all.
Result<std::vector<log::Topic>> Intake::route(event::Event& event) const {
  if (!event.kind.empty() && event.kind != "command") {
    return invalid("an event with batonkind '" + event.kind + "' is not taken from outside: Baton itself writes those");
  }
  const auto registry = catalog_.snapshot();
  const flow::Message* message = registry->contracts.message(event.type);
  std::set<std::string> topics;
  if (message != nullptr) {
    if (message->payload) {
      if (auto valid = message->payload->validate(event.data.value()); !valid) {
        return within("the data of " + event.type + " does not fit its contract", valid.error());
      }
    }
    if (event.correlationid.empty() && !message->correlation_pointer.empty()) {
      BATON_TRY(event.correlationid, correlation_in(event.data.value(), message->correlation_pointer));
    }
    if (!event.correlationid.empty()) topics = logs_that_wait(*registry, event);
    if (topics.empty()) topics = {message->topic};
  } else {
    for (const auto& [key, deployed] : registry->flows) {
      // One that it starts before one that listens: there it needs nobody to bring it.
      if (!wanted(*deployed.program, event.type)) continue;
      const bool starts = deployed.program->start && mentions(*deployed.program->start, event.type);
      if (topics.empty() || starts) topics = {deployed.program->home_topic};
      if (starts) break;
    }
  }
  if (topics.empty()) {
    return invalid("no deployed contract or flow knows events of type '" + event.type +
                   "': deploy the contract that describes it, or check the type's spelling");
  }
  std::vector<log::Topic> out;
  for (const std::string& topic : topics) {
    const auto found = log_.find_topic(topic);
    BATON_ASSERT(found.has_value());  // deploying opened it
    out.push_back(*found);
  }
  return out;
}

Result<void> Intake::add(log::Commit& commit, event::Event& event) const {
  BATON_TRY(const std::vector<log::Topic> topics, route(event));
  std::erase_if(event.extensions, [](const auto& e) { return e.name.starts_with("baton"); });  // for Baton to say
  for (const log::Topic& topic : topics) commit.appends.push_back(append_of(topic, event, clock_.now()));
  return {};
}

Result<log::Accepted> Intake::submit(log::Commit commit) {
  if (closed_) return Error{Code::busy, "Baton is stopping, and takes nothing new"};
  return log_.submit(std::move(commit));
}

void Intake::publish(std::vector<event::Event> events, std::function<void(Result<std::vector<Receipt>>)> done) {
  log::Commit commit;
  std::vector<Receipt> receipts;
  bool refused = false;
  for (event::Event& e : events) {
    auto added = add(commit, e);
    receipts.push_back({e.id, instance_of(e), added ? std::nullopt : std::optional(added.error())});
    refused = refused || !added;
  }
  if (refused || commit.appends.empty()) return done(std::move(receipts));
  auto accepted = submit(std::move(commit));
  if (!accepted) return done(accepted.error());
  acks_.when_durable(accepted->position, [done = std::move(done), receipts = std::move(receipts)] { done(receipts); });
}

Result<log::Position> Intake::append(std::vector<event::Event> events) {
  log::Commit commit;
  for (event::Event& e : events) BATON_CHECK(add(commit, e));
  BATON_TRY(const log::Accepted accepted, submit(std::move(commit)));
  return accepted.position;
}

void Intake::start(StartCommand command, std::function<void(Result<std::string>)> done) {
  if (command.version.empty()) command.version = deployments_.active_version(command.flow);
  const auto registry = catalog_.snapshot();
  const role::Deployed* deployed = registry->find(command.flow, command.version);
  if (deployed == nullptr) {
    return done(not_found("there is no flow '" + command.flow + "'" +
                          (command.version.empty() ? "" : " in version " + command.version) +
                          ": `baton flows --deployed` lists what is deployed"));
  }
  const flow::Program& program = *deployed->program;
  if (program.input.schema) {
    if (auto valid = program.input.schema->validate(command.input.value()); !valid) {
      return done(within("the input does not fit the flow's input schema", valid.error()));
    }
  }
  event::Event e;
  e.id = random_id();
  e.source = "/baton/api";
  e.type = "io.baton.flow.start.v1";
  e.time = clock_.now();
  e.kind = "start";
  e.correlationid = command.correlationid.empty() ? random_id() : command.correlationid;
  e.flowname = program.full_name();
  e.flowversion = program.version;
  e.data = command.input;
  const auto home = log_.find_topic(program.home_topic);
  BATON_ASSERT(home.has_value());
  log::Commit commit;
  commit.appends.push_back(append_of(*home, e, e.time));
  auto accepted = submit(std::move(commit));
  if (!accepted) return done(accepted.error());
  acks_.when_durable(accepted->position, [done = std::move(done), id = e.correlationid] { done(id); });
}

}  // namespace baton::app
