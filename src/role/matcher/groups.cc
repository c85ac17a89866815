#include "role/matcher/groups.h"

#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"
#include "engine/instance_id.h"
#include "engine/match.h"
#include "role/matcher/ledger.h"

namespace baton::role {
namespace {

/// The first open filter that takes the event is filled. False: there is none.
bool fill(Group& group, const flow::Program* program, const event::Event& event) {
  if (program == nullptr || !program->start) return false;
  const auto& filters = program->start->filters;
  group.filled.resize(filters.size());
  for (std::size_t i = 0; i < filters.size(); ++i) {
    if (group.filled[i] || !engine::takes_start(filters[i], event)) continue;
    group.filled[i] = true;
    return true;
  }
  return false;
}

}  // namespace

bool Group::complete() const {
  return std::ranges::all_of(filled, [](bool one) { return one; });
}

std::string group_key(std::string_view flow, std::string_view place) {
  std::string key(1, kGroupKey);
  key += flow;
  key += '\0';
  return key += place;
}

std::string encode_groups(const std::vector<Group>& groups) {
  std::string bytes;
  Writer w(bytes);
  for (const Group& group : groups) {
    w.string(group.version);
    w.string(group.correlation);
    w.varint(group.filled.size());
    for (const bool one : group.filled) w.u8(one ? 1 : 0);
  }
  return bytes;
}

std::vector<Group> decode_groups(std::string_view bytes) {
  std::vector<Group> groups;
  Reader r(bytes);
  while (r.ok() && !r.done()) {
    Group& group = groups.emplace_back();
    group.version = r.string();
    group.correlation = r.string();
    for (std::uint64_t n = r.varint(); r.ok() && n > 0; --n) group.filled.push_back(r.u8() != 0);
  }
  BATON_ASSERT(r.ok());  // encode_groups() wrote it
  return groups;
}

const Group* join_group(std::vector<Group>& groups, const std::string& active, const event::Event& event,
                        const std::function<const flow::Program*(const std::string& version)>& find) {
  for (Group& group : groups) {
    if (fill(group, find(group.version), event)) return &group;
  }
  // Named by its first event: an id that no other event gives.
  Group fresh{active, engine::derived_id({"", event.id}, event.source, 0, "group"), {}};
  if (!fill(fresh, find(active), event)) return nullptr;
  return &groups.emplace_back(std::move(fresh));
}

}  // namespace baton::role
