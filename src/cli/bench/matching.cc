// Events that find, by their key, the one instance of many that waits for them.
#include <thread>

#include "app/process.h"
#include "cli/bench/load.h"
#include "cli/bench/measures.h"
#include "cli/bench/scratch.h"

namespace baton::cli {
namespace {

constexpr std::uint64_t kBatch = 256;
constexpr std::uint64_t kAheadMost = 8192;
constexpr std::uint64_t kEvents = 20'000;  ///< of one measurement
constexpr std::uint64_t kEarly = 100'000;  ///< that nobody waits for
constexpr std::chrono::seconds kMost{900};

/// Begins with an event that carries the instance's name, and waits for one that carries its order's number.
constexpr const char* kFlow = R"(document: { dsl: '1.0.3', namespace: bench, name: callback, version: '1.0.0' }
schedule: { on: { one: { with: { type: com.example.begin.v1 } } } }
input: { from: '.[0].data' }
do:
  - hear:
      listen:
        to:
          one:
            with: { type: com.example.called.v1 }
            correlate: { order: { from: .data.order, expect: '${ .order }' } }
)";

event::Event event_of(const char* type, std::uint64_t number, bool named) {
  event::Event e;
  e.id = std::string(type) + std::to_string(number);
  e.source = "/bench";
  e.type = type;
  if (named) e.correlationid = "I-" + std::to_string(number);
  e.data = json::Data::from_text(R"({"order":)" + std::to_string(number) + "}");
  return e;
}

/// Publishes events [first, first + count), never further ahead of `done()` than kAheadMost, and waits until all are
/// done.
template <class Done>
Result<void> publish(app::Node& node, const char* type, std::uint64_t first, std::uint64_t count, bool named,
                     Done done) {
  const SteadyTime end = std::chrono::steady_clock::now() + kMost;
  std::uint64_t sent = 0;
  while (done() < count) {
    if (std::chrono::steady_clock::now() > end)
      return Error{Code::io, "only " + std::to_string(done()) + " of " + std::to_string(count) + " events were taken"};
    if (sent == count || sent > done() + kAheadMost) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      continue;
    }
    std::vector<event::Event> batch;
    for (; batch.size() < kBatch && sent < count; ++sent) batch.push_back(event_of(type, first + sent, named));
    BATON_TRY(const log::Position position, node.intake().append(std::move(batch)));
    node.log().await(position);
  }
  return {};
}

/// The monitor is not the last to read: until nobody has anything left to.
void await_quiet(app::Node& node) {
  std::uint64_t before = 0;
  for (std::uint64_t now = node.shards().stats().events; now != before; now = node.shards().stats().events) {
    before = now;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

Result<double> events_per_second(app::Node& node, std::uint64_t first) {
  const std::uint64_t before = ended(node).completed;
  const SteadyTime began = std::chrono::steady_clock::now();
  BATON_CHECK(
      publish(node, "com.example.called.v1", first, kEvents, false, [&] { return ended(node).completed - before; }));
  return static_cast<double>(kEvents) / std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

Result<json::Object> measure_matching(const BenchOptions& options) {
  const Scratch scratch(options.data);
  app::NodeOptions node_options;
  node_options.data = scratch.path();
  node_options.shards = options.shards;
  BATON_TRY(auto node, app::Node::open(node_options));
  node->start();
  const bool orchestrated = options.strategy == "orchestration";
  BATON_TRY(const auto deployed, node->deploy({{"callback.yaml", kFlow}}, orchestrated ? flow::Strategy::orchestration
                                                                                       : flow::Strategy::choreography));
  if (!deployed.accepted()) return invalid("the bench's own flow does not compile");
  const std::uint64_t all = std::max(options.waiting, 2 * kEvents);
  BATON_CHECK(publish(*node, "com.example.begin.v1", 0, all, true, [&] { return ended(*node).under_way; }));
  await_quiet(*node);
  BATON_TRY(const double among_waiting, events_per_second(*node, 0));
  const std::uint64_t records = node->shards().stats().events;
  BATON_CHECK(publish(*node, "com.example.called.v1", 1'000'000'000, kEarly, false,
                      [&] { return std::min(kEarly, (node->shards().stats().events - records) / 2); }));
  await_quiet(*node);
  BATON_TRY(const double among_early, events_per_second(*node, kEvents));
  return json::Object{{"waiting", all},
                      {"events_per_second", among_waiting},
                      {"early", kEarly},
                      {"events_per_second_with_early", among_early},
                      {"rss_bytes", app::rss_bytes()}};
}

}  // namespace baton::cli
