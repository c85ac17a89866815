// Brings events from elsewhere to one instance, as the matcher does for all (role/matcher), in a few lines: for tests that
// have a single instance and no roles. Own types stand in the instance's log and are not brought.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace baton::engine::testing {

class Post {
 public:
  /// The deliveries of the event, one for each listen that waits for it now.
  static std::vector<event::Event> bring(const flow::Program& program, const Instance& instance, const event::Event& event);

  /// Some listen of the program may hear such an event from elsewhere.
  static bool concerns(const flow::Program& program, const std::string& type);
  /// … one that was not entered yet.
  static bool ahead(const flow::Program& program, const Instance& instance, const std::string& type);
  /// False: it was here before.
  bool is_new(const event::Event& event) { return seen_.insert(event.source + '\n' + event.id).second; }
  void keep(event::Event event) { early_.push_back(std::move(event)); }
  /// The first early event that some listen waits for now, as its deliveries; none: empty.
  std::vector<event::Event> next(const flow::Program& program, const Instance& instance);

 private:
  std::set<std::string> seen_;
  std::vector<event::Event> early_;
};

}  // namespace baton::engine::testing
