// All roles on a log in memory, under virtual time, with services that do what a test says. For other folders' tests
// too.
//
//   World world(contracts);
//   world.handle("credit.check", [](const Invocation&) -> Reply { return Answer{R"({"ok":true})"}; });
//   world.deploy(program);
//   world.publish(event);          // and everything that follows from it at this time
//   world.fail("credit.check", 2); // the next two executions fail transiently
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "role/monitor_query.h"
#include "role/roles.h"
#include "stream/testing/harness.h"

namespace baton::role::testing {

/// The service's view of a flow. analysis::project() where that may be used.
using View = std::function<std::shared_ptr<const flow::Program>(const flow::Program&, const std::string& service)>;
/// The flow as it is: what a view may at worst be.
std::shared_ptr<const flow::Program> whole_view(const flow::Program& program, const std::string& service);

struct WorldOptions {
  std::int32_t partitions = 1;
  std::size_t shards = 1;
  View view = whole_view;
  RetryPolicy retry = {};
  std::size_t in_flight_max = 256;
  MonitorOptions monitor = {};
  MatcherOptions matcher = {};
};

/// Thread: one.
class World {
 public:
  using Handle = std::function<Reply(const Invocation&)>;

  explicit World(flow::Contracts contracts, WorldOptions options = {});

  /// "service.operation". Without one, an operation answers {}.
  void handle(const std::string& operation, Handle handle) { handles_[operation] = std::move(handle); }
  /// The operation answers in its own time: by the `done` that it is given.
  void handle_later(const std::string& operation, Handler handler) { later_[operation] = std::move(handler); }
  /// The next `times` executions fail with this.
  void fail(const std::string& operation, int times, bool transient = true, std::string detail = "no connection");
  /// From now on answers are kept back …
  void hold(const std::string& operation) { held_.insert(operation); }
  /// … until they are let go, in their order; says how many they were.
  std::size_t release(const std::string& operation);

  void deploy(std::shared_ptr<const flow::Program> program);
  /// As if the process began again without the service.
  void stop(const std::string& service);
  /// All that were stopped run again.
  void resume();
  /// To the home topic of the flow deployed last, at the present time; then all that follows from it now.
  void publish(event::Event event);
  /// An event from outside, that no part of a flow has stamped.
  static event::Event outside(const std::string& type, const std::string& correlationid, const std::string& data,
                              const std::string& id = "");
  static event::Event control(const flow::Program& program, const std::string& correlationid,
                              const std::string& action);

  std::vector<event::Event> events() const { return harness_.events(home_); }
  std::vector<event::Event> events(const std::string& topic) const { return harness_.events(topic); }
  /// How often the operation was executed, failures included, and under which keys.
  const std::vector<std::string>& keys(const std::string& operation) { return keys_[operation]; }
  /// The only instance with this id, of the flow if one is named; asserts that there is one.
  Shown show(const std::string& id, const std::string& flow = "");

  stream::testing::Harness& harness() { return harness_; }
  Catalog& catalog() { return catalog_; }
  const log::Log& log() { return harness_.log(); }

 private:
  struct Failing {
    int times = 0;
    Failure failure;
  };
  ServiceHandlers handlers_of(const flow::Contract& contract);
  void run(const std::string& operation, const Invocation& invocation, const Done& done);
  void place();

  WorldOptions options_;
  flow::Contracts contracts_;
  Catalog catalog_;
  std::string home_;
  std::set<std::string, std::less<>> running_;
  std::map<std::string, Handle> handles_;
  std::map<std::string, Handler> later_;
  std::map<std::string, Failing> failing_;
  std::set<std::string> held_;
  std::map<std::string, std::deque<std::function<void()>>> kept_back_;
  std::map<std::string, std::vector<std::string>> keys_;
  int deployments_ = 0;
  stream::testing::Harness harness_;  ///< last: its processors use all of the above
};

}  // namespace baton::role::testing
