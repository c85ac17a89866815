// Who acts before and after a task: the base of the actors. Used in this folder only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "flow/compiler.h"

namespace baton::flow {

/// Some actors, in the order found, each once.
struct Parties {
  std::vector<Actor> actors;
  bool unknown = false;  ///< and perhaps others, which contracts and flow do not tell
  void add(const Actor& actor);
  void add(const Parties& others);
};

/// Answers from the tree and the contracts alone. A task's actor must be set before those behind it are asked for
/// (emits). An answer is the union over all ways: each step of them is taken once, so that loops end and many ways cost
/// no more than few.
class Neighbours {
 public:
  explicit Neighbours(const Compiler& c);

  /// Who may have finished what comes before the task (at the start of a flow: who publishes the start event).
  Parties before(TaskId id);
  /// Who acts first once the task has ended.
  Parties after(TaskId id);
  /// Who acts first in or after the task, once it is ready.
  Parties starters(TaskId id);
  /// Who acts first once the task has faulted.
  Parties on_fault(TaskId id);

 private:
  enum class Question { before, after, starters, finishers, on_fault };
  Parties begin(Question question, TaskId id);
  Parties ask(Question question, TaskId id);
  Parties answer(Question question, TaskId id);

  Parties find_before(const Task& task);
  Parties find_after(const Task& task);
  Parties find_starters(const Task& task);
  Parties find_finishers(const Task& task);
  Parties find_on_fault(const Task& task);
  /// Follows a directive taken after `task`.
  Parties follow(const Task& task, const Directive& directive);
  Parties publishers(const Events& events) const;
  /// All services that are called within the task: one of them published the fault.
  Parties callees(TaskId id) const;
  Nature around(const Task& task) const;
  Parties finishers_inside(const Nature& n);

  const Program& program_;
  std::map<std::string, std::set<std::string>, std::less<>> publishers_;  ///< event type -> services
  std::vector<std::size_t> index_;                                        ///< by task: its place in its list
  std::vector<std::vector<TaskId>> led_by_;      ///< by task: those of its list that lead to it
  std::set<std::pair<Question, TaskId>> asked_;  ///< on the way to the present answer
};

}  // namespace baton::flow
