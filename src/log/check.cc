#include "log/check.h"

#include <set>

#include "base/assert.h"

namespace baton::log {

Result<void> check_spec(const TopicSpec& spec) {
  if (spec.name.empty()) return invalid("open topic: a topic needs a name");
  if (spec.name.size() > kNameBytesMax) {
    return invalid("open topic " + spec.name.substr(0, 64) + "…: a name of " + std::to_string(spec.name.size()) +
                   " bytes; the most is " + std::to_string(kNameBytesMax));
  }
  if (spec.partitions < 1 || spec.partitions > kPartitionsMax) {
    return invalid("open topic " + spec.name + ": " + std::to_string(spec.partitions) +
                   " partitions asked for; a topic has 1 to " + std::to_string(kPartitionsMax));
  }
  return {};
}

Result<void> check_same(const Topic& topic, const TopicSpec& spec) {
  if (topic.spec.partitions == spec.partitions) return {};
  return Error{Code::conflict, "open topic " + spec.name + ": it has " + std::to_string(topic.spec.partitions) +
                                   " partitions, " + std::to_string(spec.partitions) +
                                   " asked for; the number is fixed for the topic's life"};
}

Result<void> check_owner_name(const StoreName& name) {
  if (name.owner.size() <= kNameBytesMax) return {};
  return invalid("acquire " + name.owner.substr(0, 64) + "…: a name of " + std::to_string(name.owner.size()) +
                 " bytes; the most is " + std::to_string(kNameBytesMax));
}

namespace {

Error too_large(const std::string& what, std::size_t is, std::size_t most) {
  return {Code::too_large,
          "submit: " + what + " " + std::to_string(is) + " bytes; the most is " + std::to_string(most)};
}

Result<void> check_groups(const Commit& commit) {
  if (commit.appends.size() <= kGroupsMax) return {};
  std::set<TopicPartition> groups;
  for (const Append& append : commit.appends) groups.insert(append.to);
  if (groups.size() <= kGroupsMax) return {};
  return Error{Code::too_large, "submit: records to " + std::to_string(groups.size()) + " partitions; the most is " +
                                    std::to_string(kGroupsMax)};
}

}  // namespace

Result<void> check_bytes(const Commit& commit, std::size_t commit_bytes_max) {
  BATON_ASSERT(commit_bytes_max > kBytesPerAppend);
  for (std::size_t i = 0; i < commit.appends.size(); ++i) {
    const std::size_t bytes = bytes_of(commit.appends[i].record);
    if (bytes > kRecordBytesMax) return too_large("record " + std::to_string(i) + " has", bytes, kRecordBytesMax);
  }
  for (const Change& change : commit.changes) {
    const std::size_t bytes = change.key.size() + (change.value ? change.value->size() : 0);
    if (bytes > kRecordBytesMax) return too_large("the state under one key has", bytes, kRecordBytesMax);
  }
  const std::size_t bytes = commit_bytes(commit);
  if (bytes > commit_bytes_max) return too_large("the commit has", bytes, commit_bytes_max);
  return check_groups(commit);
}

Error unknown_partition(TopicPartition at) {
  return invalid("no topic " + std::to_string(at.topic.value) + " with a partition " +
                 std::to_string(at.partition.value));
}

Error unknown_store(std::uint32_t store) {
  return invalid("no store " + std::to_string(store));
}

Error fenced(const StoreName& name, Epoch asked, Epoch current) {
  return {Code::fenced, "store " + name.owner + "/" + std::to_string(name.partition.value) + ": epoch " +
                            std::to_string(asked.value) + " was fenced by epoch " + std::to_string(current.value)};
}

Error appends_in_checkpointed(const StoreName& name) {
  return invalid("store " + name.owner + "/" + std::to_string(name.partition.value) +
                 " is checkpointed: its commits append no records");
}

}  // namespace baton::log
