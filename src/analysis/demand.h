// What a participant must know of each task: the five demands of project.h, as a least fixed point.
#pragma once

#include <string>
#include <vector>

#include "flow/program.h"

namespace baton::analysis {

struct Demand {
  bool act = false;    ///< the service acts on it
  bool entry = false;  ///< when it begins; with it, whether its `if` lets it
  bool in = false;     ///< its transformed input
  bool exit = false;   ///< when it has completed (or was skipped)
  bool out = false;    ///< its transformed output
  bool all = false;    ///< it and all inside it stay as they are
  bool operator==(const Demand&) const = default;
};

struct Demands {
  std::vector<Demand> tasks;  ///< by task
  bool start = false;         ///< the start event
  bool input = false;         ///< the flow's transformed input
  bool context = false;       ///< $context, and so the exports that write it
  bool whole = false;         ///< what can't be cut: the flow stays as it is
  const Demand& of(flow::TaskId id) const { return tasks[id.value]; }
};

Demands demands(const flow::Program& program, const std::string& service);

/// Does the task, or something in it, stay in the slice?
bool kept(const flow::Program& program, const Demands& demands, flow::TaskId id);

}  // namespace baton::analysis
