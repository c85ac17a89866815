// Which events may be for whom, by their types: read off what is deployed.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "role/programs.h"
#include "role/registry.h"

namespace baton::role {

/// As of one snapshot of the catalog. Thread: the processor's.
class Interest {
 public:
  explicit Interest(const Catalog& catalog) : catalog_(catalog) {}

  /// Looks at the catalog again; cheap when nothing is new.
  void refresh();

  /// Listens that share a way to take a key from events (engine::key_set()).
  struct KeySet {
    const flow::Filter* filter = nullptr;  ///< one of them; the snapshot keeps it alive. nullptr: they have no key
    std::set<std::string> flows;           ///< whose they are
  };
  /// By the key set's name.
  using KeySets = std::map<std::string, KeySet>;

  bool wants(std::string_view type) const;
  /// Listens that may hear such an event from elsewhere.
  KeySets listens(std::string_view type) const;
  /// Flows that some version starts with such an event.
  std::set<std::string> starts(std::string_view type) const;
  const flow::Program* find(std::string_view flow, std::string_view version) const;
  /// The version of the flow that is last in the order of texts; "" for an unknown flow.
  std::string latest(std::string_view flow) const;

 private:
  struct OfType {
    KeySets listens;
    std::set<std::string> starts;
  };
  void add(const flow::Program& program);
  const OfType* of(std::string_view type) const;

  const Catalog& catalog_;
  std::shared_ptr<const Registry> snapshot_;
  TextMap<OfType> types_;  ///< "": filters without a literal type
};

}  // namespace baton::role
