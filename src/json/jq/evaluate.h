// Inside of the evaluator: what each() and one() do with a node, by theme in evaluate_*.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "json/jq/run.h"

namespace baton::json::jq {

/// Levels of calls, as long as it lives.
struct Run::Depth {
  Depth(Run& r, int by) : run(r), levels(by) { run.depth_ += levels; }
  ~Depth() { run.depth_ -= levels; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  bool ok() {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (run.depth_ <= run.budget_.depth && here > run.stack_end_) return true;
    run.exhaust("calls within calls: at most " + std::to_string(run.budget_.depth) + " levels are allowed");
    return false;
  }
  Run& run;
  int levels;
};

// The cases of each() and one(), every one in a function of its own: the frames of the two that recurse stay small.
class Evaluate {
 public:
  explicit Evaluate(Run& run) : run_(run) {}

  // Frames.
  static EnvRef around(EnvRef env, std::uint16_t level) {
    while (env->level >= level) env = env->up;
    return env;
  }
  static Env* frame(Env* env, std::uint16_t level) {
    while (env->level != level) env = env->up.get();
    return env;
  }
  EnvRef make_frame(const Function& function, EnvRef up);
  EnvRef call_frame(const Node& node, const EnvRef& env);
  Closure close(const Node& argument, const EnvRef& env);

  // Unwinding.
  template <class Body>
  bool stoppable(const Body& body) {
    const std::uint64_t target = ++run_.targets_;
    if (body(target)) return true;
    if (run_.unwinding_ != Run::Unwinding::stop || run_.target_ != target) return false;
    run_.unwinding_ = Run::Unwinding::none;
    return true;
  }
  bool stop(std::uint64_t target) {
    run_.unwinding_ = Run::Unwinding::stop;
    run_.target_ = target;
    return false;
  }
  bool failed() const { return run_.unwinding_ == Run::Unwinding::error; }
  Val caught() {
    run_.unwinding_ = Run::Unwinding::none;
    return std::exchange(run_.error_, Val());
  }

  // each()
  [[gnu::noinline]] bool single_value(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool pipe(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool step(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool iterate(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool items(const Item& of, bool optional, const Sink& sink);
  [[gnu::noinline]] bool alternative(const Node& n, const EnvRef& env, Item& in, const Sink& sink, bool& found);
  [[gnu::noinline]] bool logic(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool binary(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool negations(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool conditions(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool entries(const Node& n, std::size_t next, const EnvRef& env, Item& in, const Val& so_far,
                                 const Sink& sink);
  [[gnu::noinline]] bool parts(const Node& n, std::size_t left, const EnvRef& env, Item& in, const Val& behind,
                               const Sink& sink);
  [[gnu::noinline]] bool formats(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool bindings(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool bound(const Node& n, const Val& value, const EnvRef& env, const Sink& body);
  [[gnu::noinline]] bool reduce(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool foreach (const Node& n, const EnvRef& env, Item & in, const Sink& sink);
  [[gnu::noinline]] bool attempt(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool label(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool assign(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool update(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool native(const Node& n, std::size_t left, const EnvRef& env, Item& in,
                                std::vector<Val>& arguments, const Sink& sink);
  [[gnu::noinline]] bool errors(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool select(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool first(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool limit(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool skip(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool range(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool count(const Val& from, const Val& to, const Val& by, Item& in, const Sink& sink);
  [[gnu::noinline]] bool paths(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool getpath(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool substitute(const Node& n, const EnvRef& env, Item& in, const Sink& sink);
  [[gnu::noinline]] bool substituted(const Node& n, const Val& regex, const Val& flags, const EnvRef& env, Item& in,
                                     const Sink& sink);
  [[gnu::noinline]] bool destructure(const Pattern& pattern, const EnvRef& env, Env& frame, const Val& value,
                                     const Sink& next);
  [[gnu::noinline]] bool entry(const Pattern& pattern, std::size_t at, const EnvRef& env, Env& frame, const Val& value,
                               const Sink& next);
  bool values(const Node* n, const EnvRef& env, Item& in, const Sink& sink) {
    return run_.each(n, env, Item{in.value, Path()}, sink);
  }
  bool emit(Val value, Item& in, const Sink& sink);
  template <class Change>
  bool each_operand(const Node& n, const EnvRef& env, Item& in, const Sink& sink, const Change& change);
  bool simple_step(const Node& n, const Item& of, const Val& key, const Val& to, const Sink& sink);

  // one()
  [[gnu::noinline]] Val one_index(const Node& n, Env* env, Val& in, bool last);
  [[gnu::noinline]] Val one_object(const Node& n, Env* env, Val& in);
  [[gnu::noinline]] Val one_text(const Node& n, Env* env, Val& in);
  [[gnu::noinline]] Val one_call(const Node& n, Env* env, Val& in, bool last);
  [[gnu::noinline]] Val one_native(const Node& n, Env* env, Val& in, bool last);
  [[gnu::noinline]] Val one_binary(const Node& n, Env* env, Val& in, bool last);
  [[gnu::noinline]] Val one_bind(const Node& n, Env* env, Val& in, bool last);
  [[gnu::noinline]] Val collected(const Node* n, Env* env, Val& in);
  [[gnu::noinline]] Val mapped(const Node& n, Env* env, Val& in);
  [[gnu::noinline]] Val quantified(const Node& n, Env* env, Val& in);
  [[gnu::noinline]] Val by_each(const Node& n, Env* env, Val& in, bool last);
  [[gnu::noinline]] Val modified(const Node* update, const EnvRef& env, Val root, const std::vector<Val>& places);
  [[gnu::noinline]] bool collect_paths(const Node* n, const EnvRef& env, const Val& root, std::vector<Val>& places);
  bool optional_failure(const Node& n) {
    if (!n.optional || !failed()) return false;
    caught();
    return true;
  }

 private:
  static EnvRef hold(Env* env) {
    ++env->refs;
    return EnvRef::take(env);
  }
  Run& run_;
};

}  // namespace baton::json::jq
