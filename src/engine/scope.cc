#include "engine/scope.h"

#include "engine/descriptors.h"
#include "flow/duration.h"
#include "json/number.h"

namespace baton::engine {
namespace {

// What a template mentions, by its text: may be too much (a text inside of quotes), never too little.
constexpr unsigned kContext = 1, kInput = 2, kOutput = 4, kTask = 8, kWorkflow = 16, kRuntime = 32, kOther = 64;

bool word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

unsigned variable(std::string_view name) {
  if (name == "context") return kContext;
  if (name == "input") return kInput;
  if (name == "output") return kOutput;
  if (name == "task") return kTask;
  if (name == "workflow") return kWorkflow;
  if (name == "runtime") return kRuntime;
  return kOther;
}

unsigned mentions(std::string_view text) {
  unsigned found = 0;
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && word(text[end])) ++end;
    if (end > at + 1) found |= variable(text.substr(at + 1, end - at - 1));
  }
  return found;
}

unsigned mentions(const json::Value& source) {
  unsigned found = 0;
  if (json::is_string(source)) {
    found = mentions(std::string_view(source.get_string()));
  } else if (source.is_object()) {
    for (const auto& member : source.get_object()) found |= mentions(member.value());
  } else if (source.is_array()) {
    for (const json::Value& item : source.get_array()) found |= mentions(item);
  }
  return found;
}

/// The errors that the handlers around a frame handle; the innermost last, for later entries hide earlier ones.
void add_caught_errors(const Step& step, const Frame& frame, json::Arguments& arguments) {
  const std::size_t first = arguments.size();
  for (const Frame* at = find_frame(step.instance, frame.parent); at != nullptr;
       at = find_frame(step.instance, at->parent)) {
    if (!at->handling) continue;
    const auto& body = std::get<flow::Try>(task_of(step, *at).body);
    arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(first), {body.as, at->error});
  }
}

json::Arguments arguments_of(const Step& step, const Frame* frame, unsigned mentioned, const Locals& locals) {
  json::Arguments arguments;
  arguments.reserve(4);
  if (mentioned & kContext) arguments.emplace_back("context", step.instance.context);
  if (mentioned & kInput) arguments.emplace_back("input", frame == nullptr ? json::Data() : frame->input);
  if (mentioned & kOutput) arguments.emplace_back("output", locals.output == nullptr ? json::Data() : *locals.output);
  if (mentioned & kWorkflow) arguments.emplace_back("workflow", workflow_descriptor(step));
  if (mentioned & kRuntime) arguments.emplace_back("runtime", runtime_descriptor());
  if (mentioned & kTask && frame != nullptr)
    arguments.emplace_back("task", task_descriptor(step, *frame, locals.raw_output));
  if (mentioned & kOther && frame != nullptr) add_caught_errors(step, *frame, arguments);
  if (locals.error != nullptr) arguments.emplace_back(locals.error_name, *locals.error);
  return arguments;
}

}  // namespace

Result<json::Data> evaluate(const Step& step, const Frame* frame, const json::Template& expression,
                            const json::Data& input, const Locals& locals) {
  if (expression.identity()) return input;
  const unsigned mentioned = mentions(expression.source());
  if (mentioned == 0) return expression.evaluate(input, {});
  return expression.evaluate(input, arguments_of(step, frame, mentioned, locals));
}

json::Arguments arguments_of(const Step& step, const Frame* frame, const json::Template& expression) {
  return arguments_of(step, frame, mentions(expression.source()), {});
}

bool truth(const json::Data& data) {
  const json::Value& value = data.value();
  return !value.is_null() && !(value.is_bool() && !value.get_bool());
}

Result<Millis> duration_of(const json::Data& value) {
  if (const auto text = json::if_string(value.value())) return flow::parse_duration(*text);
  return invalid("a duration must be a text, found " + std::string(value.text()));
}

Result<bool> test(const Step& step, const Frame* frame, const json::Template& expression, const json::Data& input,
                  const Locals& locals) {
  BATON_TRY(const json::Data result, evaluate(step, frame, expression, input, locals));
  return truth(result);
}

std::optional<json::Data> evaluate_in_task(Step& step, FrameId id, const json::Template& expression,
                                           const json::Data& input, const Locals& locals) {
  auto result = evaluate(step, &frame_of(step, id), expression, input, locals);
  if (result) return *std::move(result);
  raise(step, id, "expression", result.error().text);
  return std::nullopt;
}

}  // namespace baton::engine
