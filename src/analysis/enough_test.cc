// Views are enough: on generated flows and logs, a service acts under its view exactly as it would under the whole
// flow.
#include <gtest/gtest.h>

#include <cstdlib>

#include "analysis/project.h"
#include "analysis/shape.h"
#include "base/hash.h"
#include "engine/engine.h"
#include "flow/testing/fixture.h"

namespace baton::analysis {
namespace {

/// Draws from a seed: the same everywhere.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(mix(seed)) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>((state_ = mix(state_)) % n); }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }

 private:
  std::uint64_t state_;
};

/// Flows of every shape that has a rule of its own. Expressions bear any input: what differs is who knows what.
class Flows {
 public:
  explicit Flows(Draw& draw) : draw_(draw) {}
  std::string text() {
    return flow::testing::flow_text(list(2, 2),
                                    "schedule:\n  on:\n    one:\n      with: { type: com.example.cart.filled.v1 }\n"
                                    "input:\n  from: '.[0].data?'\n");
  }

 private:
  std::string list(std::size_t indent, std::size_t depth) {
    std::string out;
    const std::size_t n = 1 + draw_.below(4);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < n; ++i) names.push_back("t" + std::to_string(++count_));
    for (std::size_t i = 0; i < n; ++i) out += task(indent, depth, names[i], i + 1 < n ? &names : nullptr, i);
    return out;
  }

  std::string task(std::size_t indent, std::size_t depth, const std::string& name,
                   const std::vector<std::string>* list_names, std::size_t at) {
    const std::string pad(indent + 4, ' ');
    std::string out = std::string(indent, ' ') + "- " + name + ":\n";
    const std::size_t kind = draw_.below(depth > 0 ? 13 : 10);
    if (kind < 6) {
      out += pad + "call: " + std::string(kCalls[draw_.below(4)]) + ":1.0.0@default\n" + pad + "with: { v: '${ " +
             read() + " }' }\n";
    } else if (kind == 6) {
      out += pad + "set: { x: '${ " + read() + " }', ok: true }\n";
    } else if (kind == 7 && list_names != nullptr) {
      const std::string_view ways[] = {"end", "exit", "continue"};
      std::string way(ways[draw_.below(3)]);
      if (draw_.chance(4)) way = (*list_names)[at + 1 + draw_.below(list_names->size() - at - 1)];
      out += pad + "switch: [ { c: { when: '" + read() + " == 2', then: " + way + " } } ]\n";
    } else if (kind <= 8) {
      out += pad + "emit: { event: { with: { type: com.example.said." + name + ".v1, source: /test, data: { v: '${ " +
             read() + " }' } } } }\n" + pad + "metadata: { participant: " + std::string(kServices[draw_.below(3)]) +
             " }\n";
    } else if (kind == 9) {
      out += pad + "listen: { to: { any: [ { with: { type: com.example.outside." + name + ".v1 } } ] } }\n";
    } else if (kind == 10) {
      out += pad + "fork:\n" + pad + "  branches:\n";
      for (std::size_t i = 0, n = 1 + draw_.below(3); i < n; ++i) {
        out += task(indent + 8, depth - 1, "b" + std::to_string(++count_), nullptr, 0);
      }
    } else {
      out += pad + "do:\n" + list(indent + 6, depth - 1);
    }
    if (draw_.chance(5)) out += pad + "if: '" + read() + " != 3'\n";
    if (draw_.chance(6)) out += pad + "input: { from: '{ x: " + read() + " }' }\n";
    if (draw_.chance(6)) out += pad + "output: { as: '{ x: " + variable() + ", y: 1 }' }\n";
    if (!in_fork(indent) && draw_.chance(6)) out += pad + "export: { as: '{ k: .x? }' }\n";
    return out;
  }

  /// In branches exports race: which one stands is refused by the compiler.
  static bool in_fork(std::size_t indent) { return indent > 2; }

  std::string read() { return draw_.chance(3) ? variable() : std::string(draw_.chance(3) ? "(.ok?)" : "(.x?)"); }
  std::string variable() {
    const std::string_view all[] = {"($input.x?)", "($context.k?)", "($workflow.input | length)", "(.x?)",
                                    "($task.name)"};
    return std::string(all[draw_.below(5)]);
  }

  static constexpr std::string_view kCalls[] = {"order.place", "payment.charge", "email.send", "log.write"};
  static constexpr std::string_view kServices[] = {"order", "payment", "email"};
  Draw& draw_;
  int count_ = 0;
};

/// One service's acts, in order.
using Acts = std::vector<std::string>;

void add_acts(Acts& acts, const flow::Program& program, const std::string& service, const engine::Effects& effects) {
  for (const engine::Effect& effect : effects) {
    if (const auto* perform = std::get_if<engine::Perform>(&effect)) {
      if (!analysis::acts(program.task(perform->task), service)) continue;
      acts.push_back("perform " + engine::to_string(perform->occurrence) + " " + std::string(perform->request.text()));
    } else if (const auto* emit = std::get_if<engine::Emit>(&effect)) {
      if (!analysis::acts(program.task(emit->task), service)) continue;
      acts.push_back("emit " + emit->event.id + " " + std::string(emit->event.data.text()));
    }
  }
}

Acts fold(const flow::Program& program, const std::string& service, const std::vector<event::Event>& log) {
  Acts acts;
  std::optional<engine::Instance> instance;
  for (const event::Event& event : log) {
    if (program.slice && !program.slice->types.contains(event.type) && !program.slice->types.contains("*")) continue;
    engine::Effects effects;
    if (instance) {
      static_cast<void>(engine::advance(program, *instance, event, effects));
    } else if (engine::starts(program, event)) {
      instance = engine::begin(program, event, effects);
    }
    add_acts(acts, program, service, effects);
  }
  return acts;
}

/// A log of the flow: results come in any order that their performs allow, some of them twice, a few never; what comes
/// from outside comes at any time.
std::vector<event::Event> log_of(const flow::Program& program, Draw& draw) {
  std::vector<event::Event> log;
  std::vector<event::Event> open;
  Instant now(1'700'000'000'000);
  const auto make = [&](std::string id, std::string type, json::Value data) {
    event::Event event;
    event.id = std::move(id);
    event.source = "/test";
    event.type = std::move(type);
    event.correlationid = "I-1";
    event.flowname = program.full_name();
    event.flowversion = program.version;
    event.data = json::Data::from_value(std::move(data));
    return event;
  };
  engine::Effects effects;
  const auto answer = [&] {
    for (const engine::Effect& effect : effects) {
      if (const auto* emit = std::get_if<engine::Emit>(&effect)) open.push_back(emit->event);
      const auto* perform = std::get_if<engine::Perform>(&effect);
      if (perform == nullptr) continue;
      const auto& call = std::get<flow::Call>(program.task(perform->task).body);
      if (call.reply_types.empty() || draw.chance(20)) continue;
      const std::uint64_t x = draw.below(4);
      open.push_back(make(engine::derived_id({program.full_name(), "I-1"}, perform->occurrence.pointer,
                                             perform->occurrence.iteration, "result"),
                          call.reply_types.front(), json::Object{{"x", x}, {"ok", draw.chance(2)}}));
      open.back().flowtask = engine::to_string(perform->occurrence);
    }
    effects.clear();
  };
  log.push_back(make("start", "com.example.cart.filled.v1", json::Object{{"x", draw.below(4)}, {"ok", true}}));
  log.back().time = now;
  engine::Instance instance = engine::begin(program, log.back(), effects);
  answer();
  for (const flow::Task& task : program.tasks) {
    const auto* listen = std::get_if<flow::Listen>(&task.body);
    if (listen == nullptr || draw.chance(8)) continue;
    const std::string& type = listen->to.filters.front().type;
    open.push_back(make("outside " + type, type, json::Object{{"x", draw.below(4)}}));
    open.back().flowname.clear();
    open.back().flowversion.clear();
  }
  for (int steps = 0; !open.empty() && steps < 100; ++steps) {
    const std::size_t i = draw.below(open.size());
    event::Event event = open[i];
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
    event.time = now = now + 10;
    log.push_back(event);
    static_cast<void>(engine::advance(program, instance, event, effects));
    answer();
    if (draw.chance(4)) open.push_back(log[draw.below(log.size())]);
  }
  return log;
}

TEST(Views, AreEnough) {
  const char* given = std::getenv("BATON_SEED");
  const char* fresh = std::getenv("BATON_FIRST_SEED");
  const char* from = given == nullptr ? fresh : given;
  const std::uint64_t first = from == nullptr ? 1 : std::strtoull(from, nullptr, 10);
  const std::uint64_t last = given == nullptr ? first + 999 : first;
  std::size_t compiled = 0;
  std::size_t acts_seen = 0;
  std::size_t cut = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    Draw draw(seed);
    const std::string text = Flows(draw).text();
    const auto flow = flow::testing::compile_text(text);
    if (flow.program == nullptr) continue;
    ++compiled;
    for (const View& view : project_all(*flow.program)) {
      cut += view.whole ? 0u : 1u;
      for (int round = 0; round < 3; ++round) {
        const std::vector<event::Event> log = log_of(*flow.program, draw);
        const Acts whole = fold(*flow.program, view.service, log);
        acts_seen += whole.size();
        ASSERT_EQ(fold(*view.slice, view.service, log), whole) << "BATON_SEED=" << seed << "\n"
                                                               << text << to_text(view);
      }
    }
  }
  if (given != nullptr) return;
  EXPECT_GT(compiled, 300u);
  EXPECT_GT(acts_seen, 2'000u);
  EXPECT_GT(cut, 300u);
}

}  // namespace
}  // namespace baton::analysis
