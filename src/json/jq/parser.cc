// Recursive descent after the grammar of jq 1.6; weakest first:
//   |   ,   //   or   and   == != < <= > >= (not associative)   + -   * / %   terms with .field [index] []
// Every function returns nothing where the text leaves the subset; the caller gives up, and libjq has the last word.
#include "json/jq/parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "json/jq/lexer.h"

namespace baton::json::jq {
namespace {

using MaybeNode = std::optional<Node>;

constexpr int kDepthMax = 100;
constexpr int kTokensMax = 2000;

constexpr std::array<std::string_view, 17> kKeywords = {"as",     "import",  "include", "module", "def",  "if",
                                                        "then",   "else",    "elif",    "end",    "and",  "or",
                                                        "reduce", "foreach", "try",     "catch",  "label"};

bool is_keyword(std::string_view name) {
  return std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end() || name == "__loc__";
}

enum class Arguments { none, filter, value };

struct Function {
  std::string_view name;
  Arguments arguments;
  Builtin builtin;
  Outputs outputs;
};

constexpr std::array<Function, 25> kFunctions = {{
    {"add", Arguments::none, Builtin::add, Outputs::one},
    {"all", Arguments::none, Builtin::all, Outputs::one},
    {"any", Arguments::none, Builtin::any, Outputs::one},
    {"ascii_downcase", Arguments::none, Builtin::ascii_downcase, Outputs::one},
    {"ascii_upcase", Arguments::none, Builtin::ascii_upcase, Outputs::one},
    {"empty", Arguments::none, Builtin::empty, Outputs::at_most_one},
    {"first", Arguments::none, Builtin::first, Outputs::one},
    {"floor", Arguments::none, Builtin::floor, Outputs::one},
    {"keys", Arguments::none, Builtin::keys, Outputs::one},
    {"last", Arguments::none, Builtin::last, Outputs::one},
    {"length", Arguments::none, Builtin::length, Outputs::one},
    {"not", Arguments::none, Builtin::not_, Outputs::one},
    {"tojson", Arguments::none, Builtin::tojson, Outputs::one},
    {"tonumber", Arguments::none, Builtin::tonumber, Outputs::one},
    {"tostring", Arguments::none, Builtin::tostring, Outputs::one},
    {"type", Arguments::none, Builtin::type, Outputs::one},
    {"all", Arguments::filter, Builtin::all_of, Outputs::one},
    {"any", Arguments::filter, Builtin::any_of, Outputs::one},
    {"first", Arguments::filter, Builtin::first_of, Outputs::at_most_one},
    {"map", Arguments::filter, Builtin::map, Outputs::one},
    {"select", Arguments::filter, Builtin::select, Outputs::at_most_one},
    {"endswith", Arguments::value, Builtin::endswith, Outputs::one},
    {"has", Arguments::value, Builtin::has, Outputs::one},
    {"join", Arguments::value, Builtin::join, Outputs::one},
    {"startswith", Arguments::value, Builtin::startswith, Outputs::one},
}};

const Function* find_function(std::string_view name, bool with_argument) {
  for (const Function& f : kFunctions) {
    if (f.name == name && (f.arguments != Arguments::none) == with_argument) return &f;
  }
  return nullptr;
}

struct Operator {
  std::string_view symbol;
  Op op;
};
constexpr std::array<Operator, 6> kComparisons = {{{"==", Op::equal},
                                                   {"!=", Op::not_equal},
                                                   {"<", Op::less},
                                                   {"<=", Op::less_equal},
                                                   {">", Op::greater},
                                                   {">=", Op::greater_equal}}};
constexpr std::array<Operator, 2> kSums = {{{"+", Op::add}, {"-", Op::subtract}}};
constexpr std::array<Operator, 3> kProducts = {{{"*", Op::multiply}, {"/", Op::divide}, {"%", Op::modulo}}};

Node leaf(Op op) {
  Node node;
  node.op = op;
  return node;
}

Node literal(Value value) {
  Node node = leaf(Op::literal);
  node.literal = std::move(value);
  return node;
}

Node with_children(Op op, Outputs outputs) {
  Node node = leaf(op);
  node.outputs = outputs;
  return node;
}

template <class... Children>
Node make(Op op, Outputs outputs, Children&&... children) {
  Node node = with_children(op, outputs);
  node.children.reserve(sizeof...(children));
  (node.children.push_back(std::forward<Children>(children)), ...);
  return node;
}

class Parser {
 public:
  Parser(std::string_view text, const std::vector<std::string>& variables) : lexer_(text), variables_(variables) {
    advance();
  }

  MaybeNode whole() {
    MaybeNode node = pipe();
    if (!node || token_.kind != TokenKind::end) return {};
    return node;
  }

 private:
  // The tree is as deep as the text is long at worst (1+1+1+…), and is walked by recursion.
  void advance() { token_ = ++tokens_ > kTokensMax ? Token{TokenKind::unknown, {}, {}} : lexer_.next(); }
  bool at_symbol(std::string_view s) const { return token_.kind == TokenKind::symbol && token_.text == s; }
  bool at_name(std::string_view s) const { return token_.kind == TokenKind::name && token_.text == s; }
  bool take_symbol(std::string_view s) {
    if (!at_symbol(s)) return false;
    advance();
    return true;
  }
  bool take_name(std::string_view s) {
    if (!at_name(s)) return false;
    advance();
    return true;
  }

  template <std::size_t N>
  const Operator* at_operator(const std::array<Operator, N>& operators) const {
    if (token_.kind != TokenKind::symbol) return nullptr;
    const auto it =
        std::find_if(operators.begin(), operators.end(), [&](const Operator& o) { return o.symbol == token_.text; });
    return it == operators.end() ? nullptr : &*it;
  }

  // Two operands that each have one output at most: with more, jq makes all combinations, and that is left to libjq.
  static MaybeNode combine(Op op, Node left, Node right) {
    const Outputs outputs = std::max(left.outputs, right.outputs);
    if (outputs == Outputs::many) return {};
    return make(op, outputs, std::move(left), std::move(right));
  }

  MaybeNode pipe() {
    if (++depth_ > kDepthMax) return {};
    MaybeNode left = comma();
    if (!left || !take_symbol("|")) return --depth_, left;
    MaybeNode right = pipe();
    --depth_;
    if (!right) return {};
    const Outputs outputs = std::max(left->outputs, right->outputs);
    return make(Op::pipe, outputs, *std::move(left), *std::move(right));
  }

  MaybeNode comma() {
    MaybeNode left = alternative();
    while (left && take_symbol(",")) {
      MaybeNode right = alternative();
      if (!right) return {};
      left = make(Op::comma, Outputs::many, *std::move(left), *std::move(right));
    }
    return left;
  }

  MaybeNode alternative() {
    if (++depth_ > kDepthMax) return {};
    MaybeNode left = disjunction();
    if (!left || !take_symbol("//")) return --depth_, left;
    MaybeNode right = alternative();
    --depth_;
    if (!right) return {};
    const bool many = left->outputs == Outputs::many || right->outputs == Outputs::many;
    const Outputs outputs = many ? Outputs::many : right->outputs;
    return make(Op::alternative, outputs, *std::move(left), *std::move(right));
  }

  MaybeNode disjunction() {
    MaybeNode left = conjunction();
    while (left && take_name("or")) {
      MaybeNode right = conjunction();
      if (!right) return {};
      left = combine(Op::or_, *std::move(left), *std::move(right));
    }
    return left;
  }

  MaybeNode conjunction() {
    MaybeNode left = comparison();
    while (left && take_name("and")) {
      MaybeNode right = comparison();
      if (!right) return {};
      left = combine(Op::and_, *std::move(left), *std::move(right));
    }
    return left;
  }

  MaybeNode comparison() {
    MaybeNode left = sum();
    const Operator* op = left ? at_operator(kComparisons) : nullptr;
    if (op == nullptr) return left;
    advance();
    MaybeNode right = sum();
    if (!right || at_operator(kComparisons) != nullptr) return {};
    return combine(op->op, *std::move(left), *std::move(right));
  }

  MaybeNode sum() {
    MaybeNode left = product();
    for (const Operator* op = nullptr; left && (op = at_operator(kSums)) != nullptr;) {
      advance();
      MaybeNode right = product();
      if (!right) return {};
      left = combine(op->op, *std::move(left), *std::move(right));
    }
    return left;
  }

  MaybeNode product() {
    MaybeNode left = factor();
    for (const Operator* op = nullptr; left && (op = at_operator(kProducts)) != nullptr;) {
      advance();
      MaybeNode right = factor();
      if (!right) return {};
      left = combine(op->op, *std::move(left), *std::move(right));
    }
    return left;
  }

  MaybeNode factor() {
    if (++depth_ > kDepthMax) return {};
    MaybeNode node = at_symbol("-") ? negation() : at_name("if") ? conditional() : term();
    --depth_;
    return node;
  }

  // The minus sign takes a whole product: -a * b is -(a * b).
  MaybeNode negation() {
    advance();
    MaybeNode operand = product();
    if (!operand || operand->outputs == Outputs::many) return {};
    const Outputs outputs = operand->outputs;
    return make(Op::negate, outputs, *std::move(operand));
  }

  // At "if" or "elif".
  MaybeNode conditional() {
    if (++depth_ > kDepthMax) return {};
    advance();
    MaybeNode condition = pipe();
    if (!condition || condition->outputs == Outputs::many || !take_name("then")) return {};
    MaybeNode yes = pipe();
    if (!yes) return {};
    MaybeNode no;
    if (at_name("elif")) {
      no = conditional();
    } else if (take_name("else")) {
      no = pipe();
      if (!take_name("end")) return {};
    }
    --depth_;
    if (!no) return {};
    const Outputs outputs = std::max({condition->outputs, yes->outputs, no->outputs});
    return make(Op::conditional, outputs, *std::move(condition), *std::move(yes), *std::move(no));
  }

  MaybeNode term() {
    MaybeNode node = primary();
    while (node) {
      if (token_.kind == TokenKind::field) {
        node = field(*std::move(node), std::string(token_.text));
      } else if (token_.kind == TokenKind::dot) {
        advance();
        node = quoted_field(*std::move(node));
      } else if (at_symbol("[")) {
        node = subscript(*std::move(node));
      } else {
        break;
      }
    }
    if (at_symbol("?") || at_name("as")) return {};
    return node;
  }

  // At the token that ends the step; a '?' behind it belongs to the step.
  MaybeNode step(Node node) {
    advance();
    if (take_symbol("?")) {
      node.optional = true;
      node.outputs = std::max(node.outputs, Outputs::at_most_one);
    }
    return node;
  }

  MaybeNode field(Node of, std::string name) {
    const Outputs outputs = of.outputs;
    Node node = make(Op::field, outputs, std::move(of));
    node.name = std::move(name);
    return step(std::move(node));
  }

  // After a dot, at a quote.
  MaybeNode quoted_field(Node of) {
    if (token_.kind != TokenKind::quote) return {};
    MaybeNode name = string(/*advance_behind=*/false);
    if (!name) return {};
    if (name->op == Op::literal) return field(std::move(of), std::string(name->literal.get_string()));
    MaybeNode node = combine(Op::index, std::move(of), *std::move(name));
    if (!node) return {};
    return step(*std::move(node));
  }

  MaybeNode subscript(Node of) {
    advance();
    if (at_symbol("]")) return step(make(Op::iterate, Outputs::many, std::move(of)));
    MaybeNode index = pipe();
    if (!index || !at_symbol("]")) return {};
    if (index->op == Op::literal && index->literal.is_string()) {
      return field(std::move(of), std::string(index->literal.get_string()));
    }
    if (of.outputs == Outputs::many && index->outputs != Outputs::one) return {};
    if (index->outputs == Outputs::many) return {};
    const Outputs outputs = std::max(of.outputs, index->outputs);
    return step(make(Op::index, outputs, std::move(of), *std::move(index)));
  }

  MaybeNode primary() {
    switch (token_.kind) {
      case TokenKind::dot: {
        advance();
        if (token_.kind == TokenKind::quote) return quoted_field(leaf(Op::identity));
        return leaf(Op::identity);
      }
      case TokenKind::field:
        return field(leaf(Op::identity), std::string(token_.text));
      case TokenKind::variable:
        return variable();
      case TokenKind::number: {
        Node node = literal(std::move(token_.number));
        advance();
        return node;
      }
      case TokenKind::quote:
        return string(/*advance_behind=*/true);
      case TokenKind::name:
        return call();
      default:
        break;
    }
    if (take_symbol("(")) return parenthesis();
    if (take_symbol("[")) return array();
    if (take_symbol("{")) return object();
    return {};
  }

  MaybeNode variable() {
    if (std::find(variables_.begin(), variables_.end(), token_.text) == variables_.end()) return {};
    Node node = leaf(Op::variable);
    node.name = std::string(token_.text);
    advance();
    return node;
  }

  MaybeNode parenthesis() {
    MaybeNode node = pipe();
    if (!take_symbol(")")) return {};
    return node;
  }

  MaybeNode array() {
    if (take_symbol("]")) return literal(Array());
    MaybeNode items = pipe();
    if (!items || !take_symbol("]")) return {};
    return make(Op::array, Outputs::one, *std::move(items));
  }

  MaybeNode call() {
    const std::string_view name = token_.text;
    if (is_keyword(name)) return {};
    advance();
    if (name == "null") return literal(Value());
    if (name == "true") return literal(Value(true));
    if (name == "false") return literal(Value(false));
    const bool with_argument = take_symbol("(");
    const Function* function = find_function(name, with_argument);
    if (function == nullptr) return {};
    Node node = with_children(Op::call, function->outputs);
    node.builtin = function->builtin;
    if (!with_argument) return node;
    MaybeNode argument = pipe();
    if (!argument || !take_symbol(")")) return {};
    const bool condition = function->builtin == Builtin::all_of || function->builtin == Builtin::any_of;
    if (condition && argument->outputs != Outputs::one) return {};
    if (function->builtin == Builtin::select && argument->outputs == Outputs::many) return {};
    if (function->arguments == Arguments::value) {
      if (argument->outputs == Outputs::many) return {};
      node.outputs = argument->outputs;
    }
    node.children.push_back(*std::move(argument));
    return node;
  }

  // The quote has been taken as a token, the lexer stands behind it.
  MaybeNode string(bool advance_behind) {
    Node node = leaf(Op::interpolate);
    for (;;) {
      std::string text;
      const Lexer::Part part = lexer_.read_string_part(text);
      if (part == Lexer::Part::unknown) return {};
      if (!text.empty()) node.children.push_back(literal(Value(text)));
      if (part == Lexer::Part::end) break;
      advance();
      MaybeNode inner = pipe();
      if (!inner || inner->outputs == Outputs::many || !at_symbol(")"))
        return {};  // the lexer stands behind the bracket
      node.outputs = std::max(node.outputs, inner->outputs);
      node.children.push_back(*std::move(inner));
    }
    if (advance_behind) advance();
    if (node.children.empty()) return literal(Value(""));
    if (node.children.size() == 1 && node.children[0].op == Op::literal && node.children[0].literal.is_string()) {
      Node only = std::move(node.children[0]);
      return only;
    }
    return node;
  }

  MaybeNode object() {
    Node node = leaf(Op::object);
    if (take_symbol("}")) return literal(Object());
    for (;;) {
      if (!entry(node)) return {};
      if (take_symbol("}")) return node;
      if (!take_symbol(",")) return {};
    }
  }

  bool entry(Node& object) {
    MaybeNode key;
    MaybeNode value;
    if (token_.kind == TokenKind::variable) {
      key = literal(Value(token_.text));
      value = variable();
    } else if (token_.kind == TokenKind::name) {
      const std::string name(token_.text);
      advance();
      key = literal(Value(name));
      if (!at_symbol(":") && !is_keyword(name)) value = shorthand(literal(Value(name)));
    } else if (token_.kind == TokenKind::quote) {
      key = string(/*advance_behind=*/true);
      if (key && !at_symbol(":")) value = shorthand(*key);
    } else if (take_symbol("(")) {
      key = parenthesis();
    }
    if (!key) return false;
    if (!value) {
      if (!take_symbol(":")) return false;
      value = entry_value();
    }
    if (!value || key->outputs == Outputs::many || value->outputs == Outputs::many) return false;
    object.outputs = std::max({object.outputs, key->outputs, value->outputs});
    object.children.push_back(*std::move(key));
    object.children.push_back(*std::move(value));
    return true;
  }

  // {a} is {a: .a}
  static MaybeNode shorthand(Node key) {
    if (key.op != Op::literal) return {};
    Node node = make(Op::field, Outputs::one, leaf(Op::identity));
    node.name = std::string(key.literal.get_string());
    return node;
  }

  // Terms joined by pipes; no other operators stand here without parentheses.
  MaybeNode entry_value() {
    if (++depth_ > kDepthMax) return {};
    MaybeNode left;
    if (take_symbol("-")) {
      MaybeNode operand = term();
      if (!operand || operand->outputs == Outputs::many || at_symbol("|")) return {};
      const Outputs outputs = operand->outputs;
      left = make(Op::negate, outputs, *std::move(operand));
    } else {
      left = term();
    }
    if (!left || !take_symbol("|")) return --depth_, left;
    MaybeNode right = entry_value();
    --depth_;
    if (!right) return {};
    const Outputs outputs = std::max(left->outputs, right->outputs);
    return make(Op::pipe, outputs, *std::move(left), *std::move(right));
  }

  Lexer lexer_;
  const std::vector<std::string>& variables_;
  Token token_;
  int depth_ = 0;
  int tokens_ = 0;
};

}  // namespace

std::optional<Node> parse(std::string_view text, const std::vector<std::string>& variables) {
  return Parser(text, variables).whole();
}

}  // namespace baton::json::jq
