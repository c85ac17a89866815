// Frames, variables and loops.
#include <algorithm>

#include "json/internal.h"
#include "json/jq/evaluate.h"
#include "json/jq/library.h"

namespace baton::json::jq {
EnvRef Evaluate::make_frame(const Function& function, EnvRef up) {
  const std::size_t bytes = sizeof(Env) + function.slots * sizeof(Val) + function.parameters.size() * sizeof(Closure);
  if (!run_.room(bytes)) return {};
  Env* const env = new Env;
  run_.memory_.alive += static_cast<std::int64_t>(bytes);
  env->level = function.level;
  env->single = up->single;
  env->depth = static_cast<std::uint16_t>(up->depth + 1);
  env->up = std::move(up);
  env->slots.resize(function.slots);
  return EnvRef::take(env);
}

// An argument that only hands on a parameter is that parameter's: a chain of calls makes no chain of frames.
Closure Evaluate::close(const Node& argument, const EnvRef& env) {
  const Function* const function = argument.function;
  if (function->body->op != Op::parameter || function->needs_frame()) return {function, env};
  return frame(env.get(), function->body->level)->arguments[function->body->slot];
}

EnvRef Evaluate::call_frame(const Node& node, const EnvRef& env) {
  const Function& function = *node.function;
  EnvRef up = around(env, function.level);
  if (!function.needs_frame()) return up;
  EnvRef made = make_frame(function, std::move(up));
  if (made.get() == nullptr) return made;
  made->arguments.reserve(node.more.size());
  for (const Node* argument : node.more) {
    made->single = made->single && run_.can_one(*argument, env.get());
    made->arguments.push_back(close(*argument, env));
    made->depth =
        std::max<std::uint16_t>(made->depth, static_cast<std::uint16_t>(made->arguments.back().env->depth + 1));
  }
  if (made->depth > run_.budget_.depth) {
    run_.exhaust("calls within calls: at most " + std::to_string(run_.budget_.depth) + " levels are allowed");
    return {};
  }
  return made;
}

bool Evaluate::destructure(const Pattern& pattern, const EnvRef& env, Env& frame, const Val& value, const Sink& next) {
  if (pattern.kind == Pattern::Kind::variable) {
    frame.slots[pattern.slot] = value;
    return next(Item());
  }
  return entry(pattern, 0, env, frame, value, next);
}

bool Evaluate::entry(const Pattern& pattern, std::size_t at, const EnvRef& env, Env& frame, const Val& value,
                     const Sink& next) {
  if (at == pattern.entries.size()) return next(Item());
  const Pattern::Entry& one = pattern.entries[at];
  const auto go_on = [&](Item&&) { return entry(pattern, at + 1, env, frame, value, next); };
  const auto take = [&](const Val& key) -> bool {
    const Val member = index(run_, value, key);
    if (member.absent()) return false;
    if (one.binds) frame.slots[one.slot] = member;
    if (one.inner == nullptr) return go_on(Item());
    return destructure(*one.inner, env, frame, member, go_on);
  };
  if (pattern.kind == Pattern::Kind::array) {
    if (!value.is_array() && !value.is_null())
      return run_.fail("Cannot index " + std::string(kind_name(value)) + " with number"), false;
    return take(Val::integer(static_cast<std::int64_t>(at)));
  }
  Item in{value, Path()};
  return values(one.key, env, in, [&](Item&& key) -> bool {
    if (!key.value.is_string())
      return run_.fail("Cannot index " + std::string(kind_name(value)) + " with " + std::string(kind_name(key.value))),
             false;
    return take(key.value);
  });
}

bool Evaluate::bindings(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& value) {
    return bound(n, value.value, env, [&](Item&&) { return run_.each(n.b, env, in, sink); });
  });
}

// With several patterns, an error in the body tries the next; the last one's counts.
bool Evaluate::bound(const Node& n, const Val& value, const EnvRef& env, const Sink& body) {
  Env& frame = *Evaluate::frame(env.get(), n.level);
  for (std::size_t i = 0; i < n.patterns.size(); ++i) {
    for (const std::uint16_t slot : n.slots) frame.slots[slot] = Val::null();
    if (destructure(*n.patterns[i], env, frame, value, body)) return true;
    if (!failed() || i + 1 == n.patterns.size()) return false;
    caught();
  }
  return true;
}

bool Evaluate::reduce(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return run_.each(n.b, env, in, [&](Item&& start) -> bool {
    Item state = std::move(start);
    const auto update = [&](Item&&) -> bool {
      Item before = std::move(state);
      state = Item{Val::null(), before.path ? run_.lost() : Path()};
      return run_.each(n.c, env, std::move(before), [&](Item&& after) {
        state = std::move(after);
        return true;
      });
    };
    const bool done = values(n.a, env, in, [&](Item&& value) { return bound(n, value.value, env, update); });
    return done && sink(std::move(state));
  });
}

bool Evaluate::foreach (const Node& n, const EnvRef& env, Item & in, const Sink& sink) {
  return run_.each(n.b, env, in, [&](Item&& start) -> bool {
    Item state = std::move(start);
    const auto update = [&](Item&&) -> bool {
      Item before = std::move(state);
      state = Item{Val::null(), before.path ? run_.lost() : Path()};
      return run_.each(n.c, env, std::move(before), [&](Item&& after) -> bool {
        if (n.d == nullptr) {
          state = after;
          return sink(std::move(after));
        }
        state = after;
        return run_.each(n.d, env, std::move(after), sink);
      });
    };
    return values(n.a, env, in, [&](Item&& value) { return bound(n, value.value, env, update); });
  });
}

}  // namespace baton::json::jq
