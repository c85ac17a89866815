// one(): the only output of a node, without a sink.
#include "base/assert.h"
#include "json/internal.h"
#include "json/jq/evaluate.h"
#include "json/jq/library.h"

namespace baton::json::jq {
Val Run::one(const Node& n, Env* env, Val& in, bool last) {
  if (!step()) return {};
  switch (n.op) {
    case Op::identity:
      return last ? std::move(in) : in;
    case Op::literal:
      return Val::borrow(n.literal, 0);
    case Op::argument:
      return argument(n.slot);
    case Op::variable:
      return Evaluate::frame(env, n.level)->slots[n.slot];
    case Op::field: {
      const Val of = one(*n.a, env, in, last);
      if (of.is_object()) {
        Val found = of.find(view(n.literal.get_string()));
        return found.absent() ? Val::null() : found;
      }
      if (of.is_null()) return of;
      if (of.absent() || n.optional) return {};
      return index(*this, of, Val::borrow(n.literal, 0));
    }
    case Op::index:
    case Op::slice:
      return Evaluate(*this).one_index(n, env, in, last);
    case Op::pipe: {
      Val middle = one(*n.a, env, in, last);
      if (middle.absent()) return middle;
      return one(*n.b, env, middle, true);
    }
    case Op::alternative: {
      Val left = one(*n.a, env, in, false);
      if (unwinding() || left.truth()) return left;
      return one(*n.b, env, in, last);
    }
    case Op::and_:
    case Op::or_: {
      const Val left = one(*n.a, env, in, false);
      if (left.absent()) return left;
      if (left.truth() == (n.op == Op::or_)) return Val::boolean(n.op == Op::or_);
      const Val right = one(*n.b, env, in, last);
      return right.absent() ? right : Val::boolean(right.truth());
    }
    case Op::negate: {
      const Val operand = one(*n.a, env, in, last);
      return operand.absent() ? operand : jq::negate(*this, operand);
    }
    case Op::conditional: {
      const Val condition = one(*n.a, env, in, false);
      if (condition.absent()) return condition;
      return one(condition.truth() ? *n.b : *n.c, env, in, last);
    }
    case Op::array:
      return Evaluate(*this).collected(n.a, env, in);
    case Op::object:
      return Evaluate(*this).one_object(n, env, in);
    case Op::interpolate:
      return Evaluate(*this).one_text(n, env, in);
    case Op::format: {
      const Val value = n.a == nullptr ? in : one(*n.a, env, in, last);
      return value.absent() ? value : jq::format(*this, n.format, value);
    }
    case Op::bind:
      return Evaluate(*this).one_bind(n, env, in, last);
    case Op::function:
    case Op::parameter:
      return Evaluate(*this).one_call(n, env, in, last);
    case Op::native:
      return Evaluate(*this).one_native(n, env, in, last);
    case Op::map:
      return Evaluate(*this).mapped(n, env, in);
    case Op::select: {
      const Val condition = one(*n.a, env, in, false);
      if (condition.absent()) return condition;
      if (!condition.truth()) return {};
      return last ? std::move(in) : in;
    }
    case Op::empty:
      return {};
    case Op::any:
    case Op::all:
    case Op::isempty:
      return Evaluate(*this).quantified(n, env, in);
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
      return Evaluate(*this).one_binary(n, env, in, last);
    default:
      return Evaluate(*this).by_each(n, env, in, last);
  }
}

Val Evaluate::one_index(const Node& n, Env* env, Val& in, bool last) {
  Val to = Val::null();
  if (n.c != nullptr) {
    to = run_.one(*n.c, env, in, false);
    if (to.absent()) return to;
  }
  Val from = Val::null();
  if (n.b != nullptr) {
    from = run_.one(*n.b, env, in, false);
    if (from.absent()) return from;
  }
  const Val of = run_.one(*n.a, env, in, last);
  if (of.absent()) return of;
  Val value = n.op == Op::slice ? slice(run_, of, from, to) : index(run_, of, from);
  if (value.absent()) optional_failure(n);
  return value;
}

Val Evaluate::one_object(const Node& n, Env* env, Val& in) {
  Val map = run_.map(n.more.size() / 2);
  if (map.absent()) return map;
  for (std::size_t i = 0; i + 1 < n.more.size(); i += 2) {
    Val key = run_.one(*n.more[i], env, in, false);
    if (key.absent()) return key;
    Val value = run_.one(*n.more[i + 1], env, in, false);
    if (value.absent()) return value;
    if (!key.is_string()) return run_.fail("Cannot use " + described(key) + " as object key");
    if (!run_.put(map, std::move(key), std::move(value))) return {};
  }
  return map;
}

// From the right, as jq does it: which error comes first depends on it.
Val Evaluate::one_text(const Node& n, Env* env, Val& in) {
  std::vector<Val> texts(n.more.size());
  std::size_t size = 0;
  for (std::size_t i = n.more.size(); i > 0; --i) {
    texts[i - 1] = run_.one(*n.more[i - 1], env, in, false);
    if (texts[i - 1].absent()) return {};
    size += texts[i - 1].text().size();
  }
  if (!run_.room_and_work(size)) return {};
  std::string text;
  text.reserve(size);
  for (const Val& part : texts) text += part.text();
  return run_.text(std::move(text));
}

Val Evaluate::one_call(const Node& n, Env* env, Val& in, bool last) {
  EnvRef inside;
  const Function* function = n.function;
  if (n.op == Op::parameter) {
    const Closure& closure = frame(env, n.level)->arguments[n.slot];
    function = closure.function;
    inside = function->needs_frame() ? make_frame(*function, closure.env) : closure.env;
  } else {
    inside = call_frame(n, hold(env));
  }
  if (inside.get() == nullptr) return {};
  Run::Depth depth(run_, function->body->height);
  if (!depth.ok()) return {};
  return run_.one(*function->body, inside.get(), in, last);
}

Val Evaluate::one_native(const Node& n, Env* env, Val& in, bool last) {
  Val arguments[4];
  BATON_ASSERT(n.more.size() <= 4);
  for (std::size_t i = n.more.size(); i > 0; --i) {
    arguments[i - 1] = run_.one(*n.more[i - 1], env, in, false);
    if (arguments[i - 1].absent()) return {};
  }
  Val value = last ? n.native->call(run_, std::move(in), arguments) : n.native->call(run_, in, arguments);
  return run_.unwinding() ? Val() : value;
}

Val Evaluate::one_binary(const Node& n, Env* env, Val& in, bool last) {
  const Val right = run_.one(*n.b, env, in, false);
  if (right.absent()) return {};
  Val left = run_.one(*n.a, env, in, last);
  if (left.absent()) return left;
  Val value = operate(run_, n.op, std::move(left), right);
  return run_.unwinding() ? Val() : value;
}

Val Evaluate::one_bind(const Node& n, Env* env, Val& in, bool last) {
  Val value = run_.one(*n.a, env, in, false);
  if (value.absent()) return value;
  Env& variables = *frame(env, n.level);
  if (n.patterns[0]->kind == Pattern::Kind::variable) {
    variables.slots[n.patterns[0]->slot] = std::move(value);
  } else if (!destructure(*n.patterns[0], hold(env), variables, value, [](Item&&) { return true; })) {
    return {};
  }
  return run_.one(*n.b, env, in, last);
}

Val Evaluate::collected(const Node* n, Env* env, Val& in) {
  Val list = run_.list();
  if (n == nullptr || list.absent()) return list;
  const bool done =
      run_.each(n, hold(env), Item{in, Path()}, [&](Item&& item) { return run_.push(list, std::move(item.value)); });
  return done ? list : Val();
}

Val Evaluate::mapped(const Node& n, Env* env, Val& in) {
  Val list = run_.list(in.is_array() ? in.size() : 0);
  if (list.absent()) return list;
  const EnvRef here = hold(env);
  const bool single = run_.can_one(*n.a, env);
  const bool done = items(Item{in, Path()}, false, [&](Item&& item) -> bool {
    if (!single)
      return run_.each(n.a, here, std::move(item), [&](Item&& out) { return run_.push(list, std::move(out.value)); });
    Val out = run_.one(*n.a, env, item.value, true);
    return out.absent() ? !run_.unwinding() : run_.push(list, std::move(out));
  });
  return done ? list : Val();
}

Val Evaluate::quantified(const Node& n, Env* env, Val& in) {
  const EnvRef here = hold(env);
  bool found = false;  // an output that decides
  const bool more = stoppable([&](std::uint64_t target) {
    return run_.each(n.a, here, Item{in, Path()}, [&](Item&& item) -> bool {
      if (n.op == Op::isempty) {
        found = true;
        return stop(target);
      }
      return run_.each(n.b, here, std::move(item), [&](Item&& answer) {
        found = answer.value.truth() == (n.op == Op::any);
        return !found || stop(target);
      });
    });
  });
  if (!more) return {};
  return Val::boolean(found == (n.op == Op::any));
}

// The only output of what each() knows how to do. last(f) is the last of many.
Val Evaluate::by_each(const Node& n, Env* env, Val& in, bool last) {
  Val result = n.op == Op::last ? Val::null() : Val();
  const auto take = [&](Item&& item) {
    result = std::move(item.value);
    return true;
  };
  Item input{last ? std::move(in) : in, Path()};
  const EnvRef here = hold(env);
  bool done = false;
  switch (n.op) {
    case Op::last:
      done = run_.each(n.a, here, std::move(input), take);
      break;
    case Op::reduce:
      done = reduce(n, here, input, take);
      break;
    case Op::try_:
      done = attempt(n, here, input, take);
      break;
    case Op::label:
      done = label(n, here, input, take);
      break;
    case Op::break_:
      done = stop(static_cast<std::uint64_t>(frame(env, n.level)->slots[n.slot].get_integer()));
      break;
    case Op::assign:
      done = assign(n, here, input, take);
      break;
    case Op::modify:
    case Op::update:
    case Op::update_default:
      done = update(n, here, input, take);
      break;
    case Op::error:
      done = errors(n, here, input, take);
      break;
    case Op::first:
      done = first(n, here, input, take);
      break;
    case Op::getpath:
      done = getpath(n, here, input, take);
      break;
    default:
      BATON_ASSERT(false);  // no other node has one output at most
  }
  return done ? result : Val();
}

}  // namespace baton::json::jq
