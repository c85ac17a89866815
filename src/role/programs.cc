#include "role/programs.h"

#include <algorithm>

#include "base/assert.h"
#include "flow/nature.h"

namespace baton::role {
namespace {

/// Types of what listens hear from elsewhere, and of what starts flows in any namespace; "": every type.
void add_matched(const flow::Program& program, TextSet& types) {
  if (program.start) {
    for (const flow::Filter& filter : program.start->filters) types.insert(filter.type);
    if (program.start->filters.empty()) types.insert("");
  }
  for (const flow::Task& task : program.tasks) {
    const flow::Nature n = flow::nature(task);
    if (n.hears == nullptr) continue;
    if (n.hears->filters.empty()) types.insert("");
    for (const flow::Filter& filter : n.hears->filters) {
      if (filter.others) types.insert(filter.type);
    }
  }
}

std::set<std::string> start_types(const flow::Program& program) {
  if (!program.start) return {};
  const std::vector<std::string> types = flow::types_of(*program.start);
  return {types.begin(), types.end()};
}

std::string name_of(std::string_view flow, std::string_view version) {
  std::string name(flow);
  name += '\0';
  return name += version;
}

}  // namespace

std::set<std::string> event_types(const flow::Program& program) {
  if (program.slice) return program.slice->types;
  std::set<std::string> types = start_types(program);
  for (const flow::Task& task : program.tasks) types.insert(task.evidence.begin(), task.evidence.end());
  return types;
}

std::set<std::string> direct_types(const flow::Program& program) {
  std::set<std::string> types = start_types(program);
  for (const flow::Task& task : program.tasks) {
    const flow::Nature n = flow::nature(task);
    if (n.hears == nullptr) types.insert(n.evidence.begin(), n.evidence.end());
    if (n.hears == nullptr) continue;
    for (const flow::Filter& filter : n.hears->filters) {
      if (filter.own && !filter.type.empty()) types.insert(filter.type);
    }
  }
  if (!program.slice || program.slice->types.contains("*")) return types;
  std::erase_if(types, [&](const std::string& type) { return type != "*" && !program.slice->types.contains(type); });
  return types;
}

bool Programs::refresh() {
  std::shared_ptr<const Registry> now = catalog_.snapshot();
  if (now == snapshot_) return false;
  snapshot_ = std::move(now);
  programs_.clear();
  flows_.clear();
  types_.clear();
  any_type_ = false;
  flows_of_topic_.clear();
  flows_of_type_.clear();
  matched_.clear();
  for (const auto& [name, deployed] : snapshot_->flows) {
    BATON_ASSERT(deployed.program != nullptr);
    add_matched(*deployed.program, matched_);
    std::shared_ptr<const flow::Program> program = choose_(deployed);
    if (program == nullptr) continue;
    index(*program);
    programs_.insert_or_assign(name_of(name.first, name.second), std::move(program));
  }
  return true;
}

bool is_reply(const flow::Program& program, std::string_view type) {
  return std::ranges::any_of(program.tasks, [&](const flow::Task& task) {
    return flow::heard(task) == nullptr && std::ranges::find(task.evidence, type) != task.evidence.end();
  });
}

void Programs::index(const flow::Program& program) {
  BATON_ASSERT(!program.home_topic.empty() && !program.version.empty());
  const std::string flow = program.full_name();
  flows_.insert(flow);
  flows_of_topic_[program.home_topic].insert(flow);
  for (const std::string& type : event_types(program)) {
    any_type_ = any_type_ || type == "*";
    types_.insert(type);
  }
  for (const std::string& type : direct_types(program)) flows_of_type_[type].insert(flow);
}

std::shared_ptr<const flow::Program> Programs::find(std::string_view flow, std::string_view version) const {
  const auto found = programs_.find(name_of(flow, version));
  return found == programs_.end() ? nullptr : found->second;
}

std::vector<std::string> Programs::concerned(std::string_view topic, std::string_view type) const {
  std::vector<std::string> flows;
  const auto home = flows_of_topic_.find(topic);
  if (home == flows_of_topic_.end()) return flows;
  const auto named = flows_of_type_.find(type);
  const auto any = flows_of_type_.find(std::string_view("*"));
  for (const std::string& flow : home->second) {
    const bool wanted = (named != flows_of_type_.end() && named->second.contains(flow)) ||
                        (any != flows_of_type_.end() && any->second.contains(flow));
    if (wanted) flows.push_back(flow);
  }
  return flows;
}

std::vector<std::string> Programs::at_home(std::string_view topic) const {
  const auto home = flows_of_topic_.find(topic);
  if (home == flows_of_topic_.end()) return {};
  return {home->second.begin(), home->second.end()};
}

}  // namespace baton::role
