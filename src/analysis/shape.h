// Questions to a program's tree that demands, slices and rows all ask. Used in this folder only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flow/nature.h"

namespace baton::analysis {

using flow::kAnyType;
using flow::may_fail;
using flow::Nature;
using flow::nature;
using flow::types_of;

/// The list that the task stands in; empty: it is a branch, a body or the root.
std::vector<flow::TaskId> list_of(const flow::Program& program, const flow::Task& task);
std::size_t index_in(const std::vector<flow::TaskId>& list, flow::TaskId id);

bool has_jump(const flow::Program& program, const std::vector<flow::TaskId>& list);
/// A way other than to the next task.
bool has_exit(const flow::Program& program, const std::vector<flow::TaskId>& list);
/// Does `later` stand strictly behind `earlier`, in a list without jumps?
bool behind(const flow::Program& program, flow::TaskId later, flow::TaskId earlier);

/// Does an event that the listen takes prove that the listen has begun? Events are kept from the start of the instance,
/// so only if who publishes them begins no sooner: calls beside it in a fork with which it begins at once.
bool proves_itself(const flow::Program& program, const flow::Task& task);

/// May any task fail in its output or export?
bool may_fail_at_its_end(const flow::Task& task);

/// A unit that can't be cut: what is inside may be ended, or repeated, by something else than itself.
bool is_scope(const flow::Task& task);
/// May the scope end, repeat or begin what is in this part of it? (The list of a try without retry runs like any
/// other.)
bool governs(const flow::Task& scope, flow::TaskId part);
/// Does it end in the moment in which it begins?
bool instant(const flow::Program& program, const flow::Task& task);
/// Does the task begin, if at all, in the moment in which the fork around it does?
bool begins_with(const flow::Program& program, flow::TaskId id, flow::TaskId fork);
/// Is it never entered twice while the fork around it runs?
bool comes_once(const flow::Program& program, flow::TaskId id, flow::TaskId fork);
/// May it end the flow in what it does, of which no event of its own tells?
bool ends_silently(const flow::Task& task);
/// … because its time is over, or as a scope that lets the faults inside it through?
bool may_end_by_itself(const flow::Task& task);

bool acts(const flow::Task& task, std::string_view service);
bool keeps_time(const flow::Task& task, std::string_view service);
bool keeps_time(const flow::Program& program, std::string_view service);

}  // namespace baton::analysis
