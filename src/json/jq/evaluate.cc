#include "json/jq/evaluate.h"

#include <functional>

#include "base/assert.h"
#include "json/jq/operators.h"

namespace baton::json::jq {
namespace {

// Takes one output; false: no more are wanted.
using Sink = std::function<Result<bool>(Operand&&)>;

// What an operand borrowed from `from` must not outlive it.
Operand keep(Operand&& result, const Operand& from) {
  if (from.is_owned() && result.is_passing()) return Operand(std::move(result).take());
  return std::move(result);
}

bool deeper_than(const Value& value, int depth) {
  if (value.is_object()) {
    for (const auto& entry : value.get_object()) {
      if (depth == 0 || deeper_than(entry.value(), depth - 1)) return true;
    }
  } else if (value.is_array()) {
    for (const Value& item : value.get_array()) {
      if (depth == 0 || deeper_than(item, depth - 1)) return true;
    }
  }
  return false;
}

class Evaluation {
 public:
  explicit Evaluation(const Arguments& arguments) : arguments_(arguments) {}

  // The only output of a node that has one at most.
  Result<Operand> one(const Node& node, const Operand& input) const;
  // All outputs of any node.
  Result<bool> each(const Node& node, const Operand& input, const Sink& sink) const;

 private:
  Result<Operand> step(const Node& node, const Operand& input) const;
  Result<Operand> pipe(const Node& node, const Operand& input) const;
  Result<Operand> logic(const Node& node, const Operand& input) const;
  Result<Operand> binary(const Node& node, const Operand& input) const;
  Result<Operand> object(const Node& node, const Operand& input) const;
  Result<Operand> interpolate(const Node& node, const Operand& input) const;
  Result<Operand> call(const Node& node, const Operand& input) const;
  Result<Operand> any_all(bool any, const Node* condition, const Operand& input) const;
  Result<Operand> sum(const Operand& input) const;
  Operand variable(const Node& node) const;

  Result<bool> each_item(const Node& node, const Operand& of, const Sink& sink) const;
  Result<bool> each_alternative(const Node& node, const Operand& input, const Sink& sink) const;
  Result<Operand> collect(const Node& node, const Operand& input) const;
  Result<Operand> first(const Node& node, const Operand& input) const;

  const Arguments& arguments_;
};

Operand Evaluation::variable(const Node& node) const {
  static const Value kNull;
  for (auto it = arguments_.rbegin(); it != arguments_.rend(); ++it) {
    if (it->first == node.name) return Operand::stable(it->second.value(), &it->second);
  }
  return Operand::stable(kNull, nullptr);
}

// .name, [index] of what stands before.
Result<Operand> Evaluation::step(const Node& node, const Operand& input) const {
  // jq evaluates the index first.
  Operand key = Operand::none();
  if (node.op == Op::index) {
    BATON_TRY(key, one(node.children[1], input));
    if (key.is_none()) return key;
  }
  BATON_TRY(const Operand of, one(node.children[0], input));
  if (of.is_none()) return Operand::none();
  auto result = node.op == Op::index ? index(of, key.get()) : field(of, node.name);
  if (result) return keep(*std::move(result), of);
  if (node.optional && !is_punt(result.error())) return Operand::none();
  return result;
}

Result<Operand> Evaluation::pipe(const Node& node, const Operand& input) const {
  BATON_TRY(const Operand left, one(node.children[0], input));
  if (left.is_none()) return Operand::none();
  BATON_TRY(Operand right, one(node.children[1], left));
  return keep(std::move(right), left);
}

Result<Operand> Evaluation::logic(const Node& node, const Operand& input) const {
  BATON_TRY(const Operand left, one(node.children[0], input));
  if (left.is_none()) return Operand::none();
  const bool decided = truth(left.get()) == (node.op == Op::or_);
  if (decided) return Operand(Value(node.op == Op::or_));
  BATON_TRY(const Operand right, one(node.children[1], input));
  if (right.is_none()) return Operand::none();
  return Operand(Value(truth(right.get())));
}

Value compared(Op op, const Value& a, const Value& b) {
  switch (op) {
    case Op::equal:
      return Value(equal(a, b));
    case Op::not_equal:
      return Value(!equal(a, b));
    case Op::less:
      return Value(compare(a, b) < 0);
    case Op::less_equal:
      return Value(compare(a, b) <= 0);
    case Op::greater:
      return Value(compare(a, b) > 0);
    default:
      return Value(compare(a, b) >= 0);
  }
}

// jq evaluates the right side first.
Result<Operand> Evaluation::binary(const Node& node, const Operand& input) const {
  BATON_TRY(const Operand right, one(node.children[1], input));
  if (right.is_none()) return Operand::none();
  BATON_TRY(const Operand left, one(node.children[0], input));
  if (left.is_none()) return Operand::none();
  if (node.op >= Op::equal && node.op <= Op::greater_equal) return Operand(compared(node.op, left.get(), right.get()));
  BATON_TRY(Value value, arithmetic(node.op, left.get(), right.get()));
  return Operand(std::move(value));
}

Result<Operand> Evaluation::object(const Node& node, const Operand& input) const {
  Object object;
  object.reserve(node.children.size() / 2);
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    BATON_TRY(const Operand key, one(node.children[i], input));
    if (key.is_none()) return Operand::none();
    BATON_TRY(Operand value, one(node.children[i + 1], input));
    if (value.is_none()) return Operand::none();
    if (!key.get().is_string()) return not_a_key(key.get());
    object.insert_or_assign(key.get().get_string(), std::move(value).take());
  }
  return Operand(Value(std::move(object)));
}

Result<Operand> Evaluation::interpolate(const Node& node, const Operand& input) const {
  // jq adds the parts up from the right side first: which error comes first depends on it.
  std::string text;
  for (auto part = node.children.rbegin(); part != node.children.rend(); ++part) {
    BATON_TRY(const Operand value, one(*part, input));
    if (value.is_none()) return Operand::none();
    text.insert(0, to_text(value.get()));
  }
  return Operand(Value(text));
}

Result<Operand> Evaluation::collect(const Node& node, const Operand& input) const {
  Array items;
  BATON_CHECK(each(node, input, [&](Operand&& item) -> Result<bool> {
    items.push_back(std::move(item).take());
    return true;
  }));
  return Operand(Value(std::move(items)));
}

Result<Operand> Evaluation::first(const Node& node, const Operand& input) const {
  Operand result = Operand::none();
  BATON_CHECK(each(node, input, [&](Operand&& output) -> Result<bool> {
    // A value that only this output holds goes with it.
    result = output.is_passing() ? Operand(std::move(output).take()) : std::move(output);
    return false;
  }));
  return result;
}

Result<Operand> Evaluation::any_all(bool any, const Node* condition, const Operand& input) const {
  bool found = false;  // an item that decides
  BATON_CHECK(each_item(Node{}, input, [&](Operand&& item) -> Result<bool> {
    if (condition == nullptr) {
      found = truth(item.get()) == any;
    } else {
      BATON_TRY(const Operand answer, one(*condition, item));
      found = truth(answer.get()) == any;
    }
    return !found;
  }));
  return Operand(Value(found == any));
}

Result<Operand> Evaluation::sum(const Operand& input) const {
  Value total;
  BATON_CHECK(each_item(Node{}, input, [&](Operand&& item) -> Result<bool> {
    BATON_CHECK(add_to(total, item.get()));
    return true;
  }));
  return Operand(std::move(total));
}

Result<Operand> Evaluation::call(const Node& node, const Operand& input) const {
  const Node* argument = node.children.empty() ? nullptr : &node.children[0];
  switch (node.builtin) {
    case Builtin::empty:
      return Operand::none();
    case Builtin::add:
      return sum(input);
    case Builtin::all:
    case Builtin::all_of:
      return any_all(false, argument, input);
    case Builtin::any:
    case Builtin::any_of:
      return any_all(true, argument, input);
    case Builtin::first:
      return index(input, Value(0));
    case Builtin::last:
      return index(input, Value(-1));
    case Builtin::first_of:
      return first(*argument, input);
    case Builtin::map: {
      Array items;
      const Sink push = [&](Operand&& item) -> Result<bool> {
        items.push_back(std::move(item).take());
        return true;
      };
      BATON_CHECK(each_item(Node{}, input, [&](Operand&& item) { return each(*argument, item, push); }));
      return Operand(Value(std::move(items)));
    }
    case Builtin::select: {
      BATON_TRY(const Operand condition, one(*argument, input));
      return condition.is_none() || !truth(condition.get()) ? Operand::none() : input.borrow();
    }
    default:
      break;
  }
  if (argument == nullptr) {
    BATON_TRY(Value value, apply(node.builtin, input.get()));
    return Operand(std::move(value));
  }
  BATON_TRY(const Operand value, one(*argument, input));
  if (value.is_none()) return Operand::none();
  BATON_TRY(Value result, apply(node.builtin, input.get(), value.get()));
  return Operand(std::move(result));
}

Result<Operand> Evaluation::one(const Node& node, const Operand& input) const {
  switch (node.op) {
    case Op::identity:
      return input.borrow();
    case Op::literal:
      return Operand::stable(node.literal, nullptr);
    case Op::variable:
      return variable(node);
    case Op::field:
    case Op::index:
      return step(node, input);
    case Op::pipe:
      return pipe(node, input);
    case Op::and_:
    case Op::or_:
      return logic(node, input);
    case Op::negate: {
      BATON_TRY(const Operand operand, one(node.children[0], input));
      if (operand.is_none()) return Operand::none();
      BATON_TRY(Value value, negate(operand.get()));
      return Operand(std::move(value));
    }
    case Op::conditional: {
      BATON_TRY(const Operand condition, one(node.children[0], input));
      if (condition.is_none()) return Operand::none();
      return one(node.children[truth(condition.get()) ? 1 : 2], input);
    }
    case Op::alternative: {
      BATON_TRY(Operand left, one(node.children[0], input));
      if (!left.is_none() && truth(left.get())) return left;
      return one(node.children[1], input);
    }
    case Op::array:
      return collect(node.children[0], input);
    case Op::object:
      return object(node, input);
    case Op::interpolate:
      return interpolate(node, input);
    case Op::call:
      return call(node, input);
    case Op::iterate:
    case Op::comma:
      BATON_ASSERT(false);  // the parser marks them as having many outputs
    default:
      return binary(node, input);
  }
}

// The items of `of`; with a '?' nothing where it has none.
Result<bool> Evaluation::each_item(const Node& node, const Operand& of, const Sink& sink) const {
  const Value& value = of.get();
  if (value.is_array()) {
    for (const Value& item : value.get_array()) {
      BATON_TRY(const bool more, sink(of.inside(item)));
      if (!more) return false;
    }
    return true;
  }
  if (value.is_object()) {
    for (const auto& entry : value.get_object()) {
      BATON_TRY(const bool more, sink(of.inside(entry.value())));
      if (!more) return false;
    }
    return true;
  }
  if (node.optional) return true;
  return cannot_iterate(value);
}

Result<bool> Evaluation::each_alternative(const Node& node, const Operand& input, const Sink& sink) const {
  bool any = false;
  bool stopped = false;
  BATON_CHECK(each(node.children[0], input, [&](Operand&& output) -> Result<bool> {
    if (!truth(output.get())) return true;
    any = true;
    BATON_TRY(const bool more, sink(std::move(output)));
    stopped = !more;
    return more;
  }));
  if (any) return !stopped;
  return each(node.children[1], input, sink);
}

Result<bool> Evaluation::each(const Node& node, const Operand& input, const Sink& sink) const {
  if (node.outputs != Outputs::many) {
    BATON_TRY(Operand output, one(node, input));
    if (output.is_none()) return true;
    return sink(std::move(output));
  }
  switch (node.op) {
    case Op::comma: {
      BATON_TRY(const bool more, each(node.children[0], input, sink));
      if (!more) return false;
      return each(node.children[1], input, sink);
    }
    case Op::pipe:
      return each(node.children[0], input, [&](Operand&& left) { return each(node.children[1], left, sink); });
    case Op::iterate:
      return each(node.children[0], input, [&](Operand&& of) { return each_item(node, of, sink); });
    case Op::field:
      return each(node.children[0], input, [&](Operand&& of) -> Result<bool> {
        auto result = field(of, node.name);
        if (result) return sink(*std::move(result));
        if (node.optional) return true;
        return std::move(result).error();
      });
    case Op::index: {
      BATON_TRY(const Operand key, one(node.children[1], input));
      return each(node.children[0], input, [&](Operand&& of) -> Result<bool> {
        auto result = index(of, key.get());
        if (result) return sink(*std::move(result));
        if (node.optional && !is_punt(result.error())) return true;
        return std::move(result).error();
      });
    }
    case Op::alternative:
      return each_alternative(node, input, sink);
    case Op::conditional: {
      BATON_TRY(const Operand condition, one(node.children[0], input));
      if (condition.is_none()) return true;
      return each(node.children[truth(condition.get()) ? 1 : 2], input, sink);
    }
    default:
      BATON_ASSERT(false);  // no other node is marked so
      return true;
  }
}

}  // namespace

Result<Operand> evaluate(const Node& node, const Data& input, const Arguments& arguments) {
  const Evaluation evaluation(arguments);
  const Operand root = Operand::stable(input.value(), &input);
  if (node.outputs != Outputs::many) return evaluation.one(node, root);
  Operand first = Operand::none();
  BATON_CHECK(evaluation.each(node, root, [&](Operand&& output) -> Result<bool> {
    first = output.is_passing() ? Operand(std::move(output).take()) : std::move(output);
    return false;
  }));
  return first;
}

Result<Data> to_data(Operand&& operand) {
  if (operand.is_none()) return Data();
  if (operand.owner() != nullptr) return operand.owner()->part(operand.get());
  return to_data(std::move(operand).take());
}

Result<Data> to_data(Value&& value) {
  if (deeper_than(value, kDepthMax)) return invalid("the result is nested too deeply");
  return Data::from_value(std::move(value));
}

}  // namespace baton::json::jq
