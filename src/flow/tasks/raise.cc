#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/error_types.h"
#include "flow/uri_template.h"

namespace baton::flow {
namespace {

/// A URI, a URI template over the task's input, or an expression.
void read_type(const Node& node, const Scope& scope, Raise& raise) {
  const auto text = node.text();
  if (!text) return;
  if (json::unwrap(*text)) {
    raise.type_expression = read_expression(node, Place::in_task, scope);
    return;
  }
  const auto expanded = expand(node, *text, ".");
  if (!expanded) return;
  if (expanded->empty()) {
    check_error_type(node, *text);
    raise.type = *text;
    return;
  }
  const json::Value expression(*expanded);
  raise.type_expression = read_expression(Node(expression, node.pointer(), node.report()), Place::in_task, scope);
}

}  // namespace

void check_error(const Node& node, const Scope& scope, Raise& raise) {
  const auto type = node.require("type", "Name the error's type, a URI.");
  const auto status = node.require("status", "Give a whole number, such as an HTTP status.");
  node.only({"type", "status", "instance", "title", "detail"});
  if (type) read_type(*type, scope, raise);
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
