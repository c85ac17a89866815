// Local views (endpoint projection): what one service must know of a flow to act in it without being commanded.
//
// project(P, s) gives the slice P|s for which, on every log of an instance, the acts of s (performs, emits, timers) are
// the same as under P. It is computed backward from every task on which s acts, with five demands that spread until
// nothing changes:
//   act    s acts on it               entry  when it begins          in   the data it begins with
//   exit   when it has completed      out    the data it completes with
// An observed reply proves that its call was reached, so `exit` of a call does not ask for what stands before it
// (evidence beats evaluation). Other events are kept for an instance from its start, and prove a listen only where it
// begins no later than the calls that they answer. What may fail where no event tells (a set, an emit, an export …) is
// evaluated by everybody who acts after it, and, in a fork, by who acts in another branch: nobody acts out of a flow
// that is over. A call's fault is a record that all see. A task on which nothing demands anything is left out: an empty
// husk keeps its place (nobody can look up outside of the view what is not in it).
//
// What cannot be cut safely is kept whole: a list with jumps; a *scope*, which may end or repeat what is inside it (a
// timeout, a try that retries, a race), by who acts inside it; a scope and any try, by who must know how it has ended;
// for shared listens the flow (`whole`).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "flow/program.h"
#include "json/data.h"

namespace baton::analysis {

/// One act of the service, for people.
struct ViewRow {
  std::vector<std::string> when;  ///< what must have been seen, all of it; "a or b" where one of several does
  std::string condition;          ///< "" or the jq text that must hold: ".suspect"; several are joined by " and "
  std::string operation;          ///< the operation's name; "emit", "listen" or "timer" where that is what it does
  /// Types of what it publishes (one of them); empty: nothing, or not known before it runs.
  std::vector<std::string> then;
  std::string task;  ///< pointer
};

struct View {
  std::string service;
  /// Program::slice is set; task ids as in the whole. types "*": every event of the instance.
  std::shared_ptr<const flow::Program> slice;
  std::vector<ViewRow> rows;  ///< in task order
  bool whole = false;         ///< the slice is the flow
};

/// Services that act on some task without being commanded, sorted.
std::vector<std::string> services(const flow::Program& program);

/// Errors: not_found (the service acts on no task of this flow; says who does).
Result<View> project(const flow::Program& program, const std::string& service);

/// All views, by service.
std::vector<View> project_all(const flow::Program& program);

///   offer
///     when   com.example.credit.checked.v1 and com.example.criminal-activity.checked.v1   (same instance)
///     do     determine
///     then   com.example.loan.processed.v1
/// A condition stands on a line of its own, `if`, after `when`. Acts of one service are parted by an empty line.
std::string to_text(const View& view);

/// {"service", "subscribes": [types], "needsStart", "wholeFlow",
///  "acts": [{"when": [], "if", "do", "then": [], "task"}]}
json::Value to_json(const View& view);

}  // namespace baton::analysis
