// Errors, jumps, and functions that take expressions.
#include <cmath>

#include "json/internal.h"
#include "json/jq/evaluate.h"
#include "json/jq/library.h"

namespace baton::json::jq {
namespace {

std::int64_t whole(const Val& number) {
  const double d = number.to_double();
  if (std::isnan(d)) return 0;
  return d >= 9e18    ? std::int64_t{9'000'000'000'000'000'000}
         : d <= -9e18 ? std::int64_t{-9'000'000'000'000'000'000}
                      : static_cast<std::int64_t>(d);
}

}  // namespace

// What fails behind the body is not the body's error.
bool Evaluate::attempt(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  bool below = false;
  const bool more = run_.each(n.a, env, in, [&](Item&& item) {
    below = !sink(std::move(item));
    return !below;
  });
  if (more) return true;
  if (below || !failed()) return false;
  Val error = caught();
  if (n.b == nullptr) return true;
  return run_.each(n.b, env, Item{std::move(error), in.path ? run_.lost() : Path()}, sink);
}

bool Evaluate::label(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return stoppable([&](std::uint64_t target) {
    frame(env.get(), n.level)->slots[n.slot] = Val::integer(static_cast<std::int64_t>(target));
    return run_.each(n.a, env, in, sink);
  });
}

bool Evaluate::errors(const Node& n, const EnvRef& env, Item& in, const Sink&) {
  if (n.a == nullptr) return run_.raise(in.value), false;
  return values(n.a, env, in, [&](Item&& message) { return run_.raise(std::move(message.value)), false; });
}

bool Evaluate::select(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& condition) -> bool {
    if (!condition.value.truth()) return true;
    return sink(Item(in));
  });
}

bool Evaluate::first(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  Item found;
  const bool more = stoppable([&](std::uint64_t target) {
    return run_.each(n.a, env, in, [&](Item&& item) {
      found = std::move(item);
      return stop(target);
    });
  });
  if (!more) return false;
  return found.value.absent() || sink(std::move(found));
}

bool Evaluate::limit(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& count) -> bool {
    const Val zero = Val::integer(0);
    const int sign = compare(run_, count.value, zero);
    if (sign == 0) return true;
    if (sign < 0) return run_.each(n.b, env, in, sink);
    double left = count.value.is_number() ? count.value.to_double() : 0;
    return stoppable([&](std::uint64_t target) {
      return run_.each(n.b, env, in, [&](Item&& item) -> bool {
        if (!count.value.is_number()) {
          return run_.fail(described(count.value) + " and number (1) cannot be subtracted"), false;
        }
        left -= 1;
        const bool last = left <= 0;
        return sink(std::move(item)) && (!last || stop(target));
      });
    });
  });
}

bool Evaluate::skip(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& count) -> bool {
    if (!count.value.is_number())
      return run_.fail(described(count.value) + " and number (1) cannot be subtracted"), false;
    std::int64_t left = whole(count.value);
    if (left < 0) return run_.fail("Invalid arguments: count must be zero or above"), false;
    return run_.each(n.b, env, in, [&](Item&& item) { return left > 0 ? (--left, true) : sink(std::move(item)); });
  });
}

bool Evaluate::range(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& from) {
    return values(n.b, env, in, [&](Item&& to) -> bool {
      if (n.c != nullptr)
        return values(n.c, env, in, [&](Item&& by) { return count(from.value, to.value, by.value, in, sink); });
      if (from.value.is_number() && to.value.is_number()) return count(from.value, to.value, Val::integer(1), in, sink);
      return run_.fail("Range bounds must be numeric"), false;
    });
  });
}

// With a step of their own the bounds may be anything that can be compared and added to.
bool Evaluate::count(const Val& from, const Val& to, const Val& by, Item& in, const Sink& sink) {
  const int way = compare(run_, by, Val::integer(0));
  Val at = from;
  while (way != 0 && !run_.unwinding() && compare(run_, at, to) * way < 0) {
    if (!run_.step() || !emit(at, in, sink)) return false;
    at = arithmetic(run_, Op::add, std::move(at), by);
    if (at.absent()) return false;
  }
  return !run_.unwinding();
}

bool Evaluate::native(const Node& n, std::size_t left, const EnvRef& env, Item& in, std::vector<Val>& arguments,
                      const Sink& sink) {
  if (left == 0) {
    std::vector<Val> given = arguments;
    Val input = in.value;
    Val value = n.native->call(run_, input, given.data());
    return !value.absent() && !run_.unwinding() && emit(std::move(value), in, sink);
  }
  return values(n.more[left - 1], env, in, [&](Item&& argument) {
    arguments[left - 1] = std::move(argument.value);
    return native(n, left - 1, env, in, arguments, sink);
  });
}

bool Evaluate::substitute(const Node& n, const EnvRef& env, Item& in, const Sink& sink) {
  return values(n.a, env, in, [&](Item&& regex) {
    return values(n.c, env, in, [&](Item&& flags) { return substituted(n, regex.value, flags.value, env, in, sink); });
  });
}

// Every output of the replacement has a text of its own: the n-th one takes the n-th outputs at every match.
bool Evaluate::substituted(const Node& n, const Val& regex, const Val& flags, const EnvRef& env, Item& in,
                           const Sink& sink) {
  const auto matches = find_matches(run_, in.value, regex, flags, false, false);
  if (!matches) return false;
  if (matches->empty()) return emit(in.value, in, sink);
  const std::string_view text = in.value.text();
  std::vector<Val> results;
  std::size_t previous = 0;
  for (const Match& match : *matches) {
    Val captures = run_.map();
    if (captures.absent()) return false;
    for (const Match::Place& place : match.places) {
      if (!place.name) continue;
      Val string = place.from < 0 ? Val::null()
                                  : run_.text(text.substr(static_cast<std::size_t>(place.from),
                                                          static_cast<std::size_t>(place.to - place.from)));
      if (string.absent() || !run_.put(captures, run_.text(*place.name), std::move(string))) return false;
    }
    const auto from = static_cast<std::size_t>(match.places[0].from);
    const std::string_view gap = text.substr(previous, from - previous);
    std::size_t nth = 0;
    const bool more = run_.each(n.b, env, Item{std::move(captures), Path()}, [&](Item&& insert) -> bool {
      if (nth == results.size()) results.emplace_back(run_.text(""));
      Val& result = results[nth++];
      if (result.absent()) return false;
      if (insert.value.is_null()) return run_.append_text(result, gap);
      if (!insert.value.is_string()) {
        const Val before = run_.text(gap);
        return before.absent()
                   ? false
                   : (run_.fail(described(before) + " and " + described(insert.value) + " cannot be added"), false);
      }
      return run_.append_text(result, gap) && run_.append_text(result, insert.value.text());
    });
    if (!more) return false;
    previous = static_cast<std::size_t>(match.places[0].to);
  }
  if (results.empty()) return emit(in.value, in, sink);
  for (Val& result : results) {
    if (!run_.append_text(result, text.substr(previous)) || !emit(std::move(result), in, sink)) return false;
  }
  return true;
}

}  // namespace baton::json::jq
