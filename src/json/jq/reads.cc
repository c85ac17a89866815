// Evaluates an expression over *places* instead of values. A place is a path that a value may have come from; it counts
// as read once something depends on the value itself, and not when only a deeper step is taken from it. Where the path
// is no longer known (an item of an iteration, a computed key) it is cut: the place stays, and stands for all below it.
#include "json/jq/reads.h"

#include <algorithm>

#include "json/jq/scan.h"

namespace baton::json::jq {
namespace {

struct Place {
  Read read;
  bool cut = false;
};
using Places = std::vector<Place>;

Places merged(Places a, const Places& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Places stepped(Places places, const std::string& key) {
  for (Place& place : places) {
    if (!place.cut) place.read.path.push_back(key);
  }
  return places;
}

Places cut(Places places) {
  for (Place& place : places) place.cut = true;
  return places;
}

bool uses_input(const Node& node) {
  switch (node.op) {
    case Op::identity:
      return true;
    case Op::literal:
    case Op::variable:
      return false;
    case Op::call:
      return node.builtin != Builtin::empty;
    case Op::pipe:
      return uses_input(node.children[0]);
    default:
      return std::any_of(node.children.begin(), node.children.end(), uses_input);
  }
}

class Analysis {
 public:
  std::vector<Read> run(const Node& node) {
    consume(visit(node, {Place{Read{".", {}}}}));
    return tidy(std::move(reads_));
  }

 private:
  void consume(const Places& places) {
    for (const Place& place : places) reads_.push_back(place.read);
  }

  // Everything that a child gives is needed; what comes out is new.
  Places consume_children(const Node& node, const Places& input) {
    for (const Node& child : node.children) consume(visit(child, input));
    return {};
  }

  // Where the output of `node` may come from.
  Places visit(const Node& node, const Places& input) {
    switch (node.op) {
      case Op::identity:
        return input;
      case Op::literal:
        return {};
      case Op::variable:
        return {Place{Read{"$" + node.name, {}}}};
      case Op::field:
        return stepped(visit(node.children[0], input), node.name);
      case Op::index:
        return index(node, input);
      case Op::iterate:
        return cut(visit(node.children[0], input));
      case Op::pipe:
        return pipe(node, input);
      case Op::comma:
        return merged(visit(node.children[0], input), visit(node.children[1], input));
      case Op::alternative: {
        const Places left = visit(node.children[0], input);
        consume(left);  // which of the two it is depends on its value
        return merged(left, visit(node.children[1], input));
      }
      case Op::conditional:
        consume(visit(node.children[0], input));
        return merged(visit(node.children[1], input), visit(node.children[2], input));
      case Op::call:
        return call(node, input);
      default:
        return consume_children(node, input);
    }
  }

  Places index(const Node& node, const Places& input) {
    const Places of = visit(node.children[0], input);
    const Node& key = node.children[1];
    if (key.op == Op::literal && key.literal.is_int64()) {
      return stepped(of, "[" + std::to_string(key.literal.get_int64()) + "]");
    }
    consume(visit(key, input));
    return cut(of);
  }

  Places pipe(const Node& node, const Places& input) {
    const Places left = visit(node.children[0], input);
    if (!uses_input(node.children[1])) consume(left);  // whether there is an output, and no error, still depends on it
    return visit(node.children[1], left);
  }

  Places call(const Node& node, const Places& input) {
    switch (node.builtin) {
      case Builtin::empty:
        return {};
      case Builtin::first:
        return stepped(input, "[0]");
      case Builtin::last:
        return stepped(input, "[-1]");
      case Builtin::first_of:
        return visit(node.children[0], input);
      case Builtin::select:
        consume(visit(node.children[0], input));
        return input;
      case Builtin::map:
      case Builtin::any_of:
      case Builtin::all_of:
        consume(input);
        return consume_children(node, cut(input));
      default:
        consume(input);
        return consume_children(node, input);
    }
  }

  std::vector<Read> reads_;
};

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

std::vector<Read> reads(const Node& node) {
  return Analysis().run(node);
}

std::vector<Read> reads_of_text(std::string_view text, const std::vector<std::string>& variables) {
  std::vector<Read> out{Read{".", {}}};
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    const std::size_t begin = skip_blanks(text, at + 1);
    std::size_t end = begin;
    while (end < text.size() && is_name_char(text[end])) ++end;
    const std::string name(text.substr(begin, end - begin));
    if (std::find(variables.begin(), variables.end(), name) != variables.end()) out.push_back(Read{"$" + name, {}});
  }
  return tidy(std::move(out));
}

}  // namespace baton::json::jq
