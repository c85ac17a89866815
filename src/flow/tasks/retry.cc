#include <algorithm>

#include "flow/codes.h"
#include "flow/compiler.h"

namespace baton::flow {
namespace {

void read_backoff(const Node& node, Retry& out) {
  if (!node.expect_map()) return;
  node.only({"constant", "linear", "exponential"});
  const auto members = node.members();
  if (members.size() != 1) {
    node.error(code::kBadValue, "backoff must name exactly one kind, found " + std::to_string(members.size()),
               "Write one of: constant: {}, linear: {}, exponential: {}.");
    return;
  }
  if (members[0].name == "linear") out.backoff = Retry::Backoff::linear;
  if (members[0].name == "exponential") out.backoff = Retry::Backoff::exponential;
  if (members[0].node.expect_map()) members[0].node.open({});
}

void read_limit(const Node& node, const Scope& scope, Retry& out) {
  if (!node.expect_map()) return;
  node.only({"attempt", "duration"});
  if (const auto duration = node.find("duration")) out.duration = read_duration(*duration, Place::in_task, scope);
  const auto attempt = node.find("attempt");
  if (!attempt || !attempt->expect_map()) return;
  attempt->only({"count", "duration"});
  if (const auto duration = attempt->find("duration"))
    out.attempt_duration = read_duration(*duration, Place::in_task, scope);
  const auto count = attempt->find("count");
  const auto number = count ? count->integer() : std::nullopt;
  if (!number) return;
  if (*number < 0 || *number > 1'000'000) {
    count->error(code::kBadValue, "the number of retries can't be " + std::to_string(*number),
                 "Give 0 to 1,000,000; 5 means one execution and five more.");
    return;
  }
  out.attempts_max = static_cast<int>(*number);
}

void read_jitter(const Node& node, const Scope& scope, Retry& out) {
  const auto from = node.require("from");
  const auto to = node.require("to");
  if (!from || !to) return;
  node.only({"from", "to"});
  auto least = read_duration(*from, Place::in_task, scope);
  auto most = read_duration(*to, Place::in_task, scope);
  if (!least || !most) return;
  if (!least->expression && !most->expression && least->ms > most->ms) {
    node.error(code::kDuration, "the jitter's `from` is longer than its `to`", "Swap them.");
  }
  out.jitter_from = *std::move(least);
  out.jitter_to = *std::move(most);
}

}  // namespace

std::optional<Retry> read_retry(Compiler& c, const Node& node, const Scope& scope) {
  if (node.is_text()) {
    const std::string name = *node.text();
    const auto found = c.retries.find(name);
    if (found == c.retries.end()) {
      node.error(
          code::kUnknownName,
          "there is no retry policy " + quote(name) + " in use.retries" + did_you_mean(name, names_of(c.retries)),
          "Define it there, or write the policy here.");
      return std::nullopt;
    }
    c.called.insert("retry " + name);
    if (!found->second.expect_map()) return std::nullopt;
    return read_retry(c, found->second, scope);
  }
  if (!node.expect_map()) return std::nullopt;
  node.only({"when", "exceptWhen", "delay", "backoff", "limit", "jitter"});
  Retry out;
  if (const auto when = node.find("when")) out.when = read_expression(*when, Place::in_task, scope);
  if (const auto except = node.find("exceptWhen")) out.except_when = read_expression(*except, Place::in_task, scope);
  if (const auto delay = node.find("delay"))
    out.delay = read_duration(*delay, Place::in_task, scope).value_or(Duration{});
  if (const auto backoff = node.find("backoff")) read_backoff(*backoff, out);
  if (const auto limit = node.find("limit")) read_limit(*limit, scope, out);
  if (const auto jitter = node.find("jitter")) read_jitter(*jitter, scope, out);
  return out;
}

}  // namespace baton::flow
