// The door for events from outside: checks them against the contracts, finds their topic and partition, appends them.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "app/acks.h"
#include "app/deployments.h"
#include "event/event.h"
#include "log/log.h"
#include "role/registry.h"

namespace baton::app {

/// What became of one event.
struct Receipt {
  std::string id;
  std::string correlationid;
  std::optional<Error> refused;
};

/// Start of a flow by name instead of by event.
struct StartCommand {
  std::string flow;
  std::string version;  ///< "": the active one
  json::Data input;
  std::string correlationid;  ///< "": a new one
};

/// Any thread.
class Intake {
 public:
  Intake(log::Log& log, const role::Catalog& catalog, const Deployments& deployments, const Clock& clock, Acks& acks);

  /// All or none: where one is refused nothing is appended. `done` is called once all are durable (or at once, when
  /// refused). An event's correlationid, where it has none: its contract's correlationId; else none, and the matcher
  /// finds whom it is for (role/roles.h). A receipt's correlationid is the instance's that it goes to or, as far as can
  /// be told here, starts. Its topic: its contract's; that of a reply with a correlationid, the logs of the flows that
  /// have such calls (of the one that its flowname says, if it does); without a contract that of some flow that
  /// mentions its type. Refused: what Baton itself says to flows by `batonkind` (deploy, timer, …), as data that fits
  /// no contract.
  void publish(std::vector<event::Event> events, std::function<void(Result<std::vector<Receipt>>)> done);

  /// Appends without a callback: for callers that await() the position themselves, many at a time. Errors: the first
  /// refusal.
  Result<log::Position> append(std::vector<event::Event> events);

  /// Errors: not_found, invalid (the input against the flow's schema). `done` with the instance's id once durable.
  void start(StartCommand command, std::function<void(Result<std::string>)> done);

  /// From now on all is refused (busy).
  void close() { closed_ = true; }

 private:
  Result<log::Accepted> submit(log::Commit commit);
  Result<std::vector<log::Topic>> route(event::Event& event) const;
  Result<void> add(log::Commit& commit, event::Event& event) const;
  std::string instance_of(const event::Event& event) const;

  log::Log& log_;
  const role::Catalog& catalog_;
  const Deployments& deployments_;
  const Clock& clock_;
  Acks& acks_;
  std::atomic<bool> closed_ = false;
};

/// A new unguessable id: 32 hex digits.
std::string random_id();

}  // namespace baton::app
