#include <algorithm>

#include "json/internal.h"
#include "json/jq/reads.h"
#include "json/jq/run.h"
#include "json/program.h"

namespace baton::json {

// A constant, an expression, or a container some of whose entries are not constant.
struct Template::Node {
  Value source;  // of the root only
  std::optional<Data> constant;
  std::optional<Expression> expression;
  bool is_array = false;
  struct Child;
  std::vector<Child> children;

  static Result<Node> compile(const Value& value, const std::vector<std::string>& variables);
  static Result<Node> compile_text(std::string_view text, const std::vector<std::string>& variables);
  static Result<Node> compile_children(const Value& value, const std::vector<std::string>& variables);
  Result<Value> evaluate(jq::Run& run) const;
  /// The container, of what `make` makes of each child.
  template <class Make>
  Result<Value> assemble(const Make& make) const;
  void collect_reads(std::vector<Read>& out) const;
};

struct Template::Node::Child {
  std::string key;  // of an array's: empty
  Node node;
};

std::optional<std::string_view> unwrap(std::string_view text) {
  static constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return std::nullopt;
  text = text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
  if (text.size() < 4 || !text.starts_with("${") || !text.ends_with("}")) return std::nullopt;
  return text.substr(2, text.size() - 3);
}

Result<Template::Node> Template::Node::compile_children(const Value& value, const std::vector<std::string>& variables) {
  Node node;
  node.is_array = value.is_array();
  const auto add = [&](std::string key, const Value& child) -> Result<void> {
    BATON_TRY(Node compiled, compile(child, variables));
    node.children.emplace_back(std::move(key), std::move(compiled));
    return {};
  };
  if (value.is_array()) {
    for (const Value& item : value.get_array()) BATON_CHECK(add("", item));
  } else {
    for (const auto& entry : value.get_object()) BATON_CHECK(add(std::string(entry.key()), entry.value()));
  }
  const bool constant =
      std::all_of(node.children.begin(), node.children.end(), [](const auto& child) { return child.node.constant; });
  if (constant) {
    node.constant =
        shareable(node.assemble([](const Node& child) { return Result<Value>(child.constant->value()); }).value());
    node.children.clear();
  }
  return node;
}

Result<Template::Node> Template::Node::compile(const Value& value, const std::vector<std::string>& variables) {
  const auto text = is_string(value) ? unwrap(view(value.get_string())) : std::nullopt;
  if (text) return compile_text(*text, variables);
  if (value.is_array() || value.is_object()) return compile_children(value, variables);
  Node node;
  node.constant = shareable(value);
  return node;
}

Result<Template::Node> Template::Node::compile_text(std::string_view text, const std::vector<std::string>& variables) {
  Node node;
  BATON_TRY(node.expression, Expression::compile(text, variables));
  node.constant = node.expression->program_->constant;
  return node;
}

template <class Make>
Result<Value> Template::Node::assemble(const Make& make) const {
  Array array;
  Object object;
  is_array ? array.reserve(children.size()) : object.reserve(children.size());
  for (const auto& [key, child] : children) {
    BATON_TRY(Value value, make(child));
    if (is_array) {
      array.push_back(std::move(value));
    } else {
      object.emplace(key, std::move(value));
    }
  }
  return is_array ? Value(std::move(array)) : Value(std::move(object));
}

Result<Value> Template::Node::evaluate(jq::Run& run) const {
  if (constant) return constant->value();
  if (!expression) return assemble([&](const Node& child) { return child.evaluate(run); });
  run.use(&expression->program_->variables);
  BATON_TRY(const jq::Val result, run.first(*expression->program_->tree));
  return run.to_value(result);
}

void Template::Node::collect_reads(std::vector<Read>& out) const {
  if (expression) out.insert(out.end(), expression->reads().begin(), expression->reads().end());
  for (const auto& child : children) child.node.collect_reads(out);
}

Result<Template> Template::compile(const Value& value, const std::vector<std::string>& variables) {
  BATON_TRY(Node node, Node::compile(value, variables));
  node.source = value;
  Template result;
  result.node_ = std::make_shared<const Node>(std::move(node));
  return result;
}

Result<Template> Template::compile_expression(std::string_view text, const std::vector<std::string>& variables) {
  BATON_TRY(Node node, Node::compile_text(unwrap(text).value_or(text), variables));
  node.source = Value(text);
  Template result;
  result.node_ = std::make_shared<const Node>(std::move(node));
  return result;
}

Result<Data> Template::evaluate(const Data& input, const Arguments& arguments, const Budget& budget) const {
  if (node_->constant) return *node_->constant;
  if (node_->expression) return node_->expression->evaluate(input, arguments, budget);
  jq::Run run(input, arguments, nullptr, budget);
  BATON_TRY(Value value, node_->evaluate(run));
  return Data::from_value(std::move(value));
}

bool Template::identity() const {
  return node_->expression && node_->expression->identity();
}
bool Template::constant() const {
  return node_->constant.has_value();
}
const Value& Template::source() const {
  return node_->source;
}

std::vector<Read> Template::reads() const {
  std::vector<Read> out;
  node_->collect_reads(out);
  return jq::tidy(std::move(out));
}

}  // namespace baton::json
