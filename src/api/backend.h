// What the HTTP API asks of a running Baton. src/app implements it; tests have a fake.
//
// Threads: every function may be called from any of the server's threads, several at a time, and must not block. An
// answer goes to `done`, exactly once, from any thread, now or later (a write answers once it is durable, after a
// sync). What is moved into a call is the backend's from then on; what it hands to `done` is the server's. Errors, and
// what becomes of them: invalid 400 (or 422, see the call), not_found 404, conflict 409, unsupported 501, busy and
// out_of_space 503 with Retry-After, fenced 503, corrupt and io 500. Error::text reaches the user: what, where, what to
// do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/event.h"
#include "json/data.h"

namespace baton::api {

template <class T>
using Done = std::function<void(Result<T>)>;

/// What became of one published event.
struct Receipt {
  std::string id;
  std::string correlationid;   ///< as published (the backend may have given one); "": none
  std::optional<Error> error;  ///< refused, and why: payload against its contract, no topic for its type …
};

struct Document {
  std::string name;  ///< file name, for diagnostics and for `$ref`s between the documents of one deployment
  std::string text;  ///< a flow, a contract, or a file that one of them refers to; YAML or JSON
};

struct FlowInfo {
  std::string flow;  ///< "namespace/name"
  std::string version;
  std::string title;     ///< "": none
  std::string strategy;  ///< "orchestration" or "choreography" (the flow's default)
  bool active = false;   ///< the version that new instances start with
  std::uint64_t running = 0, completed = 0, faulted = 0, cancelled = 0;  ///< instances of this version
};

struct ContractInfo {
  std::string service;
  std::string version;
  std::string description;
  json::Value document;  ///< as deployed, references resolved; null unless asked for
};

struct Deployment {
  bool accepted = false;        ///< false: nothing was deployed, `diagnostics` say why
  std::vector<FlowInfo> flows;  ///< what this deployment brought (or found there already, unchanged)
  std::vector<ContractInfo> contracts;
  json::Value diagnostics;  ///< flow::to_json(Diagnostics): an array, also of warnings
};

struct StartRequest {
  std::string flow;                    ///< "namespace/name"
  std::optional<std::string> version;  ///< absent: the active one
  std::string input;                   ///< JSON text, checked to be JSON
  std::optional<std::string> id;  ///< the instance's id; absent: a new one. The same id again starts nothing: conflict
};
struct Started {
  std::string id;
  std::string flow;
  std::string version;
};

struct InstanceFilter {
  std::string flow;                 ///< "namespace/name"; "": all
  std::string version;              ///< "": all
  std::string status;               ///< "running", "waiting", "completed" …; "": all
  std::optional<Instant> from, to;  ///< started in [from, to)
  std::size_t limit = 50;
  std::string cursor;  ///< "": the newest; else InstancePage::next
};
struct InstanceSummary {
  std::string id;
  std::string flow;
  std::string version;
  std::string strategy;
  std::string status;
  Instant started;
  Instant updated;
  std::optional<Instant> ended;
  std::vector<std::string> at;  ///< pointers of the tasks where it stands now
  std::string reason = {};      ///< why it has faulted; "": it has not
};
/// How far what the monitor says may be behind what has happened.
struct Age {
  std::uint64_t behind = 0;  ///< records that it has not read yet
};
struct InstancePage {
  Age age;
  std::vector<InstanceSummary> instances;  ///< newest first
  std::string next;                        ///< "": that was the last page
};

/// One line of a timeline.
struct Step {
  std::string kind;  ///< event, task, command, emit, timer, ended, gap
  Instant at;
  std::string task;  ///< pointer; "": the flow itself
  std::string name;  ///< the task's name
  std::uint32_t iteration = 0;
  std::uint32_t attempt = 0;
  std::string phase;  ///< started, skipped, waiting, retried, completed, faulted, cancelled
  std::string what;   ///< for people: "performs com.example.credit.check.v1", "completed"
  std::string by;     ///< who acts or acted: "orchestrator", a service, "timer"; "": nobody
  json::Value data;   ///< event: its data in brief; null: none
};
/// One reason why an instance stands where it stands.
struct Reason {
  std::string task;
  std::string name;
  std::string what;  ///< a sentence for people: "waits for com.example.credit.checked.v1 from credit"
  std::string who;   ///< who is expected to act; "": nobody in particular
  Instant since;
  std::optional<Instant> due;      ///< of the timer, retry or timeout
  std::vector<std::string> types;  ///< the event types that would wake it
  json::Value fault;               ///< the last one; null: none
};
struct InstanceDetail {
  Age age;
  InstanceSummary summary;
  json::Value input;              ///< null: not kept
  json::Value output;             ///< of a completed one; null else
  json::Value fault;              ///< problem details of a faulted one; null else
  std::vector<Step> timeline;     ///< oldest first
  bool cut = false;               ///< the timeline's oldest steps are no longer kept: its first says how many
  std::vector<Reason> why;        ///< empty once it has ended
  std::vector<std::string> also;  ///< "namespace/name" of other flows that have an instance of this id
};

/// An event that no instance took.
struct OrphanInfo {
  Instant at;  ///< when that was found
  std::string id, source, type;
  std::string correlationid;  ///< "": none
  std::string flow;           ///< "namespace/name" that it was meant for, as far as known; "": not known
  std::string reason;         ///< for people
};
struct OrphanFilter {
  std::string type, flow;  ///< "": any
  std::size_t limit = 50;
};

/// A participant's local view.
struct View {
  std::string service;
  std::string text;  ///< as `baton project` prints it
  json::Value view;  ///< the same as data
};

/// All given ones must match; "": anything.
struct FollowFilter {
  std::string type;
  std::string correlationid;
  std::string flow;  ///< "namespace/name"
};
struct Followed {
  std::string cursor;  ///< opaque, no line break, at most 128 bytes: where to go on after this event
  std::string type;
  std::string json;  ///< the event in JSON event format, on one line
};
struct FollowPage {
  std::vector<Followed> events;  ///< in log order (per partition), at most as many as asked for
  std::string next;    ///< what the next poll is asked with, also when no event matched; stays here, may be long
  std::string cursor;  ///< where `next` goes on, as clients get it
  bool more = false;   ///< there is more to read at once; false: wait for the wake
  bool gap = false;    ///< retention has removed events between the given cursor and the first of these
  std::vector<std::string> lost;  ///< where records are lost that this page has passed over, and why; one line each
  bool ended = false;  ///< the filter names an id, all its instances have ended, and nothing comes after this page
};
inline constexpr const char* kFollowFromNow = "";
inline constexpr const char* kFollowFromStart = "start";

/// Destroyed: the wake is not called any more (the destructor waits for one that is running).
class Subscription {
 public:
  virtual ~Subscription() = default;
};

struct Check {
  std::string name;  ///< "log", "shards", "disk"
  bool ok = true;
  std::string detail;
};
struct Health {
  bool alive = true;  ///< false: restart the process
  bool ready = true;  ///< false: not yet, or not now: send nothing
  std::vector<Check> checks;
};

/// A service's own HTTP door, mounted beside the API (a path outside /v1).
struct DoorRequest {
  std::string method;
  std::string path;                                             ///< as sent, decoded, without the query
  std::vector<std::pair<std::string, std::string>> parameters;  ///< of the path's {names}, then of the query, decoded
  event::HttpHeaders headers;
  std::string body;
};
struct DoorResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  event::HttpHeaders headers;
};
struct Door {
  std::string method;  ///< "POST"
  std::string path;    ///< "/loan-requests/{id}"
  std::string service;
  std::string summary;  ///< one line for the OpenAPI document
  /// Answers once, from any thread, now or later; must not block.
  std::function<void(DoorRequest, std::function<void(DoorResponse)>)> handle;
};

class Backend {
 public:
  virtual ~Backend() = default;

  /// All events are checked first. If any is refused none is published, and the receipts (one per event, in order) say
  /// which. Otherwise all are durable when `done` is called. An Error (busy, out_of_space, io): some may have been
  /// published; sending all again is safe, a duplicate (source, id) has no effect.
  virtual void publish(std::vector<event::Event> events, Done<std::vector<Receipt>> done) = 0;

  /// `strategy`: "orchestration", "choreography" or absent (as the flow says). Errors only for what is no fault of the
  /// documents.
  virtual void deploy(std::vector<Document> documents, std::optional<std::string> strategy, Done<Deployment> done) = 0;

  /// All versions that are deployed; by flow, newest version first.
  virtual void flows(Done<std::vector<FlowInfo>> done) = 0;
  virtual void contracts(Done<std::vector<ContractInfo>> done) = 0;
  /// The latest that are kept, newest first.
  virtual void orphans(OrphanFilter filter, Done<std::vector<OrphanInfo>> done) = 0;
  /// Errors: not_found (flow, version or service). `version` "": the active one. `service` "": all that take part.
  virtual void project(std::string flow, std::string version, std::string service, Done<std::vector<View>> done) = 0;

  /// Errors: not_found (flow or version), conflict (the id is taken), invalid (the input, 422).
  virtual void start(StartRequest request, Done<Started> done) = 0;
  /// Errors: invalid (the cursor).
  virtual void instances(InstanceFilter filter, Done<InstancePage> done) = 0;
  /// `flow` "": any that has one of this id; one event may begin instances of several flows, and an event that a flow
  /// emits those of others. Errors: not_found; busy: there is none that the monitor knows of, but since the start it
  /// has not read everything yet.
  virtual void instance(std::string id, std::string flow, Done<InstanceDetail> done) = 0;

  /// Up to `max` matching events after `cursor` (or kFollowFromNow, kFollowFromStart); answers at once, with none if
  /// there are none. Errors: invalid (the cursor).
  virtual void poll(std::string cursor, FollowFilter filter, std::size_t max, Done<FollowPage> done) = 0;
  /// `wake` is called, on any thread, when there may be something new for any poll. It does not block.
  virtual std::unique_ptr<Subscription> subscribe(std::function<void()> wake) = 0;

  /// Cheap; called often.
  virtual Health health() = 0;

  /// Asked once, when the server starts.
  virtual std::vector<Door> doors() { return {}; }
};

}  // namespace baton::api
