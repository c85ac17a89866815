// What a task type is to those who do not run it: what it reads, waits for, may fail at, publishes, what is inside it
// and where it leads. Projection, actors, hearing, roles and diagnostics read this, and ask no body for its type;
// nature.cc has one function a type, and a new type does not compile until it has its own. How a type runs:
// engine/tasks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flow/program.h"

namespace baton::flow {

/// "every event": a filter whose type is not a literal.
inline constexpr std::string_view kAnyType = "*";

struct Nature {
  /// How what is inside runs.
  enum class Inside {
    nothing,
    list,      ///< one after the other, led by `then`
    branches,  ///< all at once
    body,      ///< the one, on `hands`
    attempt,   ///< the first; the second, if there is one, after its fault
  };
  Inside inside = Inside::nothing;
  std::vector<TaskId> children;           ///< directly inside, in order
  const json::Template* hands = nullptr;  ///< what the children begin with; nullptr: with its own input
  bool race = false;                      ///< the first of the branches that ends, ends the others
  bool repeats = false;                   ///< may begin what is inside it again
  bool catches_all = false;               ///< lets no fault of the first child through

  /// What completes it.
  enum class End {
    at_once,   ///< nothing: it ends in the moment in which it begins
    event,     ///< one of `evidence`, or all, as Listen has it
    timer,     ///< its own
    children,  ///< what is inside it
    fault,     ///< nothing: it always faults
  };
  End end = End::at_once;
  /// Types of events that complete it; kAnyType: of whatever type. In the order of the document; a type may stand
  /// twice.
  std::vector<std::string> evidence;
  const Events* hears = nullptr;  ///< what it listens for: such events may come from anywhere

  /// Where its output comes from, before `output.as`.
  enum class Output { input, made, event, children };
  Output output = Output::input;

  /// What it evaluates beside what all tasks do (if, input, output, export).
  struct Reading {
    const json::Template* text;
    enum class On { input, event, fault } on = On::input;  ///< what '.' stands for
  };
  std::vector<Reading> readings;
  bool rereads_input = false;   ///< after it has begun, for what it does or gives
  bool checks = false;          ///< a schema, of what it made of its input
  bool fails_silently = false;  ///< may fault in what it does, and no event tells of it
  /// Where the readings decide which way it takes: one after the other; the one without a condition is tried last.
  struct Choice {
    const json::Template* when;  ///< nullptr: always
    Directive then;
  };
  std::vector<Choice> choices;

  /// Somebody acts on it: "" nobody; else the operation's name, "emit", or "listen".
  std::string act;
  std::string service;  ///< which is called; "": none
  std::vector<std::string>
      publishes;            ///< types of the events that acting puts into the world; "": one that is computed
  bool for_others = false;  ///< they are addressed to other instances: the flow itself never hears them
  std::string topic;        ///< where they go; "": the home topic
  bool arms = false;        ///< a timer: of its own or its timeout
  bool limits = false;      ///< … that ends what somebody may be awaited for

  /// Where it may lead when it ends or is skipped. Not where it faults.
  std::vector<Directive> ways;
  bool goes_on = true;    ///< its `then` is among them
  bool straight() const;  ///< to the next of the list, only
};

/// Points into the task.
Nature nature(const Task& task);
/// Nature::hears alone, for who asks at every event.
const Events* heard(const Task& task);

/// As Nature::evidence, of any events.
std::vector<std::string> types_of(const Events& events);

/// May the evaluation fail on some data?
bool may_fail(const json::Template& expression);
bool may_fail(const Transform& transform);
/// May what the type itself does fail on some data?
bool may_fail(const Nature& nature);

/// What is left of a task's body for who does not act on it, or sees less than the whole.
struct Cut {
  bool acts = false;                        ///< what only its actor evaluates stays
  bool hands = false;                       ///< … and what the children begin with
  const std::vector<bool>* kept = nullptr;  ///< by task: which children stay
};
void cut(Task& task, const Cut& cut);

/// Sets what a program keeps of its tasks' natures, for who reads it at every event: evidence, fault_ends_flow,
/// rereads_input,
/// comes_back.
void derive(Program& program);

}  // namespace baton::flow
