#include "app/backend.h"

#include <algorithm>
#include <utility>

#include "analysis/project.h"
#include "app/answers.h"
#include "app/follow.h"
#include "app/publisher.h"
#include "role/monitor_query.h"

namespace baton::app {
namespace {

constexpr std::size_t kRequestThreads = 2;

class Watching final : public api::Subscription {
 public:
  Watching(log::Log& log, std::function<void()> wake) : log_(log), id_(log.watch(std::move(wake))) {}
  ~Watching() override { log_.unwatch(id_); }

 private:
  log::Log& log_;
  std::uint64_t id_;
};

std::vector<api::Receipt> to_api(const std::vector<Receipt>& receipts) {
  std::vector<api::Receipt> out;
  for (const Receipt& r : receipts) out.push_back({r.id, r.correlationid, r.refused});
  return out;
}

Result<std::optional<flow::Strategy>> to_strategy(const std::optional<std::string>& name) {
  if (!name) return std::optional<flow::Strategy>();
  if (*name == "orchestration") return std::optional(flow::Strategy::orchestration);
  if (*name == "choreography") return std::optional(flow::Strategy::choreography);
  return invalid("'" + *name + "' is no strategy: use orchestration or choreography");
}

class NodeBackend final : public api::Backend {
 public:
  explicit NodeBackend(Node& node) : node_(node), requests_(stream::make_thread_pool(kRequestThreads)) {}

  void publish(std::vector<event::Event> events, api::Done<std::vector<api::Receipt>> done) override {
    node_.intake().publish(std::move(events), [done = std::move(done)](Result<std::vector<Receipt>> receipts) {
      if (!receipts) return done(receipts.error());
      done(to_api(*receipts));
    });
  }

  void deploy(std::vector<api::Document> documents, std::optional<std::string> strategy,
              api::Done<api::Deployment> done) override {
    later(std::move(done), [this, documents = std::move(documents), strategy]() -> Result<api::Deployment> {
      BATON_TRY(const auto chosen, to_strategy(strategy));
      std::vector<SourceDocument> sources;
      for (const api::Document& d : documents) sources.push_back({d.name, d.text});
      BATON_TRY(const DeployResult result, node_.deploy(sources, chosen));
      api::Deployment deployment;
      deployment.accepted = result.accepted();
      deployment.diagnostics = flow::to_json(result.diagnostics);
      for (const auto& program : result.flows) {
        deployment.flows.push_back(flow_info(*program));
        deployment.flows.back().active = result.accepted();
      }
      for (const auto& contract : result.contracts) deployment.contracts.push_back(contract_info(*contract));
      return deployment;
    });
  }

  void flows(api::Done<std::vector<api::FlowInfo>> done) override {
    later(std::move(done), [this]() -> Result<std::vector<api::FlowInfo>> {
      const auto registry = node_.catalog().snapshot();
      return flow_infos(*registry, node_.deployments(), role::count_instances(node_.log()));
    });
  }

  void contracts(api::Done<std::vector<api::ContractInfo>> done) override {
    std::vector<api::ContractInfo> infos;
    const auto registry = node_.catalog().snapshot();
    for (const auto& contract : registry->contracts.all()) infos.push_back(contract_info(*contract));
    done(std::move(infos));
  }

  void orphans(api::OrphanFilter filter, api::Done<std::vector<api::OrphanInfo>> done) override {
    later(std::move(done), [this, filter = std::move(filter)]() -> Result<std::vector<api::OrphanInfo>> {
      std::vector<api::OrphanInfo> out;
      for (role::Orphan& o : role::orphans(node_.log(), {filter.type, filter.flow, filter.limit})) {
        out.push_back({o.time, std::move(o.event_id), std::move(o.source), std::move(o.event_type),
                       std::move(o.correlation_id), std::move(o.flow), std::move(o.reason)});
      }
      return out;
    });
  }

  void project(std::string flow, std::string version, std::string service,
               api::Done<std::vector<api::View>> done) override {
    later(std::move(done), [this, flow, version, service]() -> Result<std::vector<api::View>> {
      const std::string chosen = version.empty() ? node_.deployments().active_version(flow) : version;
      const auto registry = node_.catalog().snapshot();
      const role::Deployed* deployed = registry->find(flow, chosen);
      if (deployed == nullptr)
        return not_found("there is no flow '" + flow + "'" + (version.empty() ? "" : " in version " + version));
      std::vector<analysis::View> views;
      if (service.empty()) {
        views = analysis::project_all(*deployed->program);
      } else {
        BATON_TRY(analysis::View view, analysis::project(*deployed->program, service));
        views.push_back(std::move(view));
      }
      std::vector<api::View> out;
      for (const analysis::View& view : views)
        out.push_back({view.service, analysis::to_text(view), analysis::to_json(view)});
      return out;
    });
  }

  void start(api::StartRequest request, api::Done<api::Started> done) override {
    if (!request.id) return begin(std::move(request), std::move(done));
    requests_->submit([this, request = std::move(request), done = std::move(done)] {  // looking it up reads the disk
      if (role::show_instance(node_.log(), node_.catalog(), *request.id))
        return done(Error{Code::conflict, "there is an instance '" + *request.id + "' already"});
      begin(request, done);
    });
  }

  void instances(api::InstanceFilter filter, api::Done<api::InstancePage> done) override {
    later(std::move(done), [this, filter = std::move(filter)]() -> Result<api::InstancePage> {
      BATON_TRY(auto statuses, statuses_of(filter.status));
      BATON_TRY(const role::ListPage page, role::list_instances(node_.log(), node_.catalog(),
                                                                {filter.flow, filter.version, std::move(statuses),
                                                                 filter.from, filter.to, filter.limit, filter.cursor}));
      api::InstancePage out;
      out.age.behind = node_.monitor_age().behind;
      for (const role::Summary& s : page.instances) out.instances.push_back(summary_of(s));
      out.next = page.next;
      return out;
    });
  }

  void instance(std::string id, std::string flow, api::Done<api::InstanceDetail> done) override {
    later(std::move(done), [this, id = std::move(id), flow = std::move(flow)]() -> Result<api::InstanceDetail> {
      const Node::MonitorAge age = node_.monitor_age();  // before looking: what it is behind by then, it may lack
      const auto shown = role::show_instance(node_.log(), node_.catalog(), id);
      if (!shown && shown.error().code == Code::not_found && !age.caught_up) {
        return Error{Code::busy, "there is no instance '" + id + "' that the monitor knows of, but it still reads: " +
                                     std::to_string(age.behind) + " records are before it"};
      }
      if (!shown) return shown.error();
      BATON_TRY(api::InstanceDetail detail, detail_of(*shown, flow));
      detail.age.behind = age.behind;
      return detail;
    });
  }

  void poll(std::string cursor, api::FollowFilter filter, std::size_t max, api::Done<api::FollowPage> done) override {
    later(std::move(done),
          [this, cursor = std::move(cursor), filter = std::move(filter), max]() -> Result<api::FollowPage> {
            const bool ended = has_ended(filter.correlationid);
            if (ended) await_all_of(filter.correlationid);  // what it had published until then is read below
            const log::Position until = node_.log().durable();
            const auto topics = node_.deployments().event_topics();
            BATON_TRY(Cursor from, cursor_of(cursor, topics, until));
            BATON_TRY(FollowPage page, follow(node_.log(), topics, until, std::move(from),
                                              {filter.type, filter.correlationid, filter.flow}, max));
            api::FollowPage out;
            for (Followed& f : page.events)
              out.events.push_back({std::move(f.cursor), std::move(f.type), std::move(f.json)});
            out.next = page.next.text();
            out.cursor = page.place.text();
            out.more = page.more;
            out.gap = page.gap;
            out.lost = std::move(page.lost);
            out.ended = ended && !page.more;
            return out;
          });
  }

  std::unique_ptr<api::Subscription> subscribe(std::function<void()> wake) override {
    return std::make_unique<Watching>(node_.log(), std::move(wake));
  }

  api::Health health() override {
    const std::size_t fenced = node_.shards().fenced();
    const std::size_t stuck = node_.shards().stuck();
    const std::uint64_t malformed = node_.shards().stats().malformed;
    api::Health health;
    const Node::MonitorAge age = node_.monitor_age();
    const bool running = fenced == 0 && stuck == 0;
    const std::vector<std::string> damage =
        node_.local_log() == nullptr ? std::vector<std::string>() : node_.local_log()->damage();
    health.ready = running && damage.empty() && age.caught_up;
    health.checks.push_back({"log", damage.empty(),
                             "durable up to " + std::to_string(node_.log().durable().value) +
                                 (damage.empty() ? "" : "; damaged: " + damage.front())});
    health.checks.push_back({"monitor", age.caught_up,
                             std::to_string(age.behind) + " records behind" +
                                 (age.caught_up ? "" : ": it reads what it has not seen since the last checkpoint")});
    health.checks.push_back(
        {"clock", true, "the machine's clock is " + std::to_string(node_.clock().drift()) + " ms ahead"});
    health.checks.push_back(
        {"set aside", true, std::to_string(node_.shards().stats().set_aside) + " inputs since the start"});
    health.checks.push_back({"shards", running,
                             std::to_string(node_.shards().size()) + " running; stores: " + std::to_string(fenced) +
                                 " lost to another owner, " + std::to_string(stuck) +
                                 " stuck (the log lines say why)"});
    health.checks.push_back({"records", true, std::to_string(malformed) + " passed over that are no events"});
    return health;
  }

  std::vector<api::Door> doors() override {
    return doors_of(node_.services(), node_.intake(), node_.clock(), *requests_);
  }

 private:
  void begin(api::StartRequest request, api::Done<api::Started> done) {
    StartCommand command{request.flow, request.version.value_or(node_.deployments().active_version(request.flow)),
                         json::Data::from_text(std::move(request.input)), request.id.value_or("")};
    api::Started started{"", command.flow, command.version};
    node_.intake().start(std::move(command),
                         [done = std::move(done), started = std::move(started)](Result<std::string> id) mutable {
                           if (!id) return done(id.error());
                           started.id = *std::move(id);
                           done(std::move(started));
                         });
  }

  // Answers from a thread that may read the disk.
  template <class T, class Work>
  void later(api::Done<T> done, Work work) {
    requests_->submit([done = std::move(done), work = std::move(work)] { done(work()); });
  }

  /// What a client kept, or what the page before said.
  Result<Cursor> cursor_of(const std::string& text, const std::set<std::string>& topics, log::Position until) const {
    if (text == api::kFollowFromNow) return cursor_now(node_.log(), topics, until);
    if (text == api::kFollowFromStart) return Cursor();
    if (const auto place = Place::parse(text)) return cursor_at(node_.log(), topics, *place);
    return Cursor::parse(text);
  }

  /// The monitor knows of events before they are durable.
  void await_all_of(const std::string& id) const {
    for (const std::string& name : node_.deployments().event_topics()) {
      const auto topic = node_.log().find_topic(name);
      if (!topic) continue;
      const log::TopicPartition from{topic->id, log::partition_of(id, topic->spec.partitions)};
      const log::Offset end = node_.log().end(from, log::Isolation::accepted);
      if (end <= node_.log().end(from, log::Isolation::durable)) continue;
      const auto last = node_.log().read(from, end.plus(-1), 1, log::Isolation::accepted);
      if (last) node_.log().await(last->position);
    }
  }

  bool has_ended(const std::string& id) const {
    if (id.empty()) return false;
    const auto shown = role::show_instance(node_.log(), node_.catalog(), id);
    return shown && std::ranges::all_of(*shown, [](const role::Shown& s) { return engine::ended(s.summary.status); });
  }

  Node& node_;
  std::unique_ptr<stream::Executor> requests_;
};

}  // namespace

std::unique_ptr<api::Backend> make_backend(Node& node) {
  return std::make_unique<NodeBackend>(node);
}

}  // namespace baton::app
