// Recursive descent after the grammar of jq 1.7; weakest first:
//   |   ,   //   = |= += … (not associative)   or   and   == != < <= > >= (not associative)   + -   * / %
// and terms with .field [index] [] ? behind them.
#include "json/jq/parser.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/assert.h"
#include "json/internal.h"
#include "json/jq/lexer.h"
#include "json/jq/library.h"

namespace baton::json::jq {
namespace {

using Made = const Node*;  // nullptr: an error, which the parser has then

constexpr int kDepthMax = 250;
constexpr int kHeightMax = 1000;
constexpr int kTokensMax = 10'000;

constexpr std::array<std::string_view, 18> kKeywords = {"as",     "import",  "include", "module", "def",   "if",
                                                        "then",   "else",    "elif",    "end",    "and",   "or",
                                                        "reduce", "foreach", "try",     "catch",  "label", "__loc__"};

bool is_keyword(std::string_view name) {
  return std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end();
}

struct Operator {
  std::string_view symbol;
  Op op;
  int strength;
};
constexpr std::array<Operator, 13> kOperators = {{{"or", Op::or_, 1},
                                                  {"and", Op::and_, 2},
                                                  {"==", Op::equal, 3},
                                                  {"!=", Op::not_equal, 3},
                                                  {"<", Op::less, 3},
                                                  {"<=", Op::less_equal, 3},
                                                  {">", Op::greater, 3},
                                                  {">=", Op::greater_equal, 3},
                                                  {"+", Op::add, 4},
                                                  {"-", Op::subtract, 4},
                                                  {"*", Op::multiply, 5},
                                                  {"/", Op::divide, 5},
                                                  {"%", Op::modulo, 5}}};
constexpr int kComparison = 3;
constexpr int kProduct = 5;

struct Assignment {
  std::string_view symbol;
  Op op;
  Op arithmetic;
};
constexpr std::array<Assignment, 8> kAssignments = {{{"=", Op::assign, Op::add},
                                                     {"|=", Op::modify, Op::add},
                                                     {"+=", Op::update, Op::add},
                                                     {"-=", Op::update, Op::subtract},
                                                     {"*=", Op::update, Op::multiply},
                                                     {"/=", Op::update, Op::divide},
                                                     {"%=", Op::update, Op::modulo},
                                                     {"//=", Op::update_default, Op::add}}};

struct Form {
  std::string_view name;
  std::size_t arity;
  Op op;
  Outputs outputs;
};
constexpr std::array<Form, 22> kForms = {{{"empty", 0, Op::empty, Outputs::at_most_one},
                                          {"error", 0, Op::error, Outputs::at_most_one},
                                          {"error", 1, Op::error, Outputs::at_most_one},
                                          {"select", 1, Op::select, Outputs::at_most_one},
                                          {"map", 1, Op::map, Outputs::one},
                                          {"first", 1, Op::first, Outputs::at_most_one},
                                          {"last", 1, Op::last, Outputs::one},
                                          {"limit", 2, Op::limit, Outputs::many},
                                          {"skip", 2, Op::skip, Outputs::many},
                                          {"isempty", 1, Op::isempty, Outputs::one},
                                          {"any", 0, Op::any, Outputs::one},
                                          {"any", 1, Op::any, Outputs::one},
                                          {"any", 2, Op::any, Outputs::one},
                                          {"all", 0, Op::all, Outputs::one},
                                          {"all", 1, Op::all, Outputs::one},
                                          {"all", 2, Op::all, Outputs::one},
                                          {"path", 1, Op::path, Outputs::many},
                                          {"getpath", 1, Op::getpath, Outputs::one},
                                          {"sub", 3, Op::substitute, Outputs::many},
                                          {"range", 1, Op::range, Outputs::many},
                                          {"range", 2, Op::range, Outputs::many},
                                          {"range", 3, Op::range, Outputs::many}}};

const std::map<std::string_view, Format>& formats() {
  static const std::map<std::string_view, Format> kFormats = {
      {"@text", Format::text},     {"@json", Format::json},      {"@html", Format::html},
      {"@uri", Format::uri},       {"@csv", Format::csv},        {"@tsv", Format::tsv},
      {"@sh", Format::sh},         {"@base64", Format::base64},  {"@base64d", Format::base64d},
      {"@base32", Format::base32}, {"@base32d", Format::base32d}};
  return kFormats;
}

// What a name stands for, innermost last.
struct Name {
  enum class Kind { variable, label, function, parameter };
  Kind kind;
  std::string name;
  std::size_t arity = 0;
  std::uint16_t level = 0;
  std::uint16_t slot = 0;
  const Function* function = nullptr;
};

// "5.", ".5" and "007" as JSON has them.
std::string as_json(std::string_view text) {
  std::string out(text);
  while (out.size() > 1 && out[0] == '0' && out[1] >= '0' && out[1] <= '9') out.erase(0, 1);
  if (out[0] == '.') out.insert(0, 1, '0');
  const std::size_t dot = out.find('.');
  if (dot != std::string::npos && (dot + 1 == out.size() || out[dot + 1] < '0' || out[dot + 1] > '9'))
    out.erase(dot, 1);
  return out;
}

class Parser {
 public:
  Parser(std::string_view text, const std::vector<std::string>& variables)
      : text_(text), lexer_(text), variables_(variables), tree_(std::make_unique<Tree>()) {
    frames_.push_back({0, &tree_->slots});
    advance();
  }

  Result<std::unique_ptr<const Tree>> whole() {
    tree_->root = pipe();
    if (tree_->root != nullptr && token_.kind != TokenKind::end) tree_->root = unexpected("the end");
    if (tree_->root == nullptr) return *error_;
    return std::unique_ptr<const Tree>(std::move(tree_));
  }

  std::unique_ptr<const Tree> definition() {
    const bool read = define();
    BATON_ASSERT(read);  // the library is ours
    return std::move(tree_);
  }

 private:
  struct Frame {
    std::uint16_t level;
    std::uint16_t* slots;
  };

  void advance() {
    if (++tokens_ > kTokensMax) {
      fail("the expression has more than " + std::to_string(kTokensMax) + " words and signs");
      token_ = {TokenKind::unknown, {}, token_.at};
    } else {
      token_ = lexer_.next();
    }
  }
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
  bool expect_symbol(std::string_view s) { return take_symbol(s) || unexpected("'" + std::string(s) + "'") != nullptr; }
  bool expect_name(std::string_view s) { return take_name(s) || unexpected("'" + std::string(s) + "'") != nullptr; }

  // Errors: the first one counts.
  Made fail(const std::string& what) {
    if (!error_) error_ = invalid(what);
    return nullptr;
  }
  std::string column(std::size_t at) const {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    const std::string_view before = text_.substr(0, at);
    const std::size_t line = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto count = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line), before.end(), begins);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    return (lines > 0 ? "line " + std::to_string(lines + 1) + ", " : "") + "column " + std::to_string(count + 1);
  }
  Made unexpected(const std::string& wanted) {
    std::string found = token_.kind == TokenKind::end ? "the end" : token_.kind == TokenKind::quote ? "a text" : "";
    if (token_.kind == TokenKind::field) found = "'." + std::string(token_.text) + "'";
    if (token_.kind == TokenKind::variable) found = "'$" + std::string(token_.text) + "'";
    if (found.empty()) found = "'" + std::string(token_.text) + "'";
    return fail(column(token_.at) + ": unexpected " + found + ", expected " + wanted);
  }

  // Nodes.
  Node& make(Op op, Outputs outputs = Outputs::one, bool by_parameters = false) {
    Node& node = tree_->nodes.emplace_back();
    node.op = op;
    node.outputs = outputs;
    node.by_parameters = by_parameters;
    return node;
  }
  Made literal(Value value) {
    Node& node = make(Op::literal);
    node.literal = std::move(value);
    return &node;
  }
  // Outputs of a node that has those of all its parts combined.
  static void combine(Node& node, Made part) {
    if (part == nullptr) return;
    node.outputs = std::max(node.outputs, part->outputs);
    node.by_parameters = node.by_parameters || part->by_parameters;
  }
  static void collect(const Node& node, std::vector<Made>& out) {
    for (const Made part : {node.a, node.b, node.c, node.d}) {
      if (part != nullptr) out.push_back(part);
    }
    out.insert(out.end(), node.more.begin(), node.more.end());
    for (const Pattern* pattern : node.patterns) collect(*pattern, out);
  }
  static void collect(const Pattern& pattern, std::vector<Made>& out) {
    for (const Pattern::Entry& entry : pattern.entries) {
      if (entry.key != nullptr) out.push_back(entry.key);
      if (entry.inner != nullptr) collect(*entry.inner, out);
    }
  }
  Made done(Node& node) {
    std::vector<Made> parts;
    collect(node, parts);
    int height = 0;
    for (const Made part : parts) height = std::max<int>(height, part->height);
    if (node.function != nullptr && node.function->body != nullptr)
      height = std::max<int>(height, node.function->body->height);
    if (height >= kHeightMax) return fail("the expression is nested too deeply");
    node.height = static_cast<std::uint16_t>(height + 1);
    return &node;
  }
  // With everything in it combined.
  Made combined(Node& node) {
    for (const Made part : {node.a, node.b, node.c, node.d}) combine(node, part);
    for (const Made part : node.more) combine(node, part);
    return done(node);
  }
  Made binary(Op op, Made a, Made b) {
    Node& node = make(op);
    node.a = a;
    node.b = b;
    return combined(node);
  }

  // Names.
  std::uint16_t new_slot() {
    std::uint16_t& slots = *frames_.back().slots;
    if (slots < 60'000) return slots++;
    fail("too many variables");
    return 0;
  }
  std::uint16_t level() const { return frames_.back().level; }
  std::uint16_t declare(Name::Kind kind, const std::string& name) {
    const std::uint16_t slot = new_slot();
    names_.push_back({kind, name, 0, level(), slot, nullptr});
    return slot;
  }
  const Name* find(Name::Kind kind, std::string_view name) const {
    const auto it =
        std::find_if(names_.rbegin(), names_.rend(), [&](const Name& n) { return n.kind == kind && n.name == name; });
    return it == names_.rend() ? nullptr : &*it;
  }
  const Name* find_callable(std::string_view name, std::size_t arity) const {
    const auto it = std::find_if(names_.rbegin(), names_.rend(), [&](const Name& n) {
      const bool callable = n.kind == Name::Kind::function || n.kind == Name::Kind::parameter;
      return callable && n.name == name && n.arity == arity;
    });
    return it == names_.rend() ? nullptr : &*it;
  }

  // The body of something that has names of its own: they are forgotten behind it.
  template <class Read>
  auto within_names(const Read& read) {
    const std::size_t known = names_.size();
    auto result = read();
    names_.resize(known);
    return result;
  }
  template <class Read>
  Made nested(const Read& read) {
    if (++depth_ > kDepthMax) return fail("the expression is nested too deeply");
    const Made node = read();
    --depth_;
    return node;
  }

  // pipe: comma ('|' pipe)?; also what extends as far as it can: def, … as … |, label … |.
  Made pipe() {
    return nested([&]() -> Made {
      return within_names([&]() -> Made {
        while (at_name("def")) {
          if (!define()) return nullptr;
        }
        std::vector<Made> parts;
        do {
          const Made part = comma();
          if (part == nullptr) return nullptr;
          parts.push_back(part);
        } while (take_symbol("|"));
        Made right = parts.back();
        for (auto left = parts.rbegin() + 1; left != parts.rend() && right != nullptr; ++left)
          right = binary(Op::pipe, *left, right);
        return right;
      });
    });
  }

  Made comma() {
    Made left = alternative();
    while (left != nullptr && take_symbol(",")) {
      const Made right = alternative();
      if (right == nullptr) return nullptr;
      Node& node = make(Op::comma, Outputs::many);
      node.a = left;
      node.b = right;
      left = done(node);
    }
    return left;
  }

  // '//' leans to the right.
  Made alternative() {
    std::vector<Made> parts;
    do {
      const Made part = assignment();
      if (part == nullptr) return nullptr;
      parts.push_back(part);
    } while (take_symbol("//"));
    Made right = parts.back();
    for (auto left = parts.rbegin() + 1; left != parts.rend() && right != nullptr; ++left) {
      Node& node = make(Op::alternative);
      node.a = *left;
      node.b = right;
      // Without a true output on the left there are those of the right.
      const bool many = (*left)->outputs == Outputs::many || right->outputs == Outputs::many;
      node.outputs = many ? Outputs::many : right->outputs;
      node.by_parameters = (*left)->by_parameters || right->by_parameters;
      right = done(node);
    }
    return right;
  }

  const Assignment* at_assignment() const {
    if (token_.kind != TokenKind::symbol) return nullptr;
    const auto it = std::find_if(kAssignments.begin(), kAssignments.end(),
                                 [&](const Assignment& a) { return a.symbol == token_.text; });
    return it == kAssignments.end() ? nullptr : &*it;
  }

  Made assignment() {
    const Made left = operation(1);
    const Assignment* assignment = left == nullptr ? nullptr : at_assignment();
    if (assignment == nullptr) return left;
    advance();
    const Made right = nested([&] { return operation(1); });
    if (right == nullptr) return nullptr;
    if (at_assignment() != nullptr) return unexpected("'|', as assignments can't be chained");
    Node& node = make(assignment->op);
    node.arithmetic = assignment->arithmetic;
    node.a = left;
    node.b = right;
    if (node.op != Op::modify) combine(node, right);
    return done(node);
  }

  const Operator* at_operator(int weakest) const {
    if (token_.kind != TokenKind::symbol && token_.kind != TokenKind::name) return nullptr;
    const auto it =
        std::find_if(kOperators.begin(), kOperators.end(), [&](const Operator& o) { return o.symbol == token_.text; });
    return it == kOperators.end() || it->strength < weakest ? nullptr : &*it;
  }

  Made operation(int weakest) {
    Made left = factor();
    while (left != nullptr) {
      const Operator* op = at_operator(weakest);
      if (op == nullptr) break;
      advance();
      const Made right = operation(op->strength + 1);
      if (right == nullptr) return nullptr;
      left = binary(op->op, left, right);
      const Operator* next = left == nullptr ? nullptr : at_operator(weakest);
      if (op->strength == kComparison && next != nullptr && next->strength == kComparison) {
        return unexpected("brackets, as comparisons can't be chained");
      }
    }
    return left;
  }

  Made factor() {
    return nested([&]() -> Made {
      if (at_symbol("-")) return negation();
      if (at_name("def")) return pipe();
      if (at_name("label")) return label();
      if (at_name("try")) return attempt();
      return postfix();
    });
  }

  // The minus sign takes a whole product: -a * b is -(a * b).
  Made negation() {
    advance();
    const Made operand = operation(kProduct);
    if (operand == nullptr) return nullptr;
    Node& node = make(Op::negate);
    node.a = operand;
    return combined(node);
  }

  Made label() {
    advance();
    if (token_.kind != TokenKind::variable) return unexpected("a name, as in: label $out | …");
    const std::string name(token_.text);
    advance();
    if (!expect_symbol("|")) return nullptr;
    return within_names([&]() -> Made {
      Node& node = make(Op::label);
      node.level = level();
      node.slot = declare(Name::Kind::label, name);
      node.a = pipe();
      if (node.a == nullptr) return nullptr;
      combine(node, node.a);
      if (node.outputs == Outputs::one) node.outputs = Outputs::at_most_one;
      return done(node);
    });
  }

  Made attempt() {
    advance();
    Node& node = make(Op::try_, Outputs::at_most_one);
    node.a = nested([&] { return attempted(); });
    if (node.a == nullptr) return nullptr;
    if (take_name("catch")) {
      node.b = nested([&] { return attempted(); });
      if (node.b == nullptr) return nullptr;
    }
    return combined(node);
  }
  Made attempted() {
    if (at_symbol("-")) return negation();
    if (at_name("try")) return attempt();
    if (at_name("label")) return label();
    return postfix();
  }

  // A term with what stands behind it; with `as`, a binding that extends as far as it can.
  Made postfix() {
    Made node = primary();
    while (node != nullptr) {
      if (token_.kind == TokenKind::field) {
        const std::string name(token_.text);
        advance();
        node = field(node, name);
      } else if (at_symbol(".")) {
        advance();
        node = behind_dot(node);
      } else if (at_symbol("[")) {
        node = subscript(node);
      } else if (at_symbol("?")) {
        advance();
        Node& attempt = make(Op::try_, Outputs::at_most_one);
        attempt.a = node;
        node = combined(attempt);
      } else if (at_name("as")) {
        return binding(node);
      } else {
        break;
      }
    }
    return node;
  }

  // Behind "term .": a text or a bracket.
  Made behind_dot(Made of) {
    if (token_.kind == TokenKind::quote || token_.kind == TokenKind::format) return quoted_field(of);
    if (at_symbol("[")) return subscript(of);
    return unexpected("a name behind the dot");
  }

  // A '?' behind a step belongs to the step.
  Made step(Node& node) {
    if (take_symbol("?")) {
      node.optional = true;
      if (node.outputs == Outputs::one) node.outputs = Outputs::at_most_one;
    }
    return done(node);
  }

  Made field(Made of, std::string_view name) {
    if (of == nullptr) return nullptr;
    Node& node = make(Op::field);
    node.a = of;
    node.literal = Value(name);
    combine(node, of);
    return step(node);
  }

  Made quoted_field(Made of) {
    const Made name = string();
    if (name == nullptr) return nullptr;
    if (name->op == Op::literal) return field(of, view(name->literal.get_string()));
    return index(of, name);
  }

  Made index(Made of, Made key) {
    Node& node = make(Op::index);
    node.a = of;
    node.b = key;
    combine(node, of);
    combine(node, key);
    return step(node);
  }

  Made subscript(Made of) {
    advance();
    if (take_symbol("]")) {
      Node& node = make(Op::iterate, Outputs::many);
      node.a = of;
      return step(node);
    }
    if (take_symbol(":")) return slice(of, nullptr);
    const Made key = pipe();
    if (key == nullptr) return nullptr;
    if (take_symbol(":")) return slice(of, key);
    if (!expect_symbol("]")) return nullptr;
    if (key->op == Op::literal && is_string(key->literal)) return field(of, view(key->literal.get_string()));
    return index(of, key);
  }

  // Behind the colon.
  Made slice(Made of, Made from) {
    Node& node = make(Op::slice);
    node.a = of;
    node.b = from;
    if (!at_symbol("]")) {
      node.c = pipe();
      if (node.c == nullptr) return nullptr;
    } else if (from == nullptr) {
      return unexpected("a bound of the slice");
    }
    if (!expect_symbol("]")) return nullptr;
    for (const Made part : {node.a, node.b, node.c}) combine(node, part);
    return step(node);
  }

  Made primary() {
    switch (token_.kind) {
      case TokenKind::field: {
        const std::string name(token_.text);
        advance();
        return field(&make(Op::identity), name);
      }
      case TokenKind::variable:
        return variable();
      case TokenKind::number: {
        const Made node = literal(make_number(as_json(token_.text)));
        advance();
        return node;
      }
      case TokenKind::quote:
      case TokenKind::format:
        return string();
      case TokenKind::name:
        return word();
      default:
        break;
    }
    if (take_symbol("..")) return call_library("recurse", {});
    if (take_symbol(".")) {
      const bool step = token_.kind == TokenKind::quote || token_.kind == TokenKind::format;
      return step ? quoted_field(&make(Op::identity)) : &make(Op::identity);
    }
    if (take_symbol("(")) {
      const Made node = pipe();
      return node != nullptr && expect_symbol(")") ? node : nullptr;
    }
    if (take_symbol("[")) return array();
    if (take_symbol("{")) return object();
    return unexpected("a value");
  }

  Made variable() {
    const std::string name(token_.text);
    const Name* known = find(Name::Kind::variable, name);
    if (known != nullptr) {
      Node& node = make(Op::variable);
      node.level = known->level;
      node.slot = known->slot;
      advance();
      return &node;
    }
    const auto outside = std::find(variables_.begin(), variables_.end(), name);
    if (outside == variables_.end()) return no_variable(name);
    Node& node = make(Op::argument);
    node.slot = static_cast<std::uint16_t>(outside - variables_.begin());
    advance();
    return &node;
  }

  Made no_variable(const std::string& name) {
    if (const std::string_view why = refusal("$" + name); !why.empty()) {
      return fail("'$" + name + "' can't be used here: " + std::string(why));
    }
    std::vector<std::string> there;
    for (const std::string& v : variables_) there.push_back("$" + v);
    for (const Name& n : names_) {
      if (n.kind == Name::Kind::variable && !n.name.empty()) there.push_back("$" + n.name);
    }
    std::string list;
    for (std::size_t i = 0; i < there.size(); ++i)
      list += (i == 0 ? "" : i + 1 == there.size() ? " and " : ", ") + there[i];
    return fail("$" + name + " is not defined: " + (list.empty() ? "there are no variables here" : "there is " + list));
  }

  Made array() {
    if (take_symbol("]")) return literal(Array());
    Node& node = make(Op::array);
    node.a = pipe();
    if (node.a == nullptr || !expect_symbol("]")) return nullptr;
    return done(node);
  }

  // Behind the brace.
  Made object() {
    if (take_symbol("}")) return literal(Object());
    Node& node = make(Op::object);
    do {
      if (!entry(node)) return nullptr;
    } while (take_symbol(",") && !at_symbol("}"));
    if (!take_symbol("}")) {
      return at_operator(0) != nullptr || at_symbol("//")
                 ? unexpected("'}' or ','; put a value with operators into brackets: {a: (1 + 2)}")
                 : unexpected("'}' or ','");
    }
    return combined(node);
  }

  bool entry(Node& node) {
    Made key = nullptr;
    Made value = nullptr;
    if (token_.kind == TokenKind::variable) {
      const std::string name(token_.text);
      if (name == "__loc__") return no_variable(name) != nullptr;
      key = literal(Value(name));
      value = variable();
      if (value == nullptr) return false;
      if (at_symbol(":")) return unexpected("',': {$name} takes name and value from the variable") != nullptr;
    } else if (token_.kind == TokenKind::name) {
      key = literal(Value(token_.text));
      advance();
      if (!at_symbol(":")) value = field(&make(Op::identity), view(key->literal.get_string()));
    } else if (token_.kind == TokenKind::number) {
      return unexpected("a key: keys are texts") != nullptr;
    } else if (token_.kind == TokenKind::quote || token_.kind == TokenKind::format) {
      key = string();
      if (key == nullptr) return false;
      if (!at_symbol(":")) {
        value = key->op == Op::literal ? field(&make(Op::identity), view(key->literal.get_string()))
                                       : index(&make(Op::identity), key);
      }
    } else if (take_symbol("(")) {
      key = pipe();
      if (key == nullptr || !expect_symbol(")")) return false;
      if (!at_symbol(":")) return unexpected("':'") != nullptr;
    } else {
      return unexpected("a key") != nullptr;
    }
    if (value == nullptr && key != nullptr) {
      if (!expect_symbol(":")) return false;
      value = entry_value();
    }
    if (value == nullptr) return false;
    node.more.push_back(key);
    node.more.push_back(value);
    return true;
  }

  // A value of an entry: terms joined by '|', with a minus sign perhaps.
  Made entry_value() {
    return nested([&]() -> Made {
      Made left = nullptr;
      if (take_symbol("-")) {
        const Made operand = entry_value();
        if (operand == nullptr) return nullptr;
        Node& node = make(Op::negate);
        node.a = operand;
        left = combined(node);
      } else {
        left = at_name("reduce") || at_name("foreach") || at_name("if") || !at_name("def") ? postfix() : nullptr;
        if (left == nullptr) return unexpected("a value");
      }
      if (left == nullptr || !take_symbol("|")) return left;
      const Made right = entry_value();
      return right == nullptr ? nullptr : binary(Op::pipe, left, right);
    });
  }

  // At a quote or at a format, which may stand alone.
  Made string() {
    Format format = Format::text;
    if (token_.kind == TokenKind::format) {
      const auto known = formats().find(token_.text);
      if (known == formats().end())
        return fail("'" + std::string(token_.text) +
                    "' is not a format: there are @text, @json, @html, @uri, @csv, @tsv, @sh, @base64, @base64d, "
                    "@base32 and @base32d");
      format = known->second;
      advance();
      if (token_.kind != TokenKind::quote) {
        Node& node = make(Op::format);
        node.format = format;
        return &node;
      }
    }
    return nested([&] { return string_parts(format); });
  }

  // The quote has been taken as a token, the lexer stands behind it.
  Made string_parts(Format format) {
    Node& node = make(Op::interpolate);
    node.format = format;
    const std::size_t begin = token_.at;
    std::string text;
    bool interpolated = false;
    for (;;) {
      text.clear();
      const Lexer::Part part = lexer_.read_string_part(text);
      if (part == Lexer::Part::open) return fail(column(begin) + ": the text that begins here is never closed");
      if (part == Lexer::Part::bad_escape)
        return fail(column(lexer_.at()) +
                    ": a text has no such escape: there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX and \\(…)");
      const bool last = part == Lexer::Part::end;
      if (!text.empty() || (last && !interpolated)) node.more.push_back(literal(Value(text)));
      if (last) break;
      interpolated = true;
      advance();
      const Made inner = pipe();
      if (inner == nullptr) return nullptr;
      if (!at_symbol(")")) return unexpected("')'");  // the lexer stands behind the bracket
      Node& part_node = make(Op::format);
      part_node.format = format;
      part_node.a = inner;
      node.more.push_back(combined(part_node));
      if (node.more.back() == nullptr) return nullptr;
    }
    advance();
    if (!interpolated) return node.more.front();
    return combined(node);
  }

  // At a name.
  Made word() {
    const std::string name(token_.text);
    if (name == "if") return conditional();
    if (name == "reduce" || name == "foreach") return loop();
    if (name == "import" || name == "include" || name == "module") {
      return fail("'" + name + "' can't be used here: " + std::string(refusal(name)));
    }
    if (is_keyword(name)) return unexpected("a value");
    const std::size_t at = token_.at;
    advance();
    if (name == "break" && token_.kind == TokenKind::variable) return break_out();
    if (!at_symbol("(")) {
      if (find_callable(name, 0) == nullptr) {
        if (name == "null") return literal(Value());
        if (name == "true") return literal(Value(true));
        if (name == "false") return literal(Value(false));
      }
      return call(name, {}, at);
    }
    return arguments(name, at);
  }

  Made break_out() {
    const Name* known = find(Name::Kind::label, token_.text);
    if (known == nullptr) return fail("break: there is no label $" + std::string(token_.text) + " around it");
    Node& node = make(Op::break_, Outputs::at_most_one);
    node.level = known->level;
    node.slot = known->slot;
    advance();
    return &node;
  }

  // At "if" or "elif".
  Made conditional() {
    return nested([&]() -> Made {
      advance();
      Node& node = make(Op::conditional);
      node.a = pipe();
      if (node.a == nullptr || !expect_name("then")) return nullptr;
      node.b = pipe();
      if (node.b == nullptr) return nullptr;
      if (at_name("elif")) {
        node.c = conditional();
      } else {
        node.c = take_name("else") ? pipe() : &make(Op::identity);
        if (node.c == nullptr) return nullptr;
        if (!take_name("end")) return unexpected("'end', 'else' or 'elif'");
      }
      return node.c == nullptr ? nullptr : combined(node);
    });
  }

  Made loop() {
    const bool is_reduce = at_name("reduce");
    advance();
    const Made source = term();
    if (source == nullptr) return nullptr;
    if (!at_name("as")) return unexpected("'as'");
    return within_names([&]() -> Made {
      Node& node = make(is_reduce ? Op::reduce : Op::foreach, is_reduce ? Outputs::one : Outputs::many);
      node.level = level();
      node.a = source;
      const std::size_t known = names_.size();
      if (!patterns(node) || !expect_symbol("(")) return nullptr;
      // The first value does not see the variables, but others of their names.
      const std::vector<Name> own(names_.begin() + static_cast<std::ptrdiff_t>(known), names_.end());
      names_.resize(known);
      node.b = pipe();
      if (node.b == nullptr || !expect_symbol(";")) return nullptr;
      names_.insert(names_.end(), own.begin(), own.end());
      node.c = pipe();
      if (node.c == nullptr) return nullptr;
      if (!is_reduce && take_symbol(";")) {
        node.d = pipe();
        if (node.d == nullptr) return nullptr;
      }
      if (!expect_symbol(")")) return nullptr;
      combine(node, node.b);
      return done(node);
    });
  }

  // A term without `as` behind it.
  Made term() {
    Made node = primary();
    while (node != nullptr) {
      if (token_.kind == TokenKind::field) {
        const std::string name(token_.text);
        advance();
        node = field(node, name);
      } else if (take_symbol(".")) {
        node = behind_dot(node);
      } else if (at_symbol("[")) {
        node = subscript(node);
      } else if (take_symbol("?")) {
        Node& attempt = make(Op::try_, Outputs::at_most_one);
        attempt.a = node;
        node = combined(attempt);
      } else {
        break;
      }
    }
    return node;
  }

  // At "as".
  Made binding(Made source) {
    return nested([&]() -> Made {
      return within_names([&]() -> Made {
        Node& node = make(Op::bind);
        node.level = level();
        node.a = source;
        if (!patterns(node) || !expect_symbol("|")) return nullptr;
        node.b = pipe();
        if (node.b == nullptr) return nullptr;
        combine(node, node.a);
        combine(node, node.b);
        const bool simple = node.patterns.size() == 1 && single(*node.patterns[0]);
        if (!simple) node.outputs = Outputs::many;
        return done(node);
      });
    });
  }
  // Takes a value apart in one way only.
  static bool single(const Pattern& pattern) {
    return std::all_of(pattern.entries.begin(), pattern.entries.end(), [](const Pattern::Entry& entry) {
      const bool one = entry.key == nullptr || (entry.key->outputs == Outputs::one && !entry.key->by_parameters);
      return one && (entry.inner == nullptr || single(*entry.inner));
    });
  }

  // At "as"; declares the variables.
  bool patterns(Node& node) {
    advance();
    std::vector<std::pair<std::string, std::uint16_t>> declared;
    do {
      const Pattern* one = pattern(declared);
      if (one == nullptr) return false;
      node.patterns.push_back(one);
    } while (take_symbol("?//"));
    if (node.patterns.size() > 1) {
      for (const auto& entry : declared) node.slots.push_back(entry.second);
    }
    return true;
  }

  // One slot for a name, in whichever of the alternatives it stands.
  std::uint16_t declare_in(std::vector<std::pair<std::string, std::uint16_t>>& declared, const std::string& name) {
    const auto known = std::find_if(declared.begin(), declared.end(), [&](const auto& d) { return d.first == name; });
    if (known != declared.end()) return known->second;
    const std::uint16_t slot = declare(Name::Kind::variable, name);
    declared.emplace_back(name, slot);
    return slot;
  }

  const Pattern* pattern(std::vector<std::pair<std::string, std::uint16_t>>& declared) {
    if (++depth_ > kDepthMax) return fail("the expression is nested too deeply"), nullptr;
    const Pattern* out = pattern_inside(declared);
    --depth_;
    return out;
  }

  const Pattern* pattern_inside(std::vector<std::pair<std::string, std::uint16_t>>& declared) {
    Pattern& out = tree_->patterns.emplace_back();
    if (token_.kind == TokenKind::variable) {
      out.slot = declare_in(declared, std::string(token_.text));
      advance();
      return &out;
    }
    if (take_symbol("[")) {
      out.kind = Pattern::Kind::array;
      do {
        const Pattern* inner = pattern(declared);
        if (inner == nullptr) return nullptr;
        out.entries.push_back({nullptr, false, 0, inner});
      } while (take_symbol(","));
      return expect_symbol("]") ? &out : nullptr;
    }
    if (take_symbol("{")) {
      out.kind = Pattern::Kind::object;
      do {
        if (!pattern_entry(out, declared)) return nullptr;
      } while (take_symbol(","));
      return expect_symbol("}") ? &out : nullptr;
    }
    unexpected("$name, [ or {");
    return nullptr;
  }

  bool pattern_entry(Pattern& out, std::vector<std::pair<std::string, std::uint16_t>>& declared) {
    Pattern::Entry entry;
    if (token_.kind == TokenKind::variable) {
      const std::string name(token_.text);
      entry.key = literal(Value(name));
      entry.binds = true;
      entry.slot = declare_in(declared, name);
      advance();
    } else if (token_.kind == TokenKind::name) {
      entry.key = literal(Value(token_.text));
      advance();
    } else if (token_.kind == TokenKind::quote || token_.kind == TokenKind::format) {
      entry.key = string();
    } else if (take_symbol("(")) {
      entry.key = pipe();
      if (entry.key != nullptr && !expect_symbol(")")) return false;
    } else {
      return unexpected("a key or $name") != nullptr;
    }
    if (entry.key == nullptr) return false;
    if (take_symbol(":")) {
      entry.inner = pattern(declared);
      if (entry.inner == nullptr) return false;
    } else if (!entry.binds) {
      return unexpected("':'") != nullptr;
    }
    out.entries.push_back(entry);
    return true;
  }

  // At "def".
  bool define() {
    advance();
    if (token_.kind != TokenKind::name || is_keyword(token_.text))
      return unexpected("a name of the function") != nullptr;
    Function& function = tree_->functions.emplace_back();
    function.name = std::string(token_.text);
    advance();
    std::vector<std::string> values;  // of $parameters
    if (take_symbol("(")) {
      do {
        const bool value = token_.kind == TokenKind::variable;
        if (!value && token_.kind != TokenKind::name) return unexpected("a parameter") != nullptr;
        function.parameters.emplace_back(token_.text);
        values.emplace_back(value ? token_.text : "");
        advance();
      } while (take_symbol(";"));
      if (!expect_symbol(")")) return false;
    }
    if (!expect_symbol(":")) return false;
    if (frames_.size() >= 100) return fail("functions are nested too deeply") != nullptr;
    function.level = static_cast<std::uint16_t>(level() + 1);
    frames_.push_back({function.level, &function.slots});
    const Made body = within_names([&] { return function_body(function, values, 0); });
    frames_.pop_back();
    if (body == nullptr || !expect_symbol(";")) return false;
    function.body = body;
    function.complete = true;
    names_.push_back({Name::Kind::function, function.name, function.parameters.size(), function.level, 0, &function});
    return true;
  }

  // $parameters are bound around the body, the first outermost.
  Made function_body(const Function& function, const std::vector<std::string>& values, std::size_t next) {
    if (next == 0) {
      names_.push_back({Name::Kind::function, function.name, function.parameters.size(), function.level, 0, &function});
      for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        names_.push_back(
            {Name::Kind::parameter, function.parameters[i], 0, function.level, static_cast<std::uint16_t>(i), nullptr});
      }
    }
    while (next < values.size() && values[next].empty()) ++next;
    if (next >= values.size()) return pipe();
    Node& node = make(Op::bind);
    node.level = level();
    Node& source = make(Op::parameter, Outputs::one, true);
    source.level = function.level;
    source.slot = static_cast<std::uint16_t>(next);
    node.a = &source;
    Pattern& pattern = tree_->patterns.emplace_back();
    pattern.slot = declare(Name::Kind::variable, values[next]);
    node.patterns.push_back(&pattern);
    node.b = function_body(function, values, next + 1);
    return node.b == nullptr ? nullptr : combined(node);
  }

  // At '('. Each argument has a frame of its own, as it may be evaluated anywhere.
  Made arguments(const std::string& name, std::size_t at) {
    std::vector<const Function*> given;
    advance();
    do {
      Function& argument = tree_->functions.emplace_back();
      argument.level = static_cast<std::uint16_t>(level() + 1);
      if (frames_.size() >= 100) return fail("functions are nested too deeply");
      frames_.push_back({argument.level, &argument.slots});
      argument.body = pipe();
      frames_.pop_back();
      if (argument.body == nullptr) return nullptr;
      argument.complete = true;
      given.push_back(&argument);
    } while (take_symbol(";"));
    if (!expect_symbol(")")) return nullptr;
    return call(name, given, at);
  }

  Made argument_node(const Function* function) {
    if (!function->needs_frame()) return function->body;
    Node& node = make(Op::function, function->body->outputs, function->body->by_parameters);
    node.function = function;
    return done(node);
  }

  Made call(const std::string& name, const std::vector<const Function*>& given, std::size_t at) {
    if (const Name* known = find_callable(name, given.size())) {
      if (known->kind == Name::Kind::parameter) {
        Node& node = make(Op::parameter, Outputs::one, true);
        node.level = known->level;
        node.slot = known->slot;
        return &node;
      }
      return call_function(known->function, given);
    }
    return call_library(name, given, at);
  }

  Made call_function(const Function* function, const std::vector<const Function*>& given) {
    Node& node = make(Op::function, Outputs::many);
    node.function = function;
    for (const Function* argument : given) {
      Node& part = make(Op::function, argument->body->outputs, argument->body->by_parameters);
      part.function = argument;
      const Made made = done(part);
      if (made == nullptr) return nullptr;
      node.more.push_back(made);
    }
    // A function that calls itself may do so as often as it likes: it is not evaluated by recursion on the tree.
    if (function->complete) {
      node.outputs = function->body->outputs;
      node.by_parameters = function->body->by_parameters;
      for (const Made part : node.more) combine(node, part);
    }
    return done(node);
  }

  Made call_library(const std::string& name, const std::vector<const Function*>& given, std::size_t at = 0) {
    for (const Form& form : kForms) {
      if (form.name == name && form.arity == given.size()) return call_form(form, given);
    }
    if (const Native* native = find_native(name, given.size())) {
      Node& node = make(Op::native);
      node.native = native;
      for (const Function* argument : given) node.more.push_back(argument_node(argument));
      if (std::find(node.more.begin(), node.more.end(), nullptr) != node.more.end()) return nullptr;
      return combined(node);
    }
    if (name == "debug" && given.empty()) return &make(Op::identity);
    if (const Function* function = find_defined(name, given.size())) return call_function(function, given);
    if (const std::string_view why = refusal(name); !why.empty())
      return fail("'" + name + "' can't be used here: " + std::string(why));
    return no_function(name, given.size(), at);
  }

  Made no_function(const std::string& name, std::size_t arity, std::size_t at) {
    std::string others;
    for (const std::string& known : function_names()) {
      if (known.starts_with(name + "/")) others += (others.empty() ? "" : " and ") + known;
    }
    return fail(column(at) + ": there is no function " + name + "/" + std::to_string(arity) +
                (others.empty() ? "" : " (there is " + others + ")"));
  }

  Made call_form(const Form& form, const std::vector<const Function*>& given) {
    Node& node = make(form.op, form.outputs);
    std::vector<Made> parts;
    for (const Function* argument : given) parts.push_back(argument_node(argument));
    if (std::find(parts.begin(), parts.end(), nullptr) != parts.end()) return nullptr;
    node.a = parts.empty() ? nullptr : parts[0];
    node.b = parts.size() < 2 ? nullptr : parts[1];
    node.c = parts.size() < 3 ? nullptr : parts[2];
    if (form.op == Op::any || form.op == Op::all) return quantifier(node, parts);
    if (form.op == Op::range && parts.size() == 1) {
      node.a = literal(Value(0));
      node.b = parts[0];
    }
    if (form.op == Op::select || form.op == Op::getpath || form.op == Op::error) combine(node, node.a);
    return done(node);
  }

  // any, any(condition), any(generator; condition).
  Made quantifier(Node& node, const std::vector<Made>& parts) {
    if (parts.size() < 2) {
      Node& each = make(Op::iterate, Outputs::many);
      each.a = &make(Op::identity);
      node.a = done(each);
      node.b = parts.empty() ? &make(Op::identity) : parts[0];
    }
    return done(node);
  }

  std::string_view text_;
  Lexer lexer_;
  const std::vector<std::string>& variables_;
  std::unique_ptr<Tree> tree_;
  Token token_;
  std::vector<Frame> frames_;
  std::vector<Name> names_;
  std::optional<Error> error_;
  int tokens_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<std::unique_ptr<const Tree>> parse(std::string_view text, const std::vector<std::string>& variables) {
  return Parser(text, variables).whole();
}

std::unique_ptr<const Tree> parse_definition(std::string_view text) {
  static const std::vector<std::string> kNone;
  return Parser(text, kNone).definition();
}

}  // namespace baton::json::jq
