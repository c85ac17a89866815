// Questions to a program's tree that demands, slices and rows all ask. Used in this folder only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flow/program.h"

namespace baton::analysis {

/// "every event": a filter whose type is not a literal.
inline constexpr std::string_view kAnyType = "*";

/// The tasks directly inside, in order: list, branches, body and handler.
std::vector<flow::TaskId> children(const flow::Task& task);
/// The list that the task stands in; nullptr: it is a branch, a body or the root.
const std::vector<flow::TaskId>* list_of(const flow::Program& program, const flow::Task& task);
std::size_t index_in(const std::vector<flow::TaskId>& list, flow::TaskId id);

/// Where the task may lead when it ends or is skipped.
std::vector<flow::Directive> ways_out(const flow::Task& task);
bool has_jump(const flow::Program& program, const std::vector<flow::TaskId>& list);
/// A way other than to the next task.
bool has_exit(const flow::Program& program, const std::vector<flow::TaskId>& list);
bool inside_fork(const flow::Program& program, const flow::Task& task);
/// Does `later` stand strictly behind `earlier`, in a list without jumps?
bool behind(const flow::Program& program, flow::TaskId later, flow::TaskId earlier);

/// Does an event that the listen takes prove that the listen has begun? Events are kept from the start of the instance,
/// so only if who publishes them begins no sooner: calls beside it in a fork with which it begins at once.
bool proves_itself(const flow::Program& program, const flow::Task& task, const flow::Listen& listen);

/// May the evaluation fail on some data?
bool may_fail(const json::Template& expression);
bool may_fail(const flow::Transform& transform);
/// May a task fail that completes at once (set, emit, switch, a call without a reply): in its input or in what it does?
bool may_fail(const flow::Task& task);
/// … may any task, in its output or export?
bool may_fail_at_its_end(const flow::Task& task);

std::vector<std::string> types_of(const flow::Events& events);

bool acts(const flow::Task& task, std::string_view service);
bool keeps_time(const flow::Task& task, std::string_view service);

}  // namespace baton::analysis
