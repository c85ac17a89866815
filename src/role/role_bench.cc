// What a v4 loan flow costs each role, without log and runner: events are decoded already, state is in a map.
#include <benchmark/benchmark.h>

#include "base/testing/source_dir.h"
#include "engine/testing/loan.h"
#include "role/fold.h"
#include "role/roles.h"
#include "role/testing/bare_context.h"
#include "role/testing/world.h"

namespace baton::role {
namespace {

const auto kInverseRate = benchmark::Counter::kIsRate | benchmark::Counter::kInvert;
constexpr int kTogether = 64;  ///< flows under way at once: one round takes in one event of each

struct Loans {
  explicit Loans(flow::Strategy strategy) : program(engine::testing::loan_program(source_dir(), strategy)) {
    auto registry = std::make_shared<Registry>();
    Deployed deployed{program, {}};
    for (const char* service : {"credit", "criminal-activity", "email", "offer", "profile"}) {
      deployed.views.emplace(service, testing::whole_view(*program, service));
    }
    registry->flows[{program->full_name(), program->version}] = deployed;
    catalog.replace(registry);
  }

  /// events[i]: the i-th event of every flow.
  std::vector<std::vector<event::Event>> events(std::uint64_t round) const {
    std::vector<std::vector<event::Event>> out;
    for (int i = 0; i < kTogether; ++i) {
      const std::string id = "L-" + std::to_string(round) + "-" + std::to_string(i);
      std::vector<event::Event> all{engine::testing::loan_requested(id)};
      for (event::Event& event : engine::testing::loan_results(*program, id, false)) all.push_back(std::move(event));
      out.resize(all.size());
      for (std::size_t k = 0; k < all.size(); ++k) out[k].push_back(std::move(all[k]));
    }
    return out;
  }

  Catalog catalog;
  std::shared_ptr<const flow::Program> program;
};

/// Processor: a stream::Processor, or a bare Fold.
template <class Processor>
void run(benchmark::State& state, const Loans& loans, Processor& processor) {
  testing::BareContext context;
  context.time = Instant(1'700'000'000'000);
  processor.restore(context);
  event::Event deploy = testing::World::outside("io.baton.flow.deployed.v1", "", "null", "d");
  deploy.kind = "deploy";
  deploy.flowname = loans.program->full_name();
  deploy.flowversion = loans.program->version;
  processor.on_event({{}, loans.program->home_topic, log::Offset(0), deploy}, context);
  std::uint64_t round = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto events = loans.events(++round);
    context.jobs.clear();
    state.ResumeTiming();
    for (const auto& together : events) {
      for (const event::Event& event : together)
        processor.on_event({{}, loans.program->home_topic, log::Offset(0), event}, context);
      processor.flush(context);
    }
  }
  const auto flows = static_cast<double>(round * kTogether);
  const auto events = static_cast<double>(loans.events(0).size());
  state.SetItemsProcessed(state.iterations() * kTogether);
  state.counters["per_flow"] = benchmark::Counter(flows, kInverseRate);
  state.counters["per_event"] = benchmark::Counter(flows * events, kInverseRate);
  state.counters["keys_per_flow"] = static_cast<double>(context.size()) / flows;
}

/// Acts on nothing and keeps nothing: what all roles pay.
void BM_Fold(benchmark::State& state) {
  class Nothing final : public Folder {
    void stepped(Live&, const event::Event&, engine::Taken, bool, const engine::Effects&, stream::Context&) override {}
  } nothing;
  const Loans loans(flow::Strategy::choreography);
  Fold fold(loans.catalog, [](const Deployed& deployed) { return deployed.program; }, nothing, {});
  run(state, loans, fold);
}
BENCHMARK(BM_Fold);

void BM_Monitor(benchmark::State& state) {
  const Loans loans(flow::Strategy::choreography);
  run(state, loans, *monitor(loans.catalog, {"loans"}).make(log::PartitionId(0)));
}
BENCHMARK(BM_Monitor);

void BM_Orchestrator(benchmark::State& state) {
  const Loans loans(flow::Strategy::orchestration);
  run(state, loans, *orchestrator(loans.catalog, {"loans"}).make(log::PartitionId(0)));
}
BENCHMARK(BM_Orchestrator);

/// One participant with the whole flow as its view: what a view saves is not in here.
void BM_Participant(benchmark::State& state) {
  const Loans loans(flow::Strategy::choreography);
  ServiceHandlers handlers;
  handlers.service = "offer";
  run(state, loans, *participant(loans.catalog, handlers, {}, {"loans"}).make(log::PartitionId(0)));
}
BENCHMARK(BM_Participant);

}  // namespace
}  // namespace baton::role
