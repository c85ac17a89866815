#include "app/deployments.h"

#include <algorithm>
#include <utility>

#include "analysis/project.h"
#include "app/append.h"
#include "base/assert.h"
#include "baton/log.h"
#include "event/event.h"
#include "role/matching.h"
#include "role/roles.h"

namespace baton::app {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::size_t kReadBytes = 1u << 20;
constexpr std::size_t kActivatedAtOnce =
    4096;  // deploy events, of some hundred bytes each: far less than a commit takes

std::string_view name_of(flow::Strategy strategy) {
  return strategy == flow::Strategy::orchestration ? "orchestration" : "choreography";
}

std::optional<flow::Strategy> strategy_of(const Value* value) {
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get_string() == "orchestration" ? flow::Strategy::orchestration : flow::Strategy::choreography;
}

Value to_json(const std::vector<SourceDocument>& documents, std::optional<flow::Strategy> strategy) {
  Array list;
  for (const SourceDocument& d : documents) list.push_back(Object{{"name", d.name}, {"text", d.text}});
  const Value strategy_json = strategy ? Value(name_of(*strategy)) : Value(nullptr);
  return Object{{"deployment", Object{{"strategy", strategy_json}, {"documents", std::move(list)}}}};
}

std::vector<SourceDocument> documents_of(const Value& deployment) {
  std::vector<SourceDocument> documents;
  const Value* list = json::find(deployment, "/documents");
  if (list == nullptr || !list->is_array()) return documents;
  for (const Value& d : list->get_array()) {
    const Value* name = json::find(d, "/name");
    const Value* text = json::find(d, "/text");
    if (name == nullptr || text == nullptr || !name->is_string() || !text->is_string()) continue;
    documents.push_back({std::string(name->get_string()), std::string(text->get_string())});
  }
  return documents;
}

// A reference is looked up among the documents of the deployment, by its name or the last part of it.
flow::Load loader(const std::vector<SourceDocument>& documents) {
  return [&documents](const std::string& reference) -> Result<std::string> {
    const auto base = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
    for (const SourceDocument& d : documents) {
      if (d.name == reference || base(d.name) == base(reference)) return d.text;
    }
    return not_found("'" + reference + "' is not among the deployed documents: give it to the same deploy command");
  };
}

flow::Diagnostic problem(std::string file, std::string what, std::string remedy) {
  return {"BTN-D001", flow::Severity::error, std::move(file), 0, 0, "", std::move(what), std::move(remedy)};
}

// The same document under the other strategy is another program, so it gets another version: with the strategy as
// semantic-version build metadata.
std::shared_ptr<const flow::Program> apart(std::shared_ptr<const flow::Program> program,
                                           const role::Registry& registry) {
  const role::Deployed* former = registry.find(program->full_name(), program->version);
  if (former == nullptr || former->program->strategy == program->strategy) return program;
  flow::Program other = *program;
  other.version += other.version.find('+') == std::string::npos ? '+' : '.';
  other.version += name_of(other.strategy);
  return std::make_shared<const flow::Program>(std::move(other));
}

}  // namespace

struct Deployments::Compiled {
  role::Registry registry;  // the former one and what this deployment adds
  DeployResult result;
  bool adds = false;                      // something that the former one has not
  std::set<const SourceDocument*> known;  // flows that the former one has
};

Deployments::Deployments(log::Log& log, role::Catalog& catalog, const Clock& clock, std::int32_t partitions,
                         const Retention& retention)
    : log_(log), catalog_(catalog), clock_(clock), partitions_(partitions), retention_(retention) {}

Result<Deployments::Compiled> Deployments::compile(const std::vector<SourceDocument>& documents,
                                                   std::optional<flow::Strategy> strategy) const {
  Compiled compiled;
  compiled.registry = catalog_.snapshot().copy();
  flow::Diagnostics& diagnostics = compiled.result.diagnostics;
  bool anything = false;
  for (const SourceDocument& d : documents) {
    if (flow::kind_of(d.text) != flow::DocumentKind::contract) continue;
    anything = true;
    auto contract = flow::read_contract(d.text, d.name, loader(documents), diagnostics);
    if (contract == nullptr) continue;
    const bool known = compiled.registry.contracts.find(contract->service, contract->version) != nullptr;
    if (auto added = compiled.registry.contracts.add(contract); !added) {
      diagnostics.push_back(
          problem(d.name, added.error_text(), "raise info.version: a deployed contract does not change"));
      continue;
    }
    compiled.adds = compiled.adds || !known;
    compiled.result.contracts.push_back(std::move(contract));
  }
  for (const SourceDocument& d : documents) {
    if (flow::kind_of(d.text) != flow::DocumentKind::flow) continue;
    anything = true;
    auto program = flow::compile(d.text, d.name, compiled.registry.contracts, {strategy}, diagnostics);
    if (program == nullptr) continue;
    const role::Deployed* former = compiled.registry.find(program->full_name(), program->version);
    if (former != nullptr && !json::equal(former->program->document.value(), program->document.value())) {
      diagnostics.push_back(
          problem(d.name, program->full_name() + " " + program->version + " is deployed already, with other content",
                  "raise document.version: running instances stay on the version they started with"));
      continue;
    }
    program = apart(std::move(program), compiled.registry);
    former = compiled.registry.find(program->full_name(), program->version);
    if (former != nullptr) program = former->program;
    compiled.adds = compiled.adds || former == nullptr;
    if (former != nullptr) compiled.known.insert(&d);
    role::Deployed deployed{program, {}};
    for (const std::string& service : analysis::services(*program)) {
      BATON_TRY(const analysis::View view, analysis::project(*program, service));
      deployed.views.emplace(service, view.slice);
    }
    compiled.registry.flows.insert_or_assign({program->full_name(), program->version}, std::move(deployed));
    compiled.result.flows.push_back(std::move(program));
  }
  if (!anything) {
    const std::string file = documents.empty() ? "" : documents.front().name;
    diagnostics.push_back(problem(file, "there is no flow and no contract among the documents",
                                  "a flow has `document.dsl`, a contract has `asyncapi`"));
  }
  return compiled;
}

Result<void> Deployments::open_topics(const Compiled& compiled) {
  const auto open = [&](const std::string& name) -> Result<void> {
    if (name.empty() || log_.find_topic(name)) return {};
    BATON_TRY([[maybe_unused]] const log::Topic topic, log_.open_topic({.name = name,
                                                                        .partitions = partitions_,
                                                                        .retention_ms = retention_.records_ms,
                                                                        .retention_bytes = retention_.records_bytes}));
    return {};
  };
  for (const auto& contract : compiled.result.contracts) {
    for (const flow::Operation& operation : contract->operations) {
      BATON_CHECK(open(operation.request.topic));  // of what it receives, or publishes
      for (const flow::Message& reply : operation.replies) BATON_CHECK(open(reply.topic));
    }
    BATON_CHECK(open(contract->service + ".dead-letters"));
  }
  for (const auto& program : compiled.result.flows) BATON_CHECK(open(program->home_topic));
  return {};
}

Result<log::Offset> Deployments::record(const std::vector<SourceDocument>& documents,
                                        std::optional<flow::Strategy> strategy) {
  log::Commit commit;
  commit.appends.push_back(
      {{topic_.id, log::PartitionId(0)}, {"", "", json::print(to_json(documents, strategy)), clock_.now()}});
  BATON_TRY(const log::Accepted accepted, log_.submit(std::move(commit)));
  log_.await(accepted.position);
  return accepted.offsets.front();
}

Result<void> Deployments::activate(const Flows& flows, log::Offset deployment) {
  log::Commit commit;
  for (const auto& program : flows) {
    const auto home = log_.find_topic(program->home_topic);
    BATON_ASSERT(home.has_value());
    event::Event e;
    e.id = "deploy-" + std::to_string(deployment.value) + "-" + program->full_name() + "-" + program->version;
    e.source = "/baton/deployments";
    e.type = "io.baton.flow.deployed.v1";
    e.time = clock_.now();
    e.kind = "deploy";
    e.flowname = program->full_name();
    e.flowversion = program->version;
    for (std::int32_t p = 0; p < home->spec.partitions; ++p) {
      commit.appends.push_back(append_of(*home, log::PartitionId(p), e, e.time));
      if (commit.appends.size() < kActivatedAtOnce) continue;
      // Said before the deployment is marked as activated: what a crash cuts off is said again, and tells nothing new.
      BATON_TRY([[maybe_unused]] const log::Accepted some, log_.submit(std::exchange(commit, {})));
    }
  }
  const Value done = Object{{"activated", deployment.value}};
  commit.appends.push_back({{topic_.id, log::PartitionId(0)}, {"", "", json::print(done), clock_.now()}});
  BATON_TRY(const log::Accepted accepted, log_.submit(std::move(commit)));
  log_.await(accepted.position);
  return {};
}

bool Deployments::trimmed(const flow::Program& program) const {
  const auto home = log_.find_topic(program.home_topic);
  BATON_ASSERT(home.has_value());
  for (std::int32_t p = 0; p < home->spec.partitions; ++p) {
    if (log_.first({home->id, log::PartitionId(p)}).value > 0) return true;
  }
  return false;
}

void Deployments::set_active(const Flows& flows) {
  const std::lock_guard lock(active_mutex_);
  for (const auto& program : flows) active_.insert_or_assign(program->full_name(), program->version);
}

bool Deployments::deployed(const Compiled& compiled) const {
  if (compiled.adds) return false;
  std::map<std::string, std::string> after;
  for (const auto& program : compiled.result.flows) after.insert_or_assign(program->full_name(), program->version);
  return std::ranges::all_of(after, [&](const auto& one) { return active_version(one.first) == one.second; });
}

Result<std::vector<Deployments::Loaded>> Deployments::read_all(std::set<log::Offset>& activated) {
  const log::TopicPartition from{topic_.id, log::PartitionId(0)};
  std::vector<Loaded> loaded;
  for (log::Offset at = log_.first(from); at < log_.end(from, log::Isolation::durable);) {
    BATON_TRY(const log::Batch batch, log_.read(from, at, kReadBytes, log::Isolation::durable));
    if (batch.gap) {
      write_log(LogLevel::error, "baton",
                "deployments at offsets " + std::to_string(at.value) + " to " +
                    std::to_string(batch.gap->to.value - 1) + " are lost (" + batch.gap->why +
                    "): deploy again what was in them");
    }
    for (const log::RecordView& r : batch.records) {
      BATON_TRY(const Value value, json::parse(r.value));
      if (const Value* done = json::find(value, "/activated")) {
        if (done->is_int64()) activated.insert(log::Offset(done->get_int64()));
        continue;
      }
      const Value* deployment = json::find(value, "/deployment");
      if (deployment == nullptr)
        return Error{Code::corrupt,
                     "baton.deployments, offset " + std::to_string(r.offset.value) + ": not a deployment"};
      BATON_TRY(Compiled compiled,
                compile(documents_of(*deployment), strategy_of(json::find(*deployment, "/strategy"))));
      if (!compiled.result.accepted()) {
        return within("a deployed document no longer compiles",
                      invalid(flow::to_text(compiled.result.diagnostics.front())));
      }
      BATON_CHECK(open_topics(compiled));
      catalog_.replace(std::make_shared<const role::Registry>(std::move(compiled.registry)));
      set_active(compiled.result.flows);
      loaded.push_back({r.offset, std::move(compiled.result.flows)});
    }
    at = batch.next;
  }
  return loaded;
}

/// The latest deployment of a flow decides: only its deploy event may be the last that the home topic gets.
Result<void> Deployments::activate_again(const std::vector<Loaded>& loaded, const std::set<log::Offset>& activated) {
  std::set<std::string> decided;
  for (auto one = loaded.rbegin(); one != loaded.rend(); ++one) {
    const bool cut_off = !activated.contains(one->offset);
    Flows again;
    for (auto program = one->flows.rbegin(); program != one->flows.rend(); ++program) {
      if (!decided.insert((*program)->full_name()).second) continue;
      if (cut_off || trimmed(**program)) again.push_back(*program);
    }
    if (cut_off || !again.empty()) BATON_CHECK(activate(again, one->offset));
  }
  return {};
}

Result<void> Deployments::load() {
  for (const log::Topic& topic : log_.topics()) {
    if (topic.spec.name != kTopic) partitions_ = topic.spec.partitions;
  }
  BATON_TRY(topic_, log_.open_topic({.name = kTopic, .partitions = 1, .retention_ms = 0}));
  BATON_TRY([[maybe_unused]] const log::Topic matching,
            log_.open_topic({.name = std::string(role::kMatchingTopic), .partitions = partitions_}));
  std::set<log::Offset> activated;
  BATON_TRY(const std::vector<Loaded> loaded, read_all(activated));
  return activate_again(loaded, activated);
}

Result<DeployResult> Deployments::deploy(const std::vector<SourceDocument>& documents,
                                         std::optional<flow::Strategy> strategy, Known known) {
  const std::lock_guard lock(deploying_);
  BATON_TRY(Compiled compiled, compile(documents, strategy));
  if (!compiled.result.accepted() || deployed(compiled)) return std::move(compiled.result);
  if (known == Known::stay && !compiled.known.empty()) {
    if (!compiled.adds) return std::move(compiled.result);
    std::vector<SourceDocument> others;  // the record has them only: who reads it activates all that it has
    for (const SourceDocument& d : documents) {
      if (!compiled.known.contains(&d)) others.push_back(d);
    }
    BATON_TRY(Compiled added, compile(others, strategy));
    BATON_CHECK(record_and_activate(std::move(added), others, strategy));
    return std::move(compiled.result);
  }
  DeployResult result = compiled.result;
  BATON_CHECK(record_and_activate(std::move(compiled), documents, strategy));
  return result;
}

Result<void> Deployments::record_and_activate(Compiled compiled, const std::vector<SourceDocument>& documents,
                                              std::optional<flow::Strategy> strategy) {
  BATON_CHECK(open_topics(compiled));
  BATON_TRY(const log::Offset offset, record(documents, strategy));
  catalog_.replace(std::make_shared<const role::Registry>(std::move(compiled.registry)));
  BATON_CHECK(activate(compiled.result.flows, offset));
  set_active(compiled.result.flows);
  return {};
}

std::string Deployments::active_version(std::string_view flow) const {
  const std::lock_guard lock(active_mutex_);
  const auto found = active_.find(flow);
  return found == active_.end() ? "" : found->second;
}

std::set<std::string> Deployments::home_topics() const {
  std::set<std::string> topics;
  const auto registry = catalog_.snapshot();
  for (const auto& [key, deployed] : registry->flows) topics.insert(deployed.program->home_topic);
  return topics;
}

std::set<std::string> Deployments::event_topics() const {
  std::set<std::string> topics = home_topics();
  const auto registry = catalog_.snapshot();
  for (const auto& contract : registry->contracts.all()) {
    for (const flow::Operation& operation : contract->operations) {
      if (!operation.receives) topics.insert(operation.request.topic);
      for (const flow::Message& reply : operation.replies) topics.insert(reply.topic);
    }
  }
  topics.erase("");
  return topics;
}

std::set<std::string> Deployments::unowned_timer_topics() const {
  std::set<std::string> topics;
  const auto registry = catalog_.snapshot();
  for (const auto& [key, deployed] : registry->flows) {
    if (role::needs_timekeeper(*deployed.program)) topics.insert(deployed.program->home_topic);
  }
  return topics;
}

std::set<std::string> Deployments::orchestrated_topics() const {
  std::set<std::string> topics;
  const auto registry = catalog_.snapshot();
  for (const auto& [key, deployed] : registry->flows) {
    if (deployed.program->orchestrated()) topics.insert(deployed.program->home_topic);
  }
  return topics;
}

std::set<std::string> Deployments::choreographed_topics(std::string_view service) const {
  std::set<std::string> topics;
  const auto registry = catalog_.snapshot();
  for (const auto& [key, deployed] : registry->flows) {
    if (deployed.views.contains(service)) topics.insert(deployed.program->home_topic);
  }
  return topics;
}

std::set<std::string> Deployments::command_topics(std::string_view service) const {
  std::set<std::string> topics;
  const auto registry = catalog_.snapshot();
  for (const auto& contract : registry->contracts.all()) {
    if (contract->service != service) continue;
    for (const flow::Operation& operation : contract->operations) {
      if (operation.receives) topics.insert(operation.request.topic);
    }
  }
  return topics;
}

}  // namespace baton::app
