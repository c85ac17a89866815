#include "app/shards.h"

namespace baton::app {
namespace {
constexpr Millis kIdleMost = 1000;
}

Shards::Shards(log::Log& log, const Clock& clock, stream::Executor& executor, std::size_t count) {
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) {
    stream::RunnerOptions options;
    options.shard = i;
    options.shards = count;
    runners_.push_back(std::make_unique<stream::Runner>(log, clock, executor, options));
  }
}

Shards::~Shards() {
  stop();
}

void Shards::add(const stream::ProcessorSpec& spec) {
  for (auto& runner : runners_) runner->add(spec);
}

void Shards::start() {
  for (auto& runner : runners_) threads_.emplace_back([this, &runner] { drive(*runner); });
}

void Shards::stop() {
  stopping_ = true;
  for (auto& runner : runners_) runner->wake();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Shards::drive(stream::Runner& runner) const {
  while (!stopping_) {
    if (runner.step() == 0) runner.idle(kIdleMost);
  }
}

std::size_t Shards::fenced() const {
  std::size_t count = 0;
  for (const auto& runner : runners_) count += runner->fenced();
  return count;
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
  }
  return sum;
}

}  // namespace baton::app
