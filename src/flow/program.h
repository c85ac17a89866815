// A compiled flow: what advance() reads. Immutable, shared by all roles and threads; holds no state of any instance.
//
// Tasks form a tree, kept as a flat vector: a TaskId is an index, and stays the same in every slice of the program (a
// participant's local view is the same program with children left out), so that a task occurrence has one name for
// everybody. Semantics: Serverless Workflow DSL 1.0.3; where its text is silent, docs/flow-language.md says what we do.
// Expressions are compiled with the variables of their place (docs/errors/BTN-F021.md has the table), so at most:
// context, input, output, task, workflow, runtime, and the names (Try::as) of the errors caught around the task.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/strong.h"
#include "json/expression.h"
#include "json/pattern.h"
#include "json/schema.h"

namespace baton::flow {

using TaskId = Strong<struct TaskIdTag, std::uint32_t>;
inline constexpr TaskId kNoTask{0xffffffffU};

enum class Strategy { orchestration, choreography };

/// Who acts on an effect. Computed by the compiler for every task; nobody decides it at run time.
struct Actor {
  enum class Kind { none, orchestrator, service } kind = Kind::none;  ///< none: only the monitor's timekeeper would
  std::string service;
  bool operator==(const Actor&) const = default;
};

/// A duration: fixed, or an expression that gives an ISO 8601 duration string.
struct Duration {
  Millis ms = 0;
  std::optional<json::Template> expression;
};

/// input / output / export of a task or of the flow. The order is the DSL's: input is validated, then transformed;
/// output and export are transformed, then validated. Absent: identity (export: $context stays).
struct Transform {
  std::optional<json::Template> expression;
  std::optional<json::Schema> schema;
};

struct Directive {
  enum class Kind { next, exit, end, jump } kind = Kind::next;  ///< next is the DSL's `continue`
  TaskId target = kNoTask;                                      ///< for jump: a task of the same list
};

/// A CloudEvents filter with its correlations (DSL: event filter).
struct Correlate {
  std::string key;
  json::Template from;                   ///< evaluated on the whole event (JSON event format)
  std::optional<json::Template> expect;  ///< evaluated on the task's input; absent: the first event fixes the value
};
struct Filter {
  struct Attribute {
    std::string name;                      ///< CloudEvents attribute; "data" is matched by predicate only
    std::string literal;                   ///< equality first …
    std::optional<json::Pattern> pattern;  ///< … then an anchored full match, when the literal has pattern characters
    std::optional<json::Template> predicate;  ///< ${ }: '.' is the attribute's value (for data: the data)
    std::optional<json::Data> data;           ///< of "data", where it is no expression: the event's data is this
  };
  std::string type;  ///< the literal `type`, "" when it is absent or not a literal: then subscriptions are wide
  std::vector<Attribute> attributes;  ///< `type` among them
  std::vector<Correlate> correlate;
  /// Of a listen (hearing.cc): it hears what its own instance has in its log: the flow publishes such events itself, or
  /// may.
  bool own = false;
  /// … and what comes from elsewhere: from outside, or from other instances. Not where the flow publishes the type and
  /// no `correlate` tells its instances apart: then each hears its own.
  bool others = true;
};
struct Events {
  enum class Mode { one, any, all } mode = Mode::one;
  std::vector<Filter> filters;  ///< any with no filter: every event
};

// --- task bodies, one per task type

struct Do {
  std::vector<TaskId> tasks;
};
/// An operation of a contract: ready -> the actor performs it; completes with a reply event, or when published if it
/// has none.
struct Call {
  std::string service;
  std::string operation;
  std::string version;
  json::Template with;       ///< the request payload
  std::string command_type;  ///< CloudEvents type and topic of the command (orchestrated)
  std::string command_topic;
  std::vector<std::string> reply_types;  ///< empty: completes when published
  std::optional<json::Schema> request_schema;
};
/// A function of use.functions: its task, compiled at the place of the call; `with` becomes its input.
struct Function {
  std::string name;
  json::Template with;
  TaskId body;
};
struct Fork {
  std::vector<TaskId> branches;
  bool compete = false;
};
struct Switch {
  struct Case {
    std::string name;
    std::optional<json::Template> when;  ///< absent: the default, tried last
    Directive then;
  };
  std::vector<Case> cases;
};
struct Set {
  json::Template value;
};
struct Emit {
  json::Template with;  ///< an object of CloudEvents attributes and data
  std::string topic;
  /// It has a correlationid of its own: it is like an event from outside, for the instance of that name, and no event
  /// of the instance that emits it.
  bool addressed = false;
};
struct Listen {
  Events to;
  enum class Read { data, envelope, raw } read = Read::data;
};
struct Wait {
  Duration duration;
};
struct Raise {
  std::string type;                               ///< literal …
  std::optional<json::Template> type_expression;  ///< … or expression
  int status = 500;
  std::optional<json::Template> title;
  std::optional<json::Template> detail;
};
struct Retry {
  std::optional<json::Template> when;
  std::optional<json::Template> except_when;
  Duration delay;
  enum class Backoff { constant, linear, exponential } backoff = Backoff::constant;
  std::optional<int> attempts_max;  ///< re-tries: 5 means 1 + 5 executions; absent: no limit
  std::optional<Duration> attempt_duration;
  std::optional<Duration> duration;  ///< over all attempts and delays
  Duration jitter_from;
  Duration jitter_to;
};
struct Try {
  TaskId body;  ///< a Do
  // catch.errors.with: every given one must match; the three known bases of error types are one (engine/fault.h).
  std::optional<std::string> type, title, detail, instance;
  std::optional<int> status;
  std::string as = "error";
  std::optional<json::Template> when;
  std::optional<json::Template> except_when;
  std::optional<Retry> retry;
  std::optional<TaskId> handler;  ///< catch.do, a Do
  std::optional<Directive> then;  ///< catch.then
};

using Body = std::variant<Do, Call, Function, Fork, Switch, Set, Emit, Listen, Wait, Raise, Try>;

struct Task {
  TaskId id;
  TaskId parent = kNoTask;
  std::string name;
  std::string pointer;                      ///< "/do/0/checks/fork/branches/1/credit"; unique in the program
  std::optional<json::Template> condition;  ///< `if`
  Transform input, output, exported;
  std::optional<Duration> timeout;
  Directive then;
  json::Value metadata;    ///< null when absent
  json::Value definition;  ///< as written, for $task.definition
  Strategy strategy = Strategy::orchestration;
  /// Who acts when it is ready: performs a call, publishes an emit's event, announces what a listen waits for that
  /// hears_outside() (none: the timekeeper does). None for tasks on which nobody acts.
  Actor actor;
  Actor timekeeper;  ///< who owns the timers that this task arms (wait, timeout, retry delay)
  // Of its nature (nature.h), for who reads it at every event:
  std::vector<std::string> evidence;  ///< types of events that complete it
  bool rereads_input = false;         ///< after it has begun
  bool fault_ends_flow = false;       ///< of a call with replies: nothing around it catches its fault, or races with it
  Body body;
};

struct Program {
  std::string flow_namespace;
  std::string name;
  std::string version;
  std::string title;
  std::string file;
  json::Data document;  ///< the definition, for $workflow.definition; text and tree are made, so that threads only read
  Strategy strategy = Strategy::orchestration;
  std::string home_topic;         ///< default: the namespace
  std::optional<Events> start;    ///< schedule.on
  bool start_reads_data = false;  ///< schedule.read: data (default: envelope, as DSL 1.0.3 examples do)
  Transform input, output;
  std::optional<Duration> timeout;
  Actor timekeeper;  ///< of the flow's own timeout
  std::vector<Task> tasks;
  TaskId root = kNoTask;  ///< the main `do`

  /// Set in a slice (analysis/project.h): only these event types reach it, and, unless `start` is among its needs, the
  /// first of them with a new correlationid begins the instance.
  struct Slice {
    std::string service;
    std::set<std::string> types;
    bool needs_start = false;
  };
  std::optional<Slice> slice;
  bool comes_back = false;  ///< some task may begin again: by a jump or a retry

  std::string full_name() const { return flow_namespace + "/" + name; }
  const Task& task(TaskId id) const { return tasks.at(id.value); }
  const Task* find(std::string_view pointer) const;
  bool orchestrated() const;  ///< some task's actor is the orchestrator
};

/// The literal type of an emitted event; "" when it is computed.
std::string emitted_type(const Emit& emit);

/// May the listen hear events that are not of its own instance's making? It does not where every filter names a type
/// that the flow itself publishes (the reply of a call, an emit) and correlates nothing.
bool hears_outside(const Events& listened);

}  // namespace baton::flow
