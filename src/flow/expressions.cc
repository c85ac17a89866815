// Expressions with the variables of their place, and the mistakes that can be seen before anything runs.
#include <algorithm>
#include <array>

#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool word_char(char c) {
  return letter(c) || (c >= '0' && c <= '9');
}

/// Names of functions that an expression calls, and of variables with their '$'. A rough tokenizer: inside string
/// literals only the interpolations \( ) count; `.name`, `name:` and comments do not. It may name too many (local
/// functions), never too few.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) { code(0); }
  std::vector<std::string> take() { return std::move(words_); }

 private:
  void code(int parentheses) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        literal();
      } else if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '(') {
        ++parentheses;
        ++at_;
      } else if (c == ')') {
        ++at_;
        if (--parentheses == 0) return;
      } else if (letter(c) || c == '$' || (c >= '0' && c <= '9')) {
        word();
      } else {
        ++at_;
      }
    }
  }

  /// After the opening quote; nested interpolations are taken flat: `depth` counts the strings that are open around
  /// them.
  void literal() {
    if (++depth_ > 50) at_ = text_.size();
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') break;
      if (c != '\\' || at_ >= text_.size()) continue;
      if (text_[at_++] == '(') code(1);
    }
    --depth_;
  }

  void word() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && word_char(text_[at_])) ++at_;
    std::size_t next = at_;
    while (next < text_.size() && (text_[next] == ' ' || text_[next] == '\n')) ++next;
    const bool field = begin > 0 && text_[begin - 1] == '.';
    const bool key = next < text_.size() && text_[next] == ':';
    if (!field && !key) words_.emplace_back(text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<std::string> words_;
};

/// What would make the same log give another state, or reaches outside of the instance.
constexpr std::array kForbidden = {"now",
                                   "localtime",
                                   "strflocaltime",
                                   "env",
                                   "$ENV",
                                   "input",
                                   "inputs",
                                   "debug",
                                   "stderr",
                                   "halt",
                                   "halt_error",
                                   "input_line_number",
                                   "input_filename",
                                   "import",
                                   "include",
                                   "get_search_list",
                                   "$__prog_args"};

bool check_deterministic(const Node& node, std::string_view expression) {
  for (const std::string& word : Words(expression).take()) {
    if (std::ranges::find(kForbidden, word) == kForbidden.end()) continue;
    node.error(code::kNondeterministic, quote(word) + " can't be used in a flow's expression: " + quote(expression),
               word == "now" || word.ends_with("localtime")
                   ? "Every participant must compute the same value from the same events: take the time from "
                     "$workflow.startedAt, $task.startedAt or an event."
                   : "Every participant must compute the same value from the same events: pass the value in as data.");
    return false;
  }
  return true;
}

/// "$x is not defined" of the expression library: say which ones are.
void complain(const Node& node, std::string_view expression, const std::string& error,
              const std::vector<std::string>& variables) {
  for (const std::string& word : Words(expression).take()) {
    if (word.size() < 2 || word[0] != '$' || error.find(word.substr(1)) == std::string::npos) continue;
    if (std::ranges::find(variables, word.substr(1)) != variables.end()) continue;
    if (word == "$secrets" || word == "$authorization") {
      unsupported(node, word == "$secrets" ? code::kNoSecrets : code::kNoAuthentication, word,
                  "Keep what is secret in the service that needs it; a flow's data is stored and shown.");
      return;
    }
    std::vector<std::string> names;
    for (const std::string& name : variables) names.push_back("$" + name);
    const std::string here = names.empty() ? "No variable is visible here." : "Visible here: " + either(names) + ".";
    node.error(code::kVariable, "the variable " + word + " is not visible here: " + quote(expression), here);
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

/// Looks at every text in a value position. True when all that are expressions may be compiled.
bool check_leaves(const Node& node) {
  if (node.is_map()) {
    bool ok = true;
    for (const Node::Member& member : node.members()) ok = check_leaves(member.node) && ok;
    return ok;
  }
  if (node.is_list()) {
    bool ok = true;
    for (const Node& item : node.items()) ok = check_leaves(item) && ok;
    return ok;
  }
  if (!node.is_text()) return true;
  const std::string text = *node.text();
  if (const auto expression = json::unwrap(text)) return check_deterministic(node, *expression);
  if (text.find("${") != std::string::npos) {
    node.warning(code::kEmbedded, "${ } inside other text is not evaluated: " + quote(text),
                 "Make the whole text one expression: ${ \"Hello \\(.name)\" }.");
  } else if (looks_like_expression(text)) {
    node.warning(code::kLooksLikeExpression, quote(text) + " is taken as text, not evaluated",
                 "If an expression is meant, write ${ " + text + " }.");
  }
  return true;
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
  complain(node, *expression, compiled.error().text, variables);
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
  const std::string_view expression = json::unwrap(*text).value_or(*text);
  if (!check_deterministic(node, expression)) return std::nullopt;
  const std::vector<std::string> variables = variables_at(place, scope);
  auto compiled = json::Template::compile_expression(*text, variables);
  if (compiled) return *std::move(compiled);
  complain(node, expression, compiled.error().text, variables);
  return std::nullopt;
}

std::optional<json::Template> read_value(const Node& node, Place place, const Scope& scope) {
  if (!check_leaves(node)) return std::nullopt;
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
