// An event as it is appended to a topic.
#pragma once

#include "event/event.h"
#include "log/log.h"

namespace baton::app {

/// `now` becomes the record's time, by which flows' clocks go: what the event says of its own time may be anything.
inline log::Append append_of(const log::Topic& topic, log::PartitionId partition, const event::Event& e, Instant now) {
  event::Encoded encoded = event::encode(e);
  return {{topic.id, partition}, {std::move(encoded.key), std::move(encoded.headers), std::move(encoded.value), now}};
}

/// To the partition that the event's key gives.
inline log::Append append_of(const log::Topic& topic, const event::Event& e, Instant now) {
  return append_of(topic, log::partition_of(e.key(), topic.spec.partitions), e, now);
}

}  // namespace baton::app
