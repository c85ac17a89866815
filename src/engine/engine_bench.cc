// The life of a loan, version 4, as one role sees it: begin, five results, and the state encoded after each.
#include <benchmark/benchmark.h>

#include "base/testing/source_dir.h"
#include "engine/engine.h"
#include "engine/testing/loan.h"

namespace baton::engine {
namespace {

std::shared_ptr<const flow::Program> program() {
  static const auto compiled = testing::loan_program(source_dir(), flow::Strategy::choreography);
  return compiled;
}

/// Events as a role reads them: their data is text that nobody has parsed.
event::Event as_read(const event::Event& event) {
  event::Event copy = event;
  copy.data = json::Data::from_text(std::string(event.data.text()));
  return copy;
}

void BM_LifeOfALoan(benchmark::State& state) {
  const event::Event request = testing::loan_requested("i-1");
  const std::vector<event::Event> results = testing::loan_results(*program(), "i-1", false);
  std::size_t bytes = 0;
  Effects effects;
  for (auto _ : state) {
    effects.clear();
    Instance instance = begin(*program(), as_read(request), effects);
    bytes += encode(instance).size();
    for (const event::Event& result : results) {
      effects.clear();
      advance(*program(), instance, as_read(result), effects);
      bytes += encode(instance).size();
    }
    if (instance.status != Status::completed) state.SkipWithError("the loan did not complete");
  }
  state.counters["bytes_per_event"] = benchmark::Counter(
      static_cast<double>(bytes) / static_cast<double>(results.size() + 1), benchmark::Counter::kAvgIterations);
}
BENCHMARK(BM_LifeOfALoan);

/// The same, when the state is read from its bytes before each event.
void BM_LifeOfALoanFromBytes(benchmark::State& state) {
  const event::Event request = testing::loan_requested("i-1");
  const std::vector<event::Event> results = testing::loan_results(*program(), "i-1", false);
  Effects effects;
  for (auto _ : state) {
    effects.clear();
    std::string bytes = encode(begin(*program(), as_read(request), effects));
    for (const event::Event& result : results) {
      effects.clear();
      Instance instance = *decode(bytes);
      advance(*program(), instance, as_read(result), effects);
      bytes = encode(instance);
    }
    benchmark::DoNotOptimize(bytes);
  }
}
BENCHMARK(BM_LifeOfALoanFromBytes);

Instance waiting_loan() {
  Effects effects;
  Instance instance = begin(*program(), testing::loan_requested("i-1"), effects);
  advance(*program(), instance, testing::loan_results(*program(), "i-1", false)[0], effects);
  return instance;
}

void BM_Encode(benchmark::State& state) {
  const Instance instance = waiting_loan();
  for (auto _ : state) benchmark::DoNotOptimize(encode(instance));
  state.counters["bytes"] = static_cast<double>(encode(instance).size());
}
BENCHMARK(BM_Encode);

void BM_Decode(benchmark::State& state) {
  const std::string bytes = encode(waiting_loan());
  for (auto _ : state) benchmark::DoNotOptimize(decode(bytes));
}
BENCHMARK(BM_Decode);

void BM_Begin(benchmark::State& state) {
  const event::Event request = testing::loan_requested("i-1");
  Effects effects;
  for (auto _ : state) {
    effects.clear();
    benchmark::DoNotOptimize(begin(*program(), as_read(request), effects));
  }
}
BENCHMARK(BM_Begin);

}  // namespace
}  // namespace baton::engine
