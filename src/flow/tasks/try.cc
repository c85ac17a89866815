#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/error_types.h"

namespace baton::flow {
namespace {

const std::vector<std::string> kReserved = {"context",  "input",   "output",  "task",
                                            "workflow", "runtime", "secrets", "authorization"};

void read_as(const Node& node, Try& out) {
  const auto name = node.text();
  if (!name) return;
  const bool starts_well = !name->empty() && !(name->front() >= '0' && name->front() <= '9');
  if (!starts_well || !is_word(*name, "_")) {
    node.error(code::kVariableName, quote(*name) + " can't be the name of a variable",
               "Use letters, digits and _, without the '$'.");
  } else if (std::ranges::find(kReserved, *name) != kReserved.end()) {
    node.error(code::kVariableName, "$" + *name + " has a meaning of its own",
               "Name the caught error otherwise; the default is error.");
  } else {
    out.as = *name;
  }
}

std::optional<std::string> read_static(const Node& filter, const char* key) {
  const auto node = filter.find(key);
  auto text = node ? node->text() : std::nullopt;
  if (!text || !json::unwrap(*text)) return text;
  node->error(code::kBadValue, "catch.errors compares with fixed values, found the expression " + quote(*text),
              "Put the condition into catch.when, where the error is '.'.");
  return std::nullopt;
}

void read_errors(const Node& errors, Try& out) {
  if (!errors.expect_map()) return;
  errors.open({"with"});
  const auto with = errors.find("with");
  if (!with || !with->expect_map()) return;
  with->open({"type", "status", "instance", "title", "detail", "details"});
  out.type = read_static(*with, "type");
  if (out.type) check_error_type(*with->find("type"), *out.type);
  out.title = read_static(*with, "title");
  out.instance = read_static(*with, "instance");
  if (with->find("detail") && with->find("details"))
    with->error(code::kBadValue, "`detail` and `details` are the same", "Leave one of them out.");
  out.detail = read_static(*with, with->find("detail") ? "detail" : "details");
  if (const auto status = with->find("status")) {
    if (const auto number = status->integer())
      out.status = static_cast<int>(std::clamp<std::int64_t>(*number, 0, 9999));
  }
}

Scope with_error(const Scope& scope, const std::string& as) {
  Scope out = scope;
  if (std::ranges::find(out.caught, as) == out.caught.end()) out.caught.push_back(as);
  return out;
}

}  // namespace

Body read_try(Compiler& c, const Node& task, const Scope& scope) {
  Try out;
  out.body = read_list_task(c, *task.find("try"), "try", scope.pointer + "/try", scope);
  const auto node = task.require("catch", "Write what to do with an error: catch: { … }; { } catches all and goes on.");
  if (!node || !node->expect_map() || out.body == kNoTask) return out;
  node->only({"errors", "as", "when", "exceptWhen", "retry", "do", "then"});
  if (const auto errors = node->find("errors")) read_errors(*errors, out);
  if (const auto as = node->find("as")) read_as(*as, out);
  const Scope inside = with_error(scope, out.as);
  if (const auto when = node->find("when")) out.when = read_expression(*when, Place::in_task, inside);
  if (const auto except = node->find("exceptWhen")) out.except_when = read_expression(*except, Place::in_task, inside);
  if (const auto retry = node->find("retry")) out.retry = read_retry(c, *retry, inside);
  if (const auto handler = node->find("do")) {
    const TaskId id = read_list_task(c, *handler, "catch", scope.pointer + "/catch/do", inside);
    if (id != kNoTask) out.handler = id;
  }
  if (const auto then = node->find("then")) read_then(c, *then, scope.parent, PendingThen::Slot::catch_then);
  return out;
}

void check_caught(Compiler& c) {
  for (const Task& task : c.program.tasks) {
    const auto* attempt = std::get_if<Try>(&task.body);
    if (attempt == nullptr || !attempt->instance || c.program.find(*attempt->instance) != nullptr) continue;
    std::vector<std::string> known;
    for (const Task& other : c.program.tasks) known.push_back(other.pointer);
    c.report.add(Severity::warning, code::kErrorType, c.places[task.id.value] + "/catch/errors/with/instance",
                 quote(*attempt->instance) + " is no task of this flow" + did_you_mean(*attempt->instance, known),
                 "An error's instance is the pointer of the task that raised it, such as /do/0/NAME.");
  }
}

}  // namespace baton::flow
