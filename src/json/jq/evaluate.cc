// each(): all outputs of a node, one after the other, to a sink.
#include "json/jq/evaluate.h"
#include "json/internal.h"
#include "json/jq/library.h"

namespace baton::json::jq {
namespace {

// What goes on with the path of its input, where paths are asked for.
bool keeps_path(Op op) {
  switch (op) {
    case Op::identity:
    case Op::field:
    case Op::index:
    case Op::slice:
    case Op::iterate:
    case Op::pipe:
    case Op::comma:
    case Op::alternative:
    case Op::conditional:
    case Op::bind:
    case Op::reduce:
    case Op::foreach:
    case Op::try_:
    case Op::label:
    case Op::break_:
    case Op::function:
    case Op::parameter:
    case Op::empty:
    case Op::error:
    case Op::select:
    case Op::first:
    case Op::limit:
    case Op::skip:
    case Op::getpath:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Run::each(const Node* node, EnvRef env, Item in, const Sink& sink) {
  Depth depth(*this, 1);
  if (!depth.ok()) return false;
  Evaluate evaluate(*this);
  for (;;) {
    if (!step()) return false;
    const Node& n = *node;
    if (can_one(n, env.get()) && (!in.path || !keeps_path(n.op))) return evaluate.single_value(n, env, in, sink);
    switch (n.op) {
      case Op::identity:
        return sink(std::move(in));
      case Op::pipe:
        if (in.path || !can_one(*n.a, env.get())) return evaluate.pipe(n, env, in, sink);
        in.value = one(*n.a, env.get(), in.value, true);
        if (in.value.absent()) return !unwinding();
        node = n.b;
        continue;
      case Op::comma:
        if (!each(n.a, env, in, sink)) return false;
        node = n.b;
        continue;
      case Op::conditional: {
        if (!can_one(*n.a, env.get())) return evaluate.conditions(n, env, in, sink);
        const Val condition = one(*n.a, env.get(), in.value, false);
        if (condition.absent()) return !unwinding();
        node = condition.truth() ? n.b : n.c;
        continue;
      }
      case Op::alternative: {
        bool found = false;
        if (!evaluate.alternative(n, env, in, sink, found)) return false;
        if (found) return true;
        node = n.b;
        continue;
      }
      case Op::bind: {
        const bool plain =
            n.patterns.size() == 1 && n.patterns[0]->kind == Pattern::Kind::variable && can_one(*n.a, env.get());
        if (!plain) return evaluate.bindings(n, env, in, sink);
        Val value = one(*n.a, env.get(), in.value, false);
        if (value.absent()) return !unwinding();
        Evaluate::frame(env.get(), n.level)->slots[n.patterns[0]->slot] = std::move(value);
        node = n.b;
        continue;
      }
      case Op::function:
        env = evaluate.call_frame(n, env);
        if (env.get() == nullptr) return false;
        node = n.function->body;
        continue;
      case Op::parameter: {
        const Closure closure = Evaluate::frame(env.get(), n.level)->arguments[n.slot];
        env = closure.function->needs_frame() ? evaluate.make_frame(*closure.function, closure.env) : closure.env;
        if (env.get() == nullptr) return false;
        node = closure.function->body;
        continue;
      }
      case Op::field:
      case Op::index:
      case Op::slice:
        return evaluate.step(n, env, in, sink);
      case Op::iterate:
        return evaluate.iterate(n, env, in, sink);
      case Op::and_:
      case Op::or_:
        return evaluate.logic(n, env, in, sink);
      case Op::negate:
        return evaluate.negations(n, env, in, sink);
      case Op::object:
        return evaluate.entries(n, 0, env, in, Val(), sink);
      case Op::interpolate:
        return evaluate.parts(n, n.more.size(), env, in, Val(), sink);
      case Op::format:
        return evaluate.formats(n, env, in, sink);
      case Op::reduce:
        return evaluate.reduce(n, env, in, sink);
      case Op::foreach:
        return evaluate.foreach (n, env, in, sink);
      case Op::try_:
        return evaluate.attempt(n, env, in, sink);
      case Op::label:
        return evaluate.label(n, env, in, sink);
      case Op::break_:
        return evaluate.stop(
            static_cast<std::uint64_t>(Evaluate::frame(env.get(), n.level)->slots[n.slot].get_integer()));
      case Op::assign:
        return evaluate.assign(n, env, in, sink);
      case Op::modify:
      case Op::update:
      case Op::update_default:
        return evaluate.update(n, env, in, sink);
      case Op::native: {
        std::vector<Val> arguments(n.more.size());
        return evaluate.native(n, n.more.size(), env, in, arguments, sink);
      }
      case Op::empty:
        return true;
      case Op::error:
        return evaluate.errors(n, env, in, sink);
      case Op::select:
        return evaluate.select(n, env, in, sink);
      case Op::first:
        return evaluate.first(n, env, in, sink);
      case Op::limit:
        return evaluate.limit(n, env, in, sink);
      case Op::skip:
        return evaluate.skip(n, env, in, sink);
      case Op::range:
        return evaluate.range(n, env, in, sink);
      case Op::path:
        return evaluate.paths(n, env, in, sink);
      case Op::getpath:
        return evaluate.getpath(n, env, in, sink);
      case Op::substitute:
        return evaluate.substitute(n, env, in, sink);
      default:
        return evaluate.binary(n, env, in, sink);
    }
  }
}

// What is made has no path, unless it is the very value that stands at the path.
bool Evaluate::emit(Val value, Item& in, const Sink& sink) {
  if (!in.path) return sink(Item{std::move(value), Path()});
  Path path = !value.is_number() && value.same_as(in.value) ? in.path : run_.lost();
  return sink(Item{std::move(value), std::move(path)});
}

bool Evaluate::single_value(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  Val value = run_.one(n, env.get(), in.value, !in.path);
  if (value.absent()) return !run_.unwinding();
  return emit(std::move(value), in, sink);
}

bool Evaluate::pipe(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return run_.each(n.a, env, std::move(in), [&](Item&& item) { return run_.each(n.b, env, std::move(item), sink); });
}

}  // namespace baton::json::jq
