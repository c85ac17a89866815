#include "role/monitor/why.h"

#include <algorithm>

#include "flow/nature.h"
#include "json/number.h"
#include "role/evidence.h"
#include "role/keys.h"
#include "role/monitor/stores.h"
#include "role/programs.h"
#include "role/settled.h"

namespace baton::role {
namespace {

using Why = WaitingFor::Why;

std::string join(const std::vector<std::string>& parts, std::string_view glue) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += glue;
    out += part;
  }
  return out;
}

/// How far a group has come in one partition.
struct Progress {
  bool passed = false;  ///< it has read everything up to `since`
  log::Offset at, end;
};

/// A group that is behind has passed the trigger nonetheless if what it reads next is newer.
std::optional<Progress> progress(const log::Log& log, const std::string& group, const std::string& topic,
                                 log::PartitionId partition, Instant since) {
  const auto found = log.find_topic(topic);
  if (!found) return std::nullopt;
  const log::TopicPartition from{found->id, partition};
  Progress out;
  out.end = log.end(from, log::Isolation::accepted);
  const auto consumed = log.consumed({group, partition});
  const auto at = consumed.find(from);
  out.at = at == consumed.end() ? log.first(from) : at->second;
  out.passed = out.at >= out.end;
  if (out.passed) return out;
  const auto next = log.read(from, out.at, 1, log::Isolation::accepted);
  out.passed = next && !next->records.empty() && next->records.front().time > since;
  return out;
}

class Judge {
 public:
  Judge(const log::Log& log, const Catalog& catalog, const MonitorRecord& record, log::PartitionId partition)
      : log_(log), catalog_(catalog), program_(*record.program), instance_(*record.instance), partition_(partition) {}

  std::vector<WaitingFor> all() const {
    std::vector<WaitingFor> out;
    const std::vector<engine::Waiting> waiting = engine::waiting(program_, instance_);
    for (const engine::Waiting& one : waiting) {
      if (one.what == engine::Waiting::For::branches && !one.due) continue;
      out.push_back(judge(one));
    }
    if (instance_.status == engine::Status::suspended) return suspended(std::move(out));
    if (instance_.status == engine::Status::pending) return {pending_start()};
    if (std::ranges::all_of(waiting, [&](const engine::Waiting& one) { return hopeless(one); }))
      return never(std::move(out));
    return out;
  }

 private:
  WaitingFor judge(const engine::Waiting& one) const {
    const flow::Task& task = program_.task(one.task);
    WaitingFor out;
    out.task = task.pointer;
    out.name = task.name;
    out.since = one.since;
    out.types = one.types;
    out.due = one.due;
    using For = engine::Waiting::For;
    if (one.what == For::reply) judge_call(task, one, out);
    if (one.what == For::event) judge_listen(*flow::heard(task), one, out);
    if (one.what == For::timer || one.what == For::retry || one.what == For::branches) judge_timer(task, one, out);
    return out;
  }

  void judge_listen(const flow::Events& heard, const engine::Waiting& one, WaitingFor& out) const {
    const bool all = heard.mode == flow::Events::Mode::all;
    std::vector<std::string> types = one.types;
    std::ranges::replace(types, std::string(), std::string("any event"));
    out.text = "waiting for " + (types.empty() ? "any event" : join(types, all ? " and " : " or ")) + " with " +
               key_of_listen(one) + " since " + to_rfc3339(one.since);
    if (one.due) out.text += ", at most until " + to_rfc3339(*one.due);
  }

  /// What tells the event that it waits for from others of its type.
  std::string key_of_listen(const engine::Waiting& one) const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : engine::awaited_keys(program_, instance_, one)) keys.push_back(key + " = " + value);
    return keys.empty() ? "correlationid " + instance_.id.correlation : join(keys, ", ");
  }

  void judge_timer(const flow::Task& task, const engine::Waiting& one, WaitingFor& out) const {
    const bool served = task.timekeeper.kind == flow::Actor::Kind::service;
    out.why = Why::timer;
    out.actor = task.timekeeper.kind == flow::Actor::Kind::orchestrator ? "orchestrator" : task.timekeeper.service;
    const bool retry = one.what == engine::Waiting::For::retry;
    out.text = retry ? "waiting to try again, retry " + std::to_string(one.occurrence.attempt) + most(task) : "waiting";
    if (one.due) out.text += (retry ? ", until " : " until ") + to_rfc3339(*one.due);
    if (retry) tell_fault(one, out);
    if (!served || catalog_.runs(out.actor)) return;
    out.why = Why::down;
    out.text += "; " + out.actor + ", which keeps the time, does not run here";
  }

  /// " of 5", where the retries are counted.
  static std::string most(const flow::Task& task) {
    const auto& retry = std::get<flow::Try>(task.body).retry;
    return retry && retry->attempts_max ? " of " + std::to_string(*retry->attempts_max) : "";
  }

  static void tell_fault(const engine::Waiting& one, WaitingFor& out) {
    const json::Value* detail = json::find(one.last_fault.value(), "/detail");
    const json::Value* title = json::find(one.last_fault.value(), "/title");
    const json::Value* text = detail != nullptr && json::is_string(*detail) ? detail : title;
    if (text != nullptr && json::is_string(*text)) out.last_error = std::string(text->get_string());
    if (!out.last_error.empty()) out.text += "; last error: " + out.last_error;
  }

  void judge_call(const flow::Task& task, const engine::Waiting& one, WaitingFor& out) const {
    const auto& call = std::get<flow::Call>(task.body);
    out.actor = call.service;
    out.text = "waiting for " + join(one.types, " or ") + " from " + call.service + " since " + to_rfc3339(one.since);
    if (one.due) out.text += ", at most until " + to_rfc3339(*one.due);
    out.text += "; " + hop(task, call, one, out);
  }

  /// Which hop the matter is at: the trigger, the service, the result.
  std::string hop(const flow::Task& task, const flow::Call& call, const engine::Waiting& one, WaitingFor& out) const {
    const std::string id = call_id(instance_.id, one.occurrence);
    const auto store = StoreReader::open(log_, call.service, partition_);
    const bool runs = catalog_.runs(call.service);
    if (store) {
      if (const auto bytes = store->get(key_of(kPendingKey, id))) return pending(call, read_pending(*bytes), runs, out);
    }
    const bool commanded = task.actor.kind == flow::Actor::Kind::orchestrator;
    const std::string& topic = commanded ? call.command_topic : program_.home_topic;
    const auto reached = progress(log_, call.service, topic, partition_, one.since);
    out.why = runs ? Why::not_consumed : Why::down;
    const std::string who = "not consumed yet: " + call.service + (runs ? "" : " does not run here,");
    if (!store || !reached) return "not consumed yet: " + call.service + " has never run here";
    if (!reached->passed) {
      return who + (runs ? "'s" : " its") + " group is at offset " + std::to_string(reached->at.value) + " of " +
             std::to_string(reached->end.value) + " in " + topic + "/" + std::to_string(partition_.value);
    }
    if (commanded && !store->get(key_of(kMarkKey, id)) && !sent(one)) {
      out.why = Why::not_consumed;
      return "the orchestrator has not sent the command yet";
    }
    out.why = Why::no_result;
    return call.service +
           " has consumed its trigger and nothing came: the result was lost, or the operation was given up (see " +
           call.service + ".dead-letters)";
  }

  /// The orchestrator sends commands a moment after the event that makes them due; it too may be behind.
  bool sent(const engine::Waiting& one) const {
    const auto reached = progress(log_, "orchestrator", program_.home_topic, partition_, one.since);
    return reached && reached->passed;
  }

  static std::string pending(const flow::Call& call, const PendingEvidence& found, bool runs, WaitingFor& out) {
    out.attempt = static_cast<int>(found.failures) + (found.retry_at == Instant(0) ? 1 : 0);
    out.last_error = found.last_error;
    out.why = found.retry_at == Instant(0) ? Why::pending : Why::retrying;
    std::string text = "pending at " + call.service + ", attempt " + std::to_string(found.failures + 1);
    if (found.attempts_max != 0) text += " of " + std::to_string(found.attempts_max);
    if (found.retry_at != Instant(0)) {
      out.due = found.retry_at;
      text += ", next at " + to_rfc3339(found.retry_at);
    }
    if (!found.last_error.empty()) text += ", last error: " + found.last_error;
    if (runs) return text;
    out.why = Why::down;
    return text + "; " + call.service + " does not run here, and goes on once it does";
  }

  /// A listen for nothing but replies of this flow's calls, none of which is under way.
  bool hopeless(const engine::Waiting& one) const {
    if (one.what == engine::Waiting::For::branches) return !one.due;
    if (one.what != engine::Waiting::For::event || one.due) return false;
    if (!instance_.timers.empty()) return false;
    const bool emits = std::ranges::any_of(program_.tasks, [](const flow::Task& task) {
      const flow::Nature n = flow::nature(task);
      return n.service.empty() && !n.publishes.empty();
    });
    return !emits && std::ranges::all_of(one.types, [&](const std::string& type) { return is_reply(program_, type); });
  }

  static std::vector<WaitingFor> never(std::vector<WaitingFor> out) {
    if (out.empty()) out.emplace_back();
    for (WaitingFor& one : out) {
      one.why = Why::never;
      one.text = (one.text.empty() ? "it waits for nothing" : one.text) + "; nothing will ever wake it";
    }
    return out;
  }

  static std::vector<WaitingFor> suspended(std::vector<WaitingFor> out) {
    if (out.empty()) out.emplace_back();
    for (WaitingFor& one : out) one.text = "suspended until it is resumed" + (one.text.empty() ? "" : "; " + one.text);
    return out;
  }

  WaitingFor pending_start() const {
    WaitingFor out;
    out.since = instance_.started_at;
    for (const flow::Filter& filter : program_.start ? program_.start->filters : std::vector<flow::Filter>{})
      out.types.push_back(filter.type);
    out.text = "waiting for all events that start it: " + join(out.types, ", ");
    return out;
  }

  const log::Log& log_;
  const Catalog& catalog_;
  const flow::Program& program_;
  const engine::Instance& instance_;
  const log::PartitionId partition_;
};

}  // namespace

std::vector<WaitingFor> why(const log::Log& log, const Catalog& catalog, const MonitorRecord& record,
                            log::PartitionId partition) {
  if (!record.instance || record.program == nullptr || engine::ended(record.instance->status)) return {};
  return Judge(log, catalog, record, partition).all();
}

}  // namespace baton::role
