// The inside of compile(): what the readers of the document's parts share. Used in this folder only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "flow/contract.h"
#include "flow/nature.h"
#include "flow/node.h"

namespace baton::flow {

inline constexpr std::size_t kTasksMax = 2'000;             ///< with functions expanded
inline constexpr std::size_t kExpandedBytesMax = 8u << 20;  ///< text of all functions, at each call
inline constexpr std::size_t kFunctionDepthMax = 32;

/// Where an expression stands decides which variables it sees (DSL: Runtime Expressions, table of arguments).
enum class Place {
  start,        ///< filters of schedule.on: no instance yet
  flow_input,   ///< the flow's input.from
  before_task,  ///< if, input.from
  in_task,      ///< the task's definition, output.as
  exported,     ///< export.as
  flow_output,  ///< the flow's output.as
  event,        ///< correlate.from: the event alone, for it is asked before anybody knows whose it is
};

/// CloudEvents: names of attributes are lower-case letters and digits. Complains of another.
bool check_attribute_name(const Node& node, const std::string& name);

/// What a task inherits from what stands around it.
struct Scope {
  TaskId parent = kNoTask;
  std::string pointer;  ///< of the task; the pointers of its children begin with it
  Strategy strategy = Strategy::orchestration;
  std::vector<std::string> caught;  ///< names of further variables that are visible: the caught errors
  bool in_branch = false;           ///< inside a fork
};

/// A `then` that names a task, to be resolved once its list is read: `set` puts the directive into the owner's body.
struct PendingThen {
  TaskId owner;
  Node node;
  enum class Slot { task, switch_case, catch_then } slot = Slot::task;
  std::size_t case_index = 0;
};

struct Compiler {
  Report& report;
  const Contracts& contracts;
  Program& program;
  std::map<std::string, Node, std::less<>> functions, errors, retries, timeouts;  ///< use.*
  std::set<std::string> called;             ///< functions that are called from somewhere
  std::vector<std::string> function_stack;  ///< functions being expanded
  std::size_t expanded_bytes = 0;
  std::vector<PendingThen> pending;
  std::vector<std::string> places;  ///< by task: its pointer in the document (differs from Task::pointer in functions)

  /// kNoTask, with a complaint, when there are too many.
  TaskId reserve(const Node& node);
  Task& task(TaskId id) { return program.tasks.at(id.value); }
};

/// YAML or JSON; what is malformed goes into the diagnostics.
std::optional<json::Document> read_text(std::string_view text, const std::string& file, Diagnostics& diagnostics);

// --- expressions.cc

std::vector<std::string> variables_at(Place place, const Scope& scope);
/// An expression-typed property (if, when, from …): jq with or without ${ }.
std::optional<json::Template> read_expression(const Node& node, Place place, const Scope& scope);
/// A value position: whole-string ${ } leaves are expressions, all else is literal. Warns of text that looks like one.
std::optional<json::Template> read_value(const Node& node, Place place, const Scope& scope);
/// input.from, output.as, export.as: an expression if it is text, else a value.
std::optional<json::Template> read_expression_or_map(const Node& node, Place place, const Scope& scope);

// --- transforms.cc

std::optional<json::Schema> read_schema(const Node& node);
/// input, output or export; `key` is "from" or "as".
Transform read_transform(const Node& node, const char* key, Place place, const Scope& scope);
std::optional<Duration> read_duration(const Node& node, Place place, const Scope& scope);
/// {after} or the name of one of use.timeouts.
std::optional<Duration> read_timeout(Compiler& c, const Node& node, Place place, const Scope& scope);

// --- events.cc

/// one, any, all.
std::optional<Events> read_events(const Node& node, Place place, const Scope& scope);

// --- task.cc, list.cc

TaskId read_task(Compiler& c, const Node& node, const std::string& name, const std::string& pointer,
                 const Scope& outer);
/// A Do task of its own for `list`; `pointer` names it.
TaskId read_list_task(Compiler& c, const Node& list, const std::string& name, const std::string& pointer,
                      const Scope& outer);
/// The tasks of a list; resolves their `then`. `scope` is that inside the task that has the list.
std::vector<TaskId> read_list(Compiler& c, const Node& list, const std::string& pointer, const Scope& scope);
/// Remembers `then` until its list is read.
void read_then(Compiler& c, const Node& node, TaskId owner, PendingThen::Slot slot, std::size_t case_index = 0);
/// `then` of tasks that stand in no list (branches, functions): continue, exit or end only.
void resolve_lonely(Compiler& c, TaskId id);

// --- tasks/*.cc: one reader a task type. `task` is the task's node, `scope` that of its inside (scope.parent is the
// task itself).

Body read_do(Compiler& c, const Node& task, const Scope& scope);
Body read_call(Compiler& c, const Node& task, const Scope& scope);
Body read_fork(Compiler& c, const Node& task, const Scope& scope);
Body read_switch(Compiler& c, const Node& task, const Scope& scope);
Body read_set(Compiler& c, const Node& task, const Scope& scope);
Body read_emit(Compiler& c, const Node& task, const Scope& scope);
Body read_listen(Compiler& c, const Node& task, const Scope& scope);
Body read_wait(Compiler& c, const Node& task, const Scope& scope);
Body read_raise(Compiler& c, const Node& task, const Scope& scope);
Body read_try(Compiler& c, const Node& task, const Scope& scope);
/// The task of a use.functions entry, at the place of the call.
Body read_function(Compiler& c, const Node& call, const std::string& name, const Scope& scope);
/// A retry policy, or the name of one of use.retries. `as`: the caught error's variable.
std::optional<Retry> read_retry(Compiler& c, const Node& node, const Scope& scope);
/// What stands in a task that is not supported: its mistakes are found all the same.
void look_into_for(Compiler& c, const Node& task, const Scope& scope);
void look_into_foreach(Compiler& c, const Node& foreach, const Scope& scope);
void check_error(const Node& node, const Scope& scope, Raise& raise);

// --- use.cc

void read_use(Compiler& c, const Node& document);
/// Reads what no task refers to, so that its mistakes are found too.
void check_unused(Compiler& c);
/// strategy and participant in a task's or the document's metadata.
std::optional<Strategy> read_metadata(const Node& metadata);

// --- actors.cc, hearing.cc, tasks/try.cc: on the finished tree

void assign_actors(Compiler& c);
/// Warns of catches that wait for the error of a task that is not there.
void check_caught(Compiler& c);
/// Which listens hear what (Filter::own, Filter::others), and whether they can.
void assign_hearing(Compiler& c);

/// Reports "not supported yet".
void unsupported(const Node& node, const char* code, const std::string& feature, std::string remedy);
/// The names of a map, for did_you_mean.
std::vector<std::string> names_of(const std::map<std::string, Node, std::less<>>& map);

}  // namespace baton::flow
