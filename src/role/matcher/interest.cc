#include "role/matcher/interest.h"

#include "engine/match.h"
#include "flow/nature.h"

namespace baton::role {

void Interest::refresh() {
  std::shared_ptr<const Registry> now = catalog_.snapshot();
  if (now == snapshot_) return;
  snapshot_ = std::move(now);
  types_.clear();
  for (const auto& [name, deployed] : snapshot_->flows) add(*deployed.program);
}

void Interest::add(const flow::Program& program) {
  const std::string flow = program.full_name();
  if (program.start) {
    for (const flow::Filter& filter : program.start->filters) types_[filter.type].starts.insert(flow);
    if (program.start->filters.empty()) types_[""].starts.insert(flow);
  }
  for (const flow::Task& task : program.tasks) {
    const flow::Events* heard = flow::heard(task);
    if (heard == nullptr) continue;
    if (heard->filters.empty()) types_[""].listens[""].flows.insert(flow);
    for (const flow::Filter& filter : heard->filters) {
      if (!filter.others) continue;
      const std::string set = engine::key_set(filter);
      KeySet& known = types_[filter.type].listens[set];
      if (!set.empty() && known.filter == nullptr) known.filter = &filter;
      known.flows.insert(flow);
    }
  }
}

const Interest::OfType* Interest::of(std::string_view type) const {
  const auto found = types_.find(type);
  return found == types_.end() ? nullptr : &found->second;
}

bool Interest::wants(std::string_view type) const {
  return of(type) != nullptr || of("") != nullptr;
}

Interest::KeySets Interest::listens(std::string_view type) const {
  KeySets out;
  for (const OfType* one : {of(type), of("")}) {
    if (one == nullptr) continue;
    for (const auto& [set, keys] : one->listens) {
      KeySet& into = out[set];
      if (into.filter == nullptr) into.filter = keys.filter;
      into.flows.insert(keys.flows.begin(), keys.flows.end());
    }
  }
  return out;
}

std::set<std::string> Interest::starts(std::string_view type) const {
  std::set<std::string> out;
  for (const OfType* one : {of(type), of("")}) {
    if (one != nullptr) out.insert(one->starts.begin(), one->starts.end());
  }
  return out;
}

std::string Interest::latest(std::string_view flow) const {
  std::string version;
  for (auto at = snapshot_->flows.lower_bound({std::string(flow), ""});
       at != snapshot_->flows.end() && at->first.first == flow; ++at)
    version = at->first.second;
  return version;
}

const flow::Program* Interest::find(std::string_view flow, std::string_view version) const {
  const Deployed* deployed = snapshot_->find(flow, version);
  return deployed == nullptr ? nullptr : deployed->program.get();
}

}  // namespace baton::role
