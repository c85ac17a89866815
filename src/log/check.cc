#include "log/check.h"

namespace baton::log {

Result<void> check_spec(const TopicSpec& spec) {
  if (spec.name.empty()) return invalid("open topic: a topic needs a name");
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

Result<void> check_appends(const Commit& commit) {
  for (std::size_t i = 0; i < commit.appends.size(); ++i) {
    const std::size_t bytes = bytes_of(commit.appends[i].record);
    if (bytes <= kRecordBytesMax) continue;
    return invalid("submit: record " + std::to_string(i) + " has " + std::to_string(bytes) + " bytes; the most is " +
                   std::to_string(kRecordBytesMax));
  }
  return {};
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
