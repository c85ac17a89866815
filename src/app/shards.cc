#include "app/shards.h"

namespace baton::app {
namespace {
constexpr Millis kIdleMost = 1000;

stream::RunnerOptions options_of(std::size_t shard, std::size_t shards, Troubles& troubles) {
  stream::RunnerOptions options;
  options.shard = shard;
  options.shards = shards;
  options.on_error = [&troubles](const Error& error) { troubles.tell(error.text, error.text); };
  options.on_malformed = [&troubles](std::string_view topic, log::PartitionId partition, log::Offset offset,
                                     const Error& error) {
    const std::string where = std::string(topic) + "/" + std::to_string(partition.value);
    troubles.tell("malformed " + where, where + ", offset " + std::to_string(offset.value) +
                                            ": the record is no event and was passed over: " + error.text);
  };
  return options;
}

template <class Count>
std::size_t sum_of(const std::vector<std::unique_ptr<stream::Runner>>& runners, Count count) {
  std::size_t sum = 0;
  for (const auto& runner : runners) sum += count(*runner);
  return sum;
}

}  // namespace

Shards::Shards(log::Log& log, const Clock& clock, stream::Executor& executor, Troubles& troubles, std::size_t count,
               std::function<void()> beat)
    : clock_(clock), beat_(std::move(beat)) {
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) {
    runners_.push_back(std::make_unique<stream::Runner>(log, clock, executor, options_of(i, count, troubles)));
  }
}

Shards::~Shards() {
  stop();
}

void Shards::add(const stream::ProcessorSpec& spec) {
  for (auto& runner : runners_) runner->add(spec);
}

void Shards::start() {
  for (auto& runner : runners_) threads_.emplace_back([this, &runner] { drive(*runner, runner == runners_.front()); });
}

void Shards::stop() {
  stopping_ = true;
  for (auto& runner : runners_) runner->wake();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Shards::drive(stream::Runner& runner, bool first) const {
  Instant beaten = clock_.now();
  while (!stopping_) {
    if (runner.step() == 0) runner.idle(kIdleMost);
    if (!first || !beat_ || clock_.now() - beaten < kIdleMost) continue;
    beaten = clock_.now();
    beat_();
  }
}

std::size_t Shards::fenced() const {
  return sum_of(runners_, [](const stream::Runner& runner) { return runner.fenced(); });
}

std::size_t Shards::stuck() const {
  return sum_of(runners_, [](const stream::Runner& runner) { return runner.stuck(); });
}

stream::RunnerStats Shards::stats() const {
  stream::RunnerStats sum;
  for (const auto& runner : runners_) {
    const stream::RunnerStats s = runner->stats();
    sum.events += s.events;
    sum.timers += s.timers;
    sum.outcomes += s.outcomes;
    sum.commits += s.commits;
    sum.jobs += s.jobs;
    sum.malformed += s.malformed;
    sum.set_aside += s.set_aside;
  }
  return sum;
}

}  // namespace baton::app
