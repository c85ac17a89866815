// path(), getpath() and the assignments.
#include "json/internal.h"
#include "json/jq/evaluate.h"
#include "json/jq/library.h"

namespace baton::json::jq {
bool Evaluate::paths(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return run_.each(n.a, env, Item{in.value, run_.path_root()}, [&](Item&& item) -> bool {
    if (run_.is_lost(item.path))
      return run_.fail("Invalid path expression with result " + brief(item.value, 29)), false;
    Val list = run_.path_to_list(item.path);
    return !list.absent() && emit(std::move(list), in, sink);
  });
}

bool Evaluate::getpath(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& keys) -> bool {
    Val value = get_path(run_, in.value, keys.value);
    if (value.absent()) return false;
    if (!in.path) return sink(Item{std::move(value), Path()});
    if (run_.is_lost(in.path)) return run_.fail("Invalid path expression with result " + brief(in.value, 29)), false;
    Path path = in.path;
    for (std::size_t i = 0; path && i < keys.value.size(); ++i) path = run_.extend(path, keys.value.at(i));
    return path && sink(Item{std::move(value), std::move(path)});
  });
}

bool Evaluate::collect_paths(const Node* n, const EnvRef& env, const Val& root, std::vector<Val>& places) {
  return run_.each(n, env, Item{root, run_.path_root()}, [&](Item&& item) -> bool {
    if (run_.is_lost(item.path))
      return run_.fail("Invalid path expression with result " + brief(item.value, 29)), false;
    Val list = run_.path_to_list(item.path);
    if (list.absent() || !run_.room(places.size() * 2 * sizeof(Val))) return false;
    places.push_back(std::move(list));
    return true;
  });
}

bool Evaluate::assign(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return each_operand(n, env, in, sink, [&](Val root, const Val& value) -> Val {
    std::vector<Val> places;
    if (!collect_paths(n.a, env, root, places)) return {};
    for (const Val& place : places) {
      root = set_path(run_, std::move(root), place, value);
      if (root.absent()) break;
    }
    return root;
  });
}

// The right side of an assignment sees the input too. With one value of it, the input can be changed in place.
template <class Change>
bool Evaluate::each_operand(const Node& n, const EnvRef& env, Item& in, const Sink& sink, const Change& change) {
  if (!run_.can_one(*n.b, env.get())) {
    return values(n.b, env, in, [&](Item&& value) {
      Val changed = change(in.value, value.value);
      return !changed.absent() && emit(std::move(changed), in, sink);
    });
  }
  const Val value = run_.one(*n.b, env.get(), in.value, false);
  if (value.absent()) return !run_.unwinding();
  Val changed = change(in.path ? in.value : std::move(in.value), value);
  return !changed.absent() && emit(std::move(changed), in, sink);
}

// |=: the first output of the update takes the place; without one the place goes.
Val Evaluate::modified(const Node* update, const EnvRef& env, Val root, const std::vector<Val>& places) {
  Val gone = run_.list();
  if (gone.absent()) return gone;
  for (const Val& place : places) {
    Val old = take_path(run_, root, place);
    if (old.absent()) return old;
    // An update without an output leaves the value where it is until all places have been looked at.
    const Val before = update->outputs == Outputs::one && !update->by_parameters ? Val() : old;
    Val now;
    const bool more = stoppable([&](std::uint64_t target) {
      return run_.each(update, env, Item{std::move(old), Path()}, [&](Item&& item) {
        now = std::move(item.value);
        return stop(target);
      });
    });
    if (!more) return {};
    if (now.absent()) {
      if (!run_.push(gone, place)) return {};
      if (!before.is_null()) root = set_path(run_, std::move(root), place, before);
      if (root.absent()) return root;
      continue;
    }
    root = set_path(run_, std::move(root), place, std::move(now));
    if (root.absent()) return root;
  }
  return gone.size() == 0 ? root : delete_paths(run_, std::move(root), gone);
}

bool Evaluate::update(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  if (n.op == Op::modify) {
    std::vector<Val> places;
    if (!collect_paths(n.a, env, in.value, places)) return false;
    Val root = in.path ? in.value : std::move(in.value);
    root = modified(n.b, env, std::move(root), places);
    return !root.absent() && emit(std::move(root), in, sink);
  }
  return each_operand(n, env, in, sink, [&](Val root, const Val& value) -> Val {
    std::vector<Val> places;
    if (!collect_paths(n.a, env, root, places)) return {};
    for (const Val& place : places) {
      Val old = n.op == Op::update_default ? get_path(run_, root, place) : take_path(run_, root, place);
      if (old.absent()) return old;
      if (n.op == Op::update_default && old.truth()) continue;
      Val now = n.op == Op::update_default ? value : arithmetic(run_, n.arithmetic, std::move(old), value);
      if (now.absent()) return now;
      root = set_path(run_, std::move(root), place, std::move(now));
      if (root.absent()) return root;
    }
    return root;
  });
}

}  // namespace baton::json::jq
