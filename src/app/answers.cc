#include "app/answers.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace baton::app {
namespace {

using Kind = role::TimelineEntry::Kind;

std::string name_of(flow::Strategy strategy) {
  return strategy == flow::Strategy::orchestration ? "orchestration" : "choreography";
}

void count(api::FlowInfo& info, engine::Status status, std::int64_t instances) {
  const auto n = static_cast<std::uint64_t>(std::max<std::int64_t>(0, instances));
  switch (status) {
    case engine::Status::completed:
      info.completed += n;
      break;
    case engine::Status::faulted:
      info.faulted += n;
      break;
    case engine::Status::cancelled:
      info.cancelled += n;
      break;
    default:
      info.running += n;
  }
}

std::string kind_of(Kind kind) {
  switch (kind) {
    case Kind::event:
      return "event";
    case Kind::task:
      return "task";
    case Kind::command:
      return "command";
    case Kind::emit:
      return "emit";
    case Kind::timer:
      return "timer";
    case Kind::ended:
      return "ended";
    case Kind::gap:
      return "gap";
  }
  return "";
}

std::string what_of(const role::TimelineEntry& e) {
  switch (e.kind) {
    case Kind::event:
      return e.event_type + (e.taken == "orphan" ? " (nobody waits for it)"
                             : e.taken == "kept" ? " (early, kept)"
                             : e.taken == "full" ? " (early, and too many are kept)"
                                                 : "");
    case Kind::command:
      return (e.actor == "orchestrator" ? "command " : "performs ") + e.event_type;
    case Kind::emit:
      return "emit " + e.event_type;
    case Kind::timer:
      return e.due ? "timer until " + to_rfc3339(*e.due) : "timer";
    case Kind::ended:
      return "the flow has ended: " + e.phase;
    case Kind::task:
      return e.phase + (e.reason.empty() ? "" : ": " + e.reason);
    case Kind::gap:
      return std::to_string(e.left_out) + " earlier steps are left out";
  }
  return "";
}

api::Step step_of(const role::TimelineEntry& e) {
  api::Step step;
  step.kind = kind_of(e.kind);
  step.at = e.time;
  step.task = e.task;
  step.name = e.name;
  step.iteration = e.iteration;
  step.attempt = e.attempt;
  step.phase = e.phase;
  step.what = what_of(e);
  step.by = e.actor;
  if (auto data = json::parse(e.data); data && !e.data.empty()) step.data = *std::move(data);
  return step;
}

api::Reason reason_of(const role::WaitingFor& w) {
  api::Reason reason{w.task, w.name, w.text, w.actor, w.since, w.due, w.types, nullptr};
  if (!w.last_error.empty()) reason.fault = json::Object{{"detail", w.last_error}};
  return reason;
}

std::uint64_t take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc() ? number : std::numeric_limits<std::uint64_t>::max();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Numbers count as numbers: 1.10.0 is newer than 1.9.0, and 1.0.0 than 1.0.0-rc.2 (semver.org, 11).
bool is_newer(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::uint64_t x = take_number(a), y = take_number(b);
      if (x != y) return x > y;
    } else {
      if (a.front() != b.front()) return a.front() > b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.empty() ? b.starts_with('-') : !a.starts_with('-');
}

api::InstanceDetail detail_of_one(const role::Shown& shown) {
  api::InstanceDetail detail;
  detail.summary = summary_of(shown.summary);
  const bool faulted = shown.summary.status == engine::Status::faulted;
  detail.input = shown.input.value();
  (faulted ? detail.fault : detail.output) = shown.outcome.value();
  for (const role::TimelineEntry& e : shown.timeline) detail.timeline.push_back(step_of(e));
  detail.cut = std::ranges::any_of(shown.timeline, [](const auto& e) { return e.kind == Kind::gap; });
  for (const role::WaitingFor& w : shown.waiting) detail.why.push_back(reason_of(w));
  return detail;
}

}  // namespace

api::FlowInfo flow_info(const flow::Program& program) {
  api::FlowInfo info;
  info.flow = program.full_name();
  info.version = program.version;
  info.title = program.title;
  info.strategy = name_of(program.strategy);
  return info;
}

std::vector<api::FlowInfo> flow_infos(const role::Registry& registry, const Deployments& deployments,
                                      const std::vector<role::Count>& counts) {
  std::vector<api::FlowInfo> infos;
  for (const auto& [key, deployed] : registry.flows) {
    api::FlowInfo info = flow_info(*deployed.program);
    info.active = deployments.active_version(info.flow) == info.version;
    for (const role::Count& c : counts) {
      if (c.flow == info.flow && c.version == info.version) count(info, c.status, c.instances);
    }
    infos.push_back(std::move(info));
  }
  std::ranges::stable_sort(infos, [](const auto& a, const auto& b) {
    return a.flow != b.flow ? a.flow < b.flow : is_newer(a.version, b.version);
  });
  return infos;
}

api::ContractInfo contract_info(const flow::Contract& contract) {
  auto document = json::parse(contract.source_text);
  return {contract.service, contract.version, contract.description,
          document ? *std::move(document) : json::Value(nullptr)};
}

api::InstanceSummary summary_of(const role::Summary& s) {
  return {
      s.id,    s.flow, s.version, name_of(s.strategy), std::string(engine::to_string(s.status)), s.started, s.updated,
      s.ended, s.at,   s.reason};
}

Result<api::InstanceDetail> detail_of(const std::vector<role::Shown>& all, const std::string& flow) {
  const auto chosen =
      std::ranges::find_if(all, [&](const role::Shown& s) { return flow.empty() || s.summary.flow == flow; });
  if (chosen == all.end())
    return not_found("flow '" + flow + "' has no instance '" + all.front().summary.id +
                     "': " + all.front().summary.flow + " has");
  api::InstanceDetail detail = detail_of_one(*chosen);
  for (const role::Shown& other : all) {
    if (other.summary.flow != chosen->summary.flow) detail.also.push_back(other.summary.flow);
  }
  return detail;
}

Result<std::vector<engine::Status>> statuses_of(std::string_view name) {
  using engine::Status;
  if (name.empty()) return std::vector<Status>{};
  for (const Status s : {Status::pending, Status::running, Status::waiting, Status::suspended, Status::cancelled,
                         Status::faulted, Status::completed}) {
    if (engine::to_string(s) == name) return std::vector<Status>{s};
  }
  return invalid("'" + std::string(name) +
                 "' is no status: use pending, running, waiting, suspended, completed, faulted or cancelled");
}

}  // namespace baton::app
