// Expressions with the variables of their place, and the mistakes that can be seen before anything runs.
#include <algorithm>
#include <array>

#include "flow/codes.h"
#include "flow/compiler.h"
#include "flow/embedded.h"

namespace baton::flow {
namespace {

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool word_char(char c) {
  return letter(c) || (c >= '0' && c <= '9');
}

/// What stands before `mark` in `error`, in quotes or behind a '$': the name it is about. The error may begin with the
/// expression itself, so the last one counts.
std::string named_before(const std::string& error, std::string_view mark) {
  const std::size_t end = error.rfind(mark);
  if (end == std::string::npos) return {};
  std::size_t begin = end;
  while (begin > 0 && (word_char(error[begin - 1]) || error[begin - 1] == '$')) --begin;
  return error.substr(begin, end - begin);
}

/// What would make the same log give another state, or reaches outside of the instance: refused by name by the
/// expression library.
bool complain_of_outside(const Node& node, std::string_view expression, const std::string& error) {
  constexpr std::string_view kMark = "' can't be used here: ";
  const std::string word = named_before(error, kMark);
  if (word.empty()) return false;
  node.error(code::kNondeterministic, quote(word) + " can't be used in a flow's expression: " + quote(expression),
             word == "now" ? "Every participant must compute the same value from the same events: take the time from "
                             "$workflow.startedAt, $task.startedAt or an event."
                           : "Every participant must compute the same value from the same events: pass the value in as "
                             "data. (jq: " +
                                 error.substr(error.rfind(kMark) + kMark.size()) + ")");
  return true;
}

bool complain_of_variable(const Node& node, std::string_view expression, const std::string& error,
                          const std::vector<std::string>& variables) {
  const std::string word = named_before(error, " is not defined: ");
  if (word.size() < 2 || word[0] != '$') return false;
  if (word == "$secrets" || word == "$authorization") {
    unsupported(node, word == "$secrets" ? code::kNoSecrets : code::kNoAuthentication, word,
                "Keep what is secret in the service that needs it; a flow's data is stored and shown.");
    return true;
  }
  std::vector<std::string> names;
  for (const std::string& name : variables) names.push_back("$" + name);
  const std::string here = names.empty() ? "No variable is visible here." : "Visible here: " + either(names) + ".";
  node.error(code::kVariable, "the variable " + word + " is not visible here: " + quote(expression), here);
  return true;
}

/// Says what is wrong with an expression that does not compile. `text`: as the document has it, with its ${ }.
void complain(const Node& node, const std::string& text, const std::string& error,
              const std::vector<std::string>& variables) {
  const std::string_view expression = json::unwrap(text).value_or(text);
  if (complain_of_outside(node, expression, error) || complain_of_variable(node, expression, error, variables)) return;
  if (const auto whole = as_one_expression(text)) {
    node.error(code::kExpression, quote(text) + " is not one expression",
               "Make the whole text one expression: " + *whole);
    return;
  }
  node.error(code::kExpression, "the expression " + quote(expression) + " is not valid: " + error,
             "Expressions are jq; https://jqlang.github.io/jq/manual/ has the language.");
}

bool looks_like_expression(std::string_view text) {
  if (text.size() < 2 || text.find('\n') != std::string_view::npos) return false;
  if (text[0] == '.') return letter(text[1]) || text[1] == '[';
  if (text[0] != '$') return false;
  const std::string_view word = text.substr(1, text.find_first_of(".[ ", 1) - 1);
  constexpr std::array kNames = {"context", "input", "output", "task", "workflow", "runtime", "error"};
  return std::ranges::find(kNames, word) != kNames.end();
}

/// Warns of texts in a value position that are none, though they look like it.
void look_at_leaves(const Node& node) {
  if (node.is_map()) {
    for (const Node::Member& member : node.members()) look_at_leaves(member.node);
  } else if (node.is_list()) {
    for (const Node& item : node.items()) look_at_leaves(item);
  }
  if (!node.is_text()) return;
  const std::string text = *node.text();
  if (json::unwrap(text)) return;
  if (text.find("${") != std::string::npos) {
    node.warning(code::kEmbedded, "${ } inside other text is not evaluated: " + quote(text),
                 "Make the whole text one expression: " + as_one_expression(text).value_or("${ \"Hello \\(.name)\" }"));
  } else if (looks_like_expression(text)) {
    node.warning(code::kLooksLikeExpression, quote(text) + " is taken as text, not evaluated",
                 "If an expression is meant, write ${ " + text + " }.");
  }
}

/// Finds the leaf that does not compile, to name its place.
bool complain_of_leaf(const Node& node, const std::vector<std::string>& variables) {
  if (node.is_map()) {
    const auto members = node.members();
    return std::ranges::any_of(members, [&](const Node::Member& m) { return complain_of_leaf(m.node, variables); });
  }
  if (node.is_list()) {
    const auto items = node.items();
    return std::ranges::any_of(items, [&](const Node& item) { return complain_of_leaf(item, variables); });
  }
  if (!node.is_text()) return false;
  const std::string text = *node.text();
  const auto expression = json::unwrap(text);
  if (!expression) return false;
  const auto compiled = json::Expression::compile(*expression, variables);
  if (compiled) return false;
  complain(node, text, compiled.error().text, variables);
  return true;
}

}  // namespace

std::vector<std::string> variables_at(Place place, const Scope& scope) {
  std::vector<std::string> out;
  switch (place) {
    case Place::event:
      return {};
    case Place::start:
      return {"runtime"};
    case Place::flow_input:
      return {"workflow", "runtime"};
    case Place::flow_output:
      return {"context", "workflow", "runtime"};
    case Place::before_task:
      out = {"context", "task", "workflow", "runtime"};
      break;
    case Place::in_task:
      out = {"context", "input", "task", "workflow", "runtime"};
      break;
    case Place::exported:
      out = {"context", "input", "output", "task", "workflow", "runtime"};
      break;
  }
  out.insert(out.end(), scope.caught.begin(), scope.caught.end());
  return out;
}

std::optional<json::Template> read_expression(const Node& node, Place place, const Scope& scope) {
  const std::optional<std::string> text = node.text();
  if (!text) return std::nullopt;
  const std::vector<std::string> variables = variables_at(place, scope);
  auto compiled = json::Template::compile_expression(*text, variables);
  if (compiled) return *std::move(compiled);
  complain(node, *text, compiled.error().text, variables);
  return std::nullopt;
}

std::optional<json::Template> read_value(const Node& node, Place place, const Scope& scope) {
  look_at_leaves(node);
  const std::vector<std::string> variables = variables_at(place, scope);
  auto compiled = json::Template::compile(node.value(), variables);
  if (compiled) return *std::move(compiled);
  if (!complain_of_leaf(node, variables)) {
    node.error(code::kExpression, "an expression here is not valid: " + compiled.error().text, "Expressions are jq.");
  }
  return std::nullopt;
}

std::optional<json::Template> read_expression_or_map(const Node& node, Place place, const Scope& scope) {
  if (node.is_text()) return read_expression(node, place, scope);
  if (node.is_map()) return read_value(node, place, scope);
  node.error(code::kWrongType, quote(node.name()) + " must be an expression or a map, found " + describe(node.value()),
             "Write a jq expression, or a map whose texts may be ${ } expressions.");
  return std::nullopt;
}

}  // namespace baton::flow
