// Evaluating expressions of a flow with the DSL's arguments. Only those that an expression mentions are built:
// $workflow, $task and $runtime cost more than most expressions.
#pragma once

#include <string_view>

#include "engine/step.h"
#include "json/expression.h"

namespace baton::engine {

/// What is there beyond the instance and the frame.
struct Locals {
  const json::Data* output = nullptr;      ///< $output
  const json::Data* raw_output = nullptr;  ///< $task.output
  std::string_view error_name = {};        ///< catch: $<as> …
  const json::Data* error = nullptr;       ///< … and its value
};

/// `frame`: nullptr for the expressions of the flow itself. Errors: invalid.
Result<json::Data> evaluate(const Step& step, const Frame* frame, const json::Template& expression,
                            const json::Data& input, const Locals& locals = {});
/// The variables that the expression mentions, with the values they have there.
json::Arguments arguments_of(const Step& step, const Frame* frame, const json::Template& expression);
/// jq's truth: everything but false and null.
Result<bool> test(const Step& step, const Frame* frame, const json::Template& expression, const json::Data& input,
                  const Locals& locals = {});
bool truth(const json::Data& data);
/// What an expression gave for a duration: an ISO 8601 text. Errors: invalid.
Result<Millis> duration_of(const json::Data& value);

/// Does it fit a record (event::kDataBytesMax)? Errors: invalid.
Result<void> check_size(const json::Data& data);
/// The same for what the step publishes, and all that it publishes fits one commit.
Result<void> check_published(Step& step, const json::Data& data);

/// evaluate() within a task: a failure is raised there as an expression fault, and nothing is returned.
std::optional<json::Data> evaluate_in_task(Step& step, FrameId id, const json::Template& expression,
                                           const json::Data& input, const Locals& locals = {});

/// Whether a role can store the instance, with so many bytes of data more. Errors: invalid.
Result<void> check_held(const Instance& instance, std::size_t more = 0);

}  // namespace baton::engine
