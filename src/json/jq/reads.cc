// Follows keys from the input and the variables to where a value is looked at. Whatever looks into a value in another
// way than by a fixed key has read the whole of it; what was read as a whole need not be followed any further.
#include "json/jq/reads.h"

#include <algorithm>
#include <set>

#include "json/internal.h"

namespace baton::json::jq {
namespace {

using Origins = std::vector<Read>;  // where a value may come from; nothing: made, or read as a whole already

Origins united(Origins a, const Origins& b) {
  a.insert(a.end(), b.begin(), b.end());
  return tidy(std::move(a));
}

bool uses_input(const Node& n) {
  switch (n.op) {
    case Op::literal:
    case Op::argument:
    case Op::variable:
    case Op::empty:
    case Op::break_:
      return false;
    case Op::field:
    case Op::iterate:
    case Op::pipe:
      return uses_input(*n.a);
    case Op::object:
    case Op::interpolate:
      return std::any_of(n.more.begin(), n.more.end(), [](const Node* part) { return uses_input(*part); });
    case Op::index:
    case Op::comma:
    case Op::add:
    case Op::equal:
      return uses_input(*n.a) || uses_input(*n.b);
    case Op::array:
      return uses_input(*n.a);
    case Op::bind:
      return uses_input(*n.a) || uses_input(*n.b);
    default:
      return true;
  }
}

class Walk {
 public:
  explicit Walk(const std::vector<std::string>& variables) : variables_(variables) {}

  Origins walk(const Node* node, const Origins& in);
  void read(const Origins& origins) { reads_.insert(reads_.end(), origins.begin(), origins.end()); }
  std::vector<Read> take() { return tidy(std::move(reads_)); }

 private:
  // The cases of walk(), which recurses: its own frame stays small.
  [[gnu::noinline]] Origins field(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins pipe(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins comma(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins alternative(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins conditional(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins select(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins parts(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins bind(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins index(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins call(const Node& n, const Origins& in);
  [[gnu::noinline]] Origins everything(const Node& n, const Origins& in);
  void keys(const Pattern& pattern);

  const std::vector<std::string>& variables_;
  std::vector<Read> reads_;
  std::set<const Function*> seen_;
};

Origins Walk::field(const Node& n, const Origins& in) {
  Origins out = walk(n.a, in);
  for (Read& read : out) read.path.emplace_back(n.literal.get_string());
  return out;
}

void Walk::keys(const Pattern& pattern) {
  for (const Pattern::Entry& entry : pattern.entries) {
    if (entry.key != nullptr) read(walk(entry.key, {}));
    if (entry.inner != nullptr) keys(*entry.inner);
  }
}

// Whatever the body makes of the variable: the source has been read.
Origins Walk::bind(const Node& n, const Origins& in) {
  read(walk(n.a, in));
  for (const Pattern* pattern : n.patterns) keys(*pattern);
  return walk(n.b, in);
}

Origins Walk::index(const Node& n, const Origins& in) {
  Origins out = walk(n.a, in);
  if (n.b->op == Op::literal && n.b->literal.is_int64()) {
    for (Read& read : out) read.path.push_back("[" + std::to_string(n.b->literal.get_int64()) + "]");
    return out;
  }
  read(out);
  read(walk(n.b, in));
  return {};
}

// The function may look at its input in any way, and hand anything to its arguments.
Origins Walk::call(const Node& n, const Origins& in) {
  const Node& body = *n.function->body;
  if (body.op == Op::index && body.a->op == Op::identity && body.b->op == Op::literal)
    return walk(&body, in);  // first, last
  read(in);
  for (const Node* argument : n.more) read(walk(argument->function->body, {}));
  if (seen_.insert(n.function).second) read(walk(n.function->body, {}));
  return {};
}

Origins Walk::pipe(const Node& n, const Origins& in) {
  const Origins left = walk(n.a, in);
  if (!uses_input(*n.b)) read(left);  // whether there is an output, and no error, still depends on it
  return walk(n.b, left);
}

Origins Walk::comma(const Node& n, const Origins& in) {
  Origins left = walk(n.a, in);
  return united(std::move(left), walk(n.b, in));
}

Origins Walk::alternative(const Node& n, const Origins& in) {
  const Origins left = walk(n.a, in);
  read(left);  // which of the two it is depends on its value
  return united(left, walk(n.b, in));
}

Origins Walk::conditional(const Node& n, const Origins& in) {
  read(walk(n.a, in));
  Origins yes = walk(n.b, in);
  return united(std::move(yes), walk(n.c, in));
}

Origins Walk::select(const Node& n, const Origins& in) {
  read(walk(n.a, in));
  return in;
}

// Everything that a part gives is needed; what comes out is new.
Origins Walk::parts(const Node& n, const Origins& in) {
  if (n.op == Op::format && n.a == nullptr) read(in);
  if (n.a != nullptr) read(walk(n.a, in));
  if (n.b != nullptr) read(walk(n.b, in));
  if (n.c != nullptr) read(walk(n.c, in));
  for (const Node* part : n.more) read(walk(part, in));
  return {};
}

Origins Walk::everything(const Node& n, const Origins& in) {
  read(in);
  for (const Node* part : {n.a, n.b, n.c, n.d}) {
    if (part != nullptr) read(walk(part, {}));
  }
  for (const Node* part : n.more) read(walk(part, {}));
  for (const Pattern* pattern : n.patterns) keys(*pattern);
  return {};
}

Origins Walk::walk(const Node* node, const Origins& in) {
  const Node& n = *node;
  switch (n.op) {
    case Op::identity:
      return in;
    case Op::literal:
    case Op::break_:
    case Op::empty:
    case Op::variable:
      return {};
    case Op::parameter:
      read(in);
      return {};
    case Op::argument:
      return {Read{"$" + variables_[n.slot], {}}};
    case Op::field:
      return field(n, in);
    case Op::pipe:
      return pipe(n, in);
    case Op::comma:
      return comma(n, in);
    case Op::alternative:
      return alternative(n, in);
    case Op::conditional:
      return conditional(n, in);
    case Op::bind:
      return bind(n, in);
    case Op::index:
      return index(n, in);
    case Op::select:
      return select(n, in);
    case Op::label:
    case Op::first:
      return walk(n.a, in);
    case Op::function:
      return call(n, in);
    case Op::and_:
    case Op::or_:
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo:
    case Op::negate:
    case Op::array:
    case Op::object:
    case Op::interpolate:
    case Op::slice:
    case Op::iterate:
    case Op::format:
      return parts(n, in);
    default:
      return everything(n, in);
  }
}

bool covers(const Read& shorter, const Read& longer) {
  return shorter.root == longer.root && shorter.path.size() <= longer.path.size() &&
         std::equal(shorter.path.begin(), shorter.path.end(), longer.path.begin());
}

}  // namespace

std::vector<Read> tidy(std::vector<Read> reads) {
  std::sort(reads.begin(), reads.end());
  std::vector<Read> out;
  for (Read& read : reads) {
    if (out.empty() || !covers(out.back(), read)) out.push_back(std::move(read));
  }
  return out;
}

std::vector<Read> reads(const Tree& tree, const std::vector<std::string>& variables) {
  Walk walk(variables);
  walk.read(walk.walk(tree.root, {Read{".", {}}}));
  return walk.take();
}

}  // namespace baton::json::jq
