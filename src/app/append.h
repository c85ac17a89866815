// An event as it is appended to a topic.
#pragma once

#include "event/event.h"
#include "log/log.h"

namespace baton::app {

inline log::Append append_of(const log::Topic& topic, log::PartitionId partition, const event::Event& e) {
  event::Encoded encoded = event::encode(e);
  return {{topic.id, partition},
          {std::move(encoded.key), std::move(encoded.headers), std::move(encoded.value), e.time}};
}

/// To the partition that the event's key gives.
inline log::Append append_of(const log::Topic& topic, const event::Event& e) {
  return append_of(topic, log::partition_of(e.key(), topic.spec.partitions), e);
}

}  // namespace baton::app
