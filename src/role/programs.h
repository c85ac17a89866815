// The programs that one role runs, as of the catalog's current snapshot.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "event/event.h"
#include "role/registry.h"

namespace baton::role {

/// Looks up a std::string by a std::string_view. For look-ups only: nothing is ever done in a hash's order.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;
using TextSet = std::unordered_set<std::string, TextHash, std::equal_to<>>;

/// What a role runs of a deployed flow: the whole, a slice, or nothing (nullptr).
using Choose = std::function<std::shared_ptr<const flow::Program>(const Deployed&)>;

class Programs {
 public:
  Programs(const Catalog& catalog, Choose choose) : catalog_(catalog), choose_(std::move(choose)) {}

  const Catalog& catalog() const { return catalog_; }
  /// Looks at the catalog again. Once a round, at every deploy event (whose version the catalog has before it is
  /// appended), and before anything is refused as unknown. True: there was something new.
  bool refresh();

  /// nullptr: not deployed, or not for this role.
  std::shared_ptr<const flow::Program> find(std::string_view flow, std::string_view version) const;
  bool runs(std::string_view flow) const { return flows_.contains(flow); }
  bool wants_type(std::string_view type) const { return any_type_ || types_.contains(type); }
  /// Flows (of this home topic) that an event of this type, which names an instance and no flow, may concern where it
  /// stands: it starts them, or answers their calls. (What their listens hear from elsewhere is delivered.) Sorted.
  std::vector<std::string> concerned(std::string_view topic, std::string_view type) const;
  /// All flows of this home topic, sorted.
  std::vector<std::string> at_home(std::string_view topic) const;
  const Registry& registry() const { return *snapshot_; }
  const std::shared_ptr<const Registry>& snapshot() const { return snapshot_; }
  /// May the matcher bring such events to somebody, whatever role he runs in?
  bool is_matched(std::string_view type) const { return matched_.contains(type) || matched_.contains(std::string_view()); }

 private:
  void index(const flow::Program& program);

  const Catalog& catalog_;
  Choose choose_;
  std::shared_ptr<const Registry> snapshot_ = std::make_shared<const Registry>();
  TextMap<std::shared_ptr<const flow::Program>> programs_;  ///< flow + '\0' + version
  TextSet flows_;
  TextSet types_;
  bool any_type_ = false;
  std::map<std::string, std::set<std::string>, std::less<>> flows_of_topic_;
  TextMap<std::set<std::string>> flows_of_type_;  ///< that read it in their own log; "*": of every type
  TextSet matched_;                               ///< "": every type
};

/// Is the type a reply of one of the flow's calls? Then it carries the instance's id.
bool is_reply(const flow::Program& program, std::string_view type);

/// Types of the events that may move an instance of the program ("*": every event).
std::set<std::string> event_types(const flow::Program& program);
/// … of those that it reads in its own log without that they were delivered.
std::set<std::string> direct_types(const flow::Program& program);

}  // namespace baton::role
