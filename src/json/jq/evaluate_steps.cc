// Steps into values, and operators.
#include "json/internal.h"
#include "json/jq/evaluate.h"
#include "json/jq/library.h"

namespace baton::json::jq {
bool Evaluate::simple_step(const Node& n, const Item& of, const Val& key, const Val& to, const Sink& sink) {
  if (of.path && run_.is_lost(of.path)) {
    const Val shown = n.op == Op::slice ? slice_key(run_, key, to) : key;
    run_.fail("Invalid path expression near attempt to access element " + brief(shown, 14) + " of " +
              brief(of.value, 29));
    return false;
  }
  Val value = n.op == Op::slice ? slice(run_, of.value, key, to) : index(run_, of.value, key);
  if (value.absent()) return optional_failure(n);
  if (!of.path) return sink(Item{std::move(value), Path()});
  Val step = n.op == Op::slice ? slice_key(run_, key, to) : key;
  Path path = step.absent() ? Path() : run_.extend(of.path, std::move(step));
  return path && sink(Item{std::move(value), std::move(path)});
}

// The index runs outside, then the bounds, then what is stepped into.
bool Evaluate::step(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  if (n.op == Op::field) {
    const Val key = Val::borrow(n.literal, 0);
    return run_.each(n.a, env, std::move(in), [&](Item&& of) { return simple_step(n, of, key, key, sink); });
  }
  const auto each_of = [&](const Val& from, const Val& to) {
    return run_.each(n.a, env, in, [&](Item&& of) { return simple_step(n, of, from, to, sink); });
  };
  const auto each_from = [&](const Val& to) {
    if (n.b == nullptr) return each_of(Val::null(), to);
    return values(n.b, env, in, [&](Item&& from) { return each_of(from.value, to); });
  };
  if (n.op == Op::index || n.c == nullptr) return each_from(Val::null());
  return values(n.c, env, in, [&](Item&& to) { return each_from(to.value); });
}

bool Evaluate::items(const Item& of, bool optional, const Sink& sink) {
  const Val& value = of.value;
  if (of.path && run_.is_lost(of.path)) {
    run_.fail("Invalid path expression near attempt to iterate through " + brief(value, 29));
    return false;
  }
  if (!value.is_array() && !value.is_object()) {
    if (optional) return true;
    cannot_iterate(run_, value);
    return false;
  }
  const bool array = value.is_array();
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!run_.step()) return false;
    Item item{array ? value.at(i) : value.entry(i), Path()};
    if (of.path) {
      item.path = run_.extend(of.path, array ? Val::integer(static_cast<std::int64_t>(i)) : value.key_value(i));
      if (!item.path) return false;
    }
    if (!sink(std::move(item))) return false;
  }
  return true;
}

bool Evaluate::iterate(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  if (n.a->op == Op::identity) return items(in, n.optional, sink);
  return run_.each(n.a, env, std::move(in), [&](Item&& of) { return items(of, n.optional, sink); });
}

// All true outputs of the left side.
bool Evaluate::alternative(const Node& n, const EnvRef& env, Item& in, const Sink& sink, bool& found) {
  return run_.each(n.a, env, in, [&](Item&& item) -> bool {
    if (!item.value.truth()) return true;
    found = true;
    return sink(std::move(item));
  });
}

bool Evaluate::logic(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& left) -> bool {
    if (left.value.truth() == (n.op == Op::or_)) return emit(Val::boolean(n.op == Op::or_), in, sink);
    return values(n.b, env, in, [&](Item&& right) { return emit(Val::boolean(right.value.truth()), in, sink); });
  });
}

// The right side runs outside.
bool Evaluate::binary(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.b, env, in, [&](Item&& right) {
    return values(n.a, env, in, [&](Item&& left) -> bool {
      Val value = operate(run_, n.op, std::move(left.value), right.value);
      return !value.absent() && !run_.unwinding() && emit(std::move(value), in, sink);
    });
  });
}

bool Evaluate::negations(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& item) {
    Val value = negate(run_, item.value);
    return !value.absent() && emit(std::move(value), in, sink);
  });
}

bool Evaluate::conditions(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in,
                [&](Item&& condition) { return run_.each(condition.value.truth() ? n.b : n.c, env, in, sink); });
}

bool Evaluate::entries(const Node& n, std::size_t next, const EnvRef& env, Item& in, const Val& so_far,
                       const Sink& sink) {
  if (next == n.more.size()) return emit(so_far, in, sink);
  return values(n.more[next], env, in, [&](Item&& key) {
    return values(n.more[next + 1], env, in, [&](Item&& value) -> bool {
      if (!key.value.is_string()) return run_.fail("Cannot use " + described(key.value) + " as object key"), false;
      Val map = next == 0 ? run_.map(n.more.size() / 2) : so_far;
      if (map.absent() || !run_.put(map, key.value, std::move(value.value))) return false;
      return entries(n, next + 2, env, in, map, sink);
    });
  });
}

// jq adds the parts up from the right side.
bool Evaluate::parts(const Node& n, std::size_t left, const EnvRef& env, Item& in, const Val& behind,
                     const Sink& sink) {
  if (left == 0) return emit(behind, in, sink);
  return values(n.more[left - 1], env, in, [&](Item&& part) -> bool {
    if (behind.absent()) return parts(n, left - 1, env, in, part.value, sink);
    Val text = part.value;
    return run_.append_text(text, behind.text()) && parts(n, left - 1, env, in, text, sink);
  });
}

bool Evaluate::formats(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& item) {
    Val text = format(run_, n.format, item.value);
    return !text.absent() && emit(std::move(text), in, sink);
  });
}

}  // namespace baton::json::jq
