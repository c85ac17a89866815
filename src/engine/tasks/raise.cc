// raise: an error of the author's own. `instance` is always the raising task.
#include "engine/scope.h"
#include "engine/tasks/tasks.h"
#include "json/number.h"

namespace baton::engine {
namespace {

/// A text as it is, anything else as JSON, null as nothing. Nothing at all: raised.
std::optional<std::string> text_of(Step& step, FrameId id, const std::optional<json::Template>& expression) {
  if (!expression) return "";
  const json::Data input = frame_of(step, id).input;
  const auto value = evaluate_in_task(step, id, *expression, input);
  if (!value) return std::nullopt;
  if (value->is_null()) return "";
  if (const auto text = json::if_string(value->value())) return std::string(*text);
  return std::string(value->text());
}

}  // namespace

void start(Step& step, FrameId id, const flow::Task& task, const flow::Raise& body) {
  auto type = body.type_expression ? text_of(step, id, body.type_expression) : body.type;
  if (!type) return;
  auto title = text_of(step, id, body.title);
  if (!title) return;
  auto detail = text_of(step, id, body.detail);
  if (!detail) return;
  raise(step, id,
        Fault{.type = *std::move(type),
              .status = body.status,
              .title = *std::move(title),
              .detail = *std::move(detail),
              .instance = task.pointer});
}

}  // namespace baton::engine
