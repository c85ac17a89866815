#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {

void check_error(const Node& node, const Scope& scope, Raise& raise) {
  const auto type = node.require("type", "Name the error's type, a URI.");
  const auto status = node.require("status", "Give a whole number, such as an HTTP status.");
  node.only({"type", "status", "instance", "title", "detail"});
  const auto text = type ? type->text() : std::nullopt;
  if (text && json::unwrap(*text)) {
    raise.type_expression = read_expression(*type, Place::in_task, scope);
  } else if (text) {
    raise.type = *text;
  }
  if (const auto number = status ? status->integer() : std::nullopt) {
    if (*number < 100 || *number > 599) {
      status->error(code::kBadValue, "the status can't be " + std::to_string(*number),
                    "Give an HTTP status, 100 to 599.");
    }
    raise.status = static_cast<int>(*number);
  }
  if (const auto title = node.find("title"); title && title->text())
    raise.title = read_value(*title, Place::in_task, scope);
  if (const auto detail = node.find("detail"); detail && detail->text())
    raise.detail = read_value(*detail, Place::in_task, scope);
  if (const auto instance = node.find("instance")) {
    instance->warning(code::kIgnoredInstance,
                      "`instance` of an error is set by the runtime: the pointer of the task that raised it",
                      "Leave it out.");
  }
}

Body read_raise(Compiler& c, const Node& task, const Scope& scope) {
  const Node raise = *task.find("raise");
  auto error = raise.require("error", "Write error: { type: …, status: … }, or the name of one of use.errors.");
  if (!error) return {};
  raise.only({"error"});
  if (error->is_text()) {
    const std::string name = *error->text();
    const auto found = c.errors.find(name);
    if (found == c.errors.end()) {
      error->error(code::kUnknownName,
                   "there is no error " + quote(name) + " in use.errors" + did_you_mean(name, names_of(c.errors)),
                   "Define it there, or write { type: …, status: … } here.");
      return {};
    }
    error = found->second;
  }
  Raise out;
  if (error->expect_map()) check_error(*error, scope, out);
  return out;
}

}  // namespace baton::flow
