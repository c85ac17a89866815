#include "engine/testing/fixture.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/assert.h"
#include "flow/testing/fixture.h"

namespace baton::engine::testing {
namespace {

std::string phase_name(Moved::Phase phase) {
  constexpr const char* kNames[] = {"started", "skipped", "waiting", "retried", "completed", "faulted", "cancelled"};
  return kNames[static_cast<std::size_t>(phase)];
}

std::string with_data(std::string text, const json::Data& data) {
  if (!data.is_null()) text += " " + std::string(data.text());
  return text;
}

struct Describe {
  const flow::Program& program;
  Instant now;
  std::string name(flow::TaskId id) const { return id == flow::kNoTask ? "flow" : program.task(id).name; }
  std::string operator()(const Perform& e) const { return with_data("perform " + name(e.task), e.request); }
  std::string operator()(const Refuse& e) const { return "refuse " + name(e.task); }
  std::string operator()(const Emit& e) const { return with_data("emit " + e.event.type, e.event.data); }
  std::string operator()(const Arm& e) const { return "arm " + name(e.task) + " " + std::to_string(e.due - now); }
  std::string operator()(const Disarm& e) const { return "disarm " + name(e.task); }
  std::string operator()(const Subscribe& e) const {
    return with_data("subscribe " + name(e.task) + " " + std::to_string(e.filter) + (e.key.empty() ? "" : " " + e.key.substr(0, e.key.rfind('#'))),
                     e.terms);
  }
  std::string operator()(const Unsubscribe& e) const { return "unsubscribe " + name(e.task) + " " + std::to_string(e.filter); }
  std::string operator()(const Abandon& e) const { return "abandon " + name(e.task); }
  std::string operator()(const Moved& e) const { return with_data(phase_name(e.phase) + " " + name(e.task), e.data); }
  std::string operator()(const Ended& e) const {
    return with_data("ended " + std::string(to_string(e.status)), e.data);
  }
};

}  // namespace

std::string to_text(const flow::Program& program, const Effects& effects, Instant now) {
  std::string text;
  for (const Effect& effect : effects) text += std::visit(Describe{program, now}, effect) + "\n";
  return text;
}

flow::Contracts contracts() {
  using flow::testing::contract_text;
  return flow::testing::contracts_of({contract_text("credit", "check", "checked"),
                                      contract_text("email", "send", "sent"), contract_text("log", "write", "")});
}

std::shared_ptr<const flow::Program> compile_or_abort(const std::string& text, const std::string& file,
                                                      const flow::Contracts& known, flow::Strategy strategy) {
  flow::Diagnostics diagnostics;
  auto program = flow::compile(text, file, known, {strategy}, diagnostics);
  for (const auto& one : diagnostics) {
    if (program == nullptr) std::fprintf(stderr, "%s\n", flow::to_text(one).c_str());
  }
  BATON_ASSERT(program != nullptr);
  return program;
}

std::shared_ptr<const flow::Program> program_of(const std::string& tasks, const std::string& more,
                                                flow::Strategy strategy) {
  return compile_or_abort(flow::testing::flow_text(tasks, more), "flow.yaml", contracts(), strategy);
}

Play& Play::start(std::string_view input) {
  event::Event start = event("io.baton.flow.start.v1", input);
  start.kind = "start";
  start.flowname = program_->full_name();
  start.flowversion = program_->version;
  begin_with(start);
  return *this;
}

void Play::begin_with(const event::Event& event) {
  BATON_ASSERT(starts(*program_, event));
  effects_.clear();
  instance_ = begin(*program_, event, effects_);
  Effects again;
  const Instance twin = begin(*program_, event, again);
  BATON_ASSERT(encode(twin) == encode(instance_));
  BATON_ASSERT(to_text(*program_, again, now_) == text());
  note();
  refuse(event);
}

void Play::refuse(const event::Event& cause) {
  std::vector<event::Event> refusals;
  for (const Effect& effect : effects_) {
    if (const auto* one = std::get_if<Refuse>(&effect))
      refusals.push_back(refusal_event(*program_, instance_, *one, cause));
  }
  for (const event::Event& one : refusals) {
    const Effects before = effects_;
    step(one);
    effects_.insert(effects_.begin(), before.begin(), before.end());
  }
}

Taken Play::step(const event::Event& event) {
  const Taken taken = one_step(event);
  Effects all = effects_;
  for (auto early = post_.next(*program_, instance_); !early.empty(); early = post_.next(*program_, instance_)) {
    for (const event::Event& delivery : early) {
      one_step(delivery);
      all.insert(all.end(), effects_.begin(), effects_.end());
    }
  }
  effects_ = std::move(all);
  return taken;
}

Taken Play::one_step(const event::Event& event) {
  const std::string before = encode(instance_);
  auto twin = decode(before);
  BATON_ASSERT(twin.has_value());
  BATON_ASSERT(encode(*twin) == before);
  effects_.clear();
  const Taken taken = advance(*program_, instance_, event, effects_);
  Effects again;
  BATON_ASSERT(advance(*program_, *twin, event, again) == taken);
  BATON_ASSERT(encode(*twin) == encode(instance_));
  BATON_ASSERT(to_text(*program_, again, now_) == text());
  note();
  refuse(event);
  return taken;
}

event::Event Play::event(const std::string& type, std::string_view data, const std::string& id) {
  event::Event event;
  event.id = id.empty() ? "e" + std::to_string(++events_) : id;
  event.source = "/test";
  event.type = type;
  event.time = now_;
  event.correlationid = "i-1";
  event.data = json::Data::from_text(std::string(data));
  return event;
}

Taken Play::happens(const std::string& type, std::string_view data, const std::string& id) {
  return happens(event(type, data, id));
}

Taken Play::happens(const event::Event& one) {
  if (!Post::concerns(*program_, one.type)) return step(one);
  if (!post_.is_new(one)) return Taken::orphan;
  Taken taken = Post::ahead(*program_, instance_, one.type) ? Taken::kept : Taken::orphan;
  for (const event::Event& delivery : Post::bring(*program_, instance_, one)) {
    if (step(delivery) == Taken::used) taken = Taken::used;
  }
  if (taken == Taken::kept) post_.keep(one);
  return taken;
}

event::Event Play::result_of(const std::string& name, std::string_view data, std::uint32_t iteration) {
  const flow::Task& one = task(name);
  const auto& call = std::get<flow::Call>(one.body);
  event::Event result = event(call.reply_types.at(0), data);
  result.source = kServiceSource + call.service;
  result.flowname = program_->full_name();
  result.flowversion = program_->version;
  result.flowtask = to_string(Occurrence{one.pointer, iteration, 0});
  return result;
}

Taken Play::reply(const std::string& name, std::string_view data, std::uint32_t iteration) {
  return step(result_of(name, data, iteration));
}

Taken Play::fail(const std::string& name, std::string_view problem, std::uint32_t iteration) {
  event::Event fault = result_of(name, problem, iteration);
  fault.kind = "fault";
  fault.type = "io.baton.call.failed.v1";
  return step(fault);
}

Taken Play::control(const std::string& action) {
  event::Event one = event("io.baton.flow.control.v1", R"({"action":")" + action + R"("})");
  one.kind = "control";
  return step(one);
}

Taken Play::fire() {
  const auto& timers = instance_.timers;
  const auto first = std::min_element(timers.begin(), timers.end(),
                                      [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
  if (first == timers.end()) return Taken::orphan;
  now_ = std::max(now_, first->second.due);
  return step(timer_event(*program_, instance_.id.correlation, first->second.task, first->first, first->second.due));
}

const flow::Task& Play::task(const std::string& name) const {
  const auto& tasks = program_->tasks;
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const flow::Task& t) { return t.name == name; });
  BATON_ASSERT(found != tasks.end());
  return *found;
}

void Play::note() {
  for (const Effect& effect : effects_) {
    const auto* moved = std::get_if<Moved>(&effect);
    if (moved == nullptr || moved->phase != Moved::Phase::started) continue;
    if (!started_.empty()) started_ += ' ';
    started_ += program_->task(moved->task).name;
  }
}

}  // namespace baton::engine::testing
