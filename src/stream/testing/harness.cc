#include "stream/testing/harness.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace baton::stream::testing {
namespace {

constexpr std::size_t kPassesMax = 1'000'000;  // a processor that never comes to rest is a bug to be seen

}  // namespace

Harness::Harness(HarnessOptions options)
    : options_(std::move(options)),
      log_(log::open_memory(
          {.auto_sync = options_.auto_sync, .clock = &clock_, .commit_bytes_max = options_.commit_bytes_max})) {
  BATON_ASSERT(options_.shards > 0);
  begin();
}

Harness::~Harness() = default;

void Harness::begin() {
  executor_ = std::make_unique<ManualExecutor>();
  for (std::size_t i = 0; i < options_.shards; ++i) {
    RunnerOptions options = options_.runner;
    options.shard = i;
    options.shards = options_.shards;
    runners_.push_back(std::make_unique<Runner>(*log_, clock_, *executor_, std::move(options)));
    for (const ProcessorSpec& spec : specs_) runners_.back()->add(spec);
  }
}

log::Topic Harness::topic(const std::string& name, std::int32_t partitions) {
  Result<log::Topic> topic = log_->open_topic({.name = name, .partitions = partitions, .retention_ms = 0});
  BATON_ASSERT(topic.has_value());
  return *std::move(topic);
}

void Harness::remove(const std::string& name) {
  std::erase_if(specs_, [&](const ProcessorSpec& spec) { return spec.name == name; });
}

void Harness::add(ProcessorSpec spec) {
  for (const auto& runner : runners_) runner->add(spec);
  const auto known = std::ranges::find(specs_, spec.name, &ProcessorSpec::name);
  if (known == specs_.end()) {
    specs_.push_back(std::move(spec));
  } else {
    known->topics = std::move(spec.topics);
  }
}

void Harness::publish(std::string_view topic, const event::Event& event) {
  const std::optional<log::Topic> found = log_->find_topic(topic);
  BATON_ASSERT(found.has_value());
  event::Encoded encoded = event::encode(event);
  append({found->id, log::partition_of(event.key(), found->spec.partitions)},
         {std::move(encoded.key), std::move(encoded.headers), std::move(encoded.value), event.time});
}

void Harness::append(log::TopicPartition to, log::Record record) {
  log::Commit commit;
  commit.appends.push_back({to, std::move(record)});
  const Result<log::Accepted> accepted = log_->submit(std::move(commit));
  BATON_ASSERT(accepted.has_value());
  log_->await(accepted->position);
}

std::size_t Harness::step() {
  std::size_t handled = 0;
  for (const auto& runner : runners_) handled += runner->step();
  return handled;
}

std::size_t Harness::settle() {
  std::size_t sum = 0;
  int quiet = 0;  // one quiet pass may have made commits durable, whose jobs the next one starts
  for (std::size_t pass = 0; quiet < 2; ++pass) {
    BATON_ASSERT(pass < kPassesMax);
    const std::size_t handled = step();
    if (busy()) log_->sync();
    quiet = executor_->run() == 0 && handled == 0 ? quiet + 1 : 0;
    sum += handled;
  }
  return sum;
}

void Harness::run_until(Instant end) {
  settle();
  for (std::optional<Instant> next = next_timer(); next && *next <= end; next = next_timer()) {
    clock_.set(std::max(*next, now()));
    settle();
  }
  clock_.set(std::max(end, now()));
  settle();
}

bool Harness::run_out(std::size_t timers_max) {
  settle();
  for (std::size_t i = 0; i < timers_max; ++i) {
    const std::optional<Instant> next = next_timer();
    if (!next) return true;
    clock_.set(std::max(*next, now()));
    settle();
  }
  return !next_timer();
}

void Harness::crash() {
  runners_.clear();
  log_->crash();
  begin();
}

void Harness::restart() {
  runners_.clear();
  log_->checkpoint();
  begin();
}

std::vector<event::Event> Harness::events(std::string_view topic_name) const {
  const std::optional<log::Topic> topic = log_->find_topic(topic_name);
  BATON_ASSERT(topic.has_value());
  std::vector<event::Event> events;
  for (std::int32_t p = 0; p < topic->spec.partitions; ++p) {
    const log::TopicPartition from{topic->id, log::PartitionId(p)};
    log::Offset at = log_->first(from);
    while (at < log_->end(from, log::Isolation::accepted)) {
      const Result<log::Batch> batch = log_->read(from, at, 1u << 20, log::Isolation::accepted);
      BATON_ASSERT(batch.has_value());
      for (const log::RecordView& record : batch->records) {
        Result<event::Event> event = event::decode(record.headers, record.value, record.time);
        if (event) events.push_back(*std::move(event));
      }
      at = batch->next;
    }
  }
  return events;
}

std::optional<Instant> Harness::next_timer() const {
  std::optional<Instant> next;
  for (const auto& runner : runners_) {
    const std::optional<Instant> one = runner->next_timer();
    if (one && (!next || *one < *next)) next = one;
  }
  return next;
}

bool Harness::busy() const {
  return std::ranges::any_of(runners_, [](const auto& runner) { return runner->busy(); });
}

}  // namespace baton::stream::testing
