// The records that a shard's processors read, read and decoded once for all of them.
//
// Processors of one shard read the same home topic shortly after each other. What one of them has read and decoded
// stays in a *page* until the others have passed it too.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "event/event.h"
#include "log/log.h"

namespace baton::stream {

/// What one read of the log gave. Never empty, but for a gap.
struct Page {
  struct Slot {
    std::unique_ptr<const event::Event> event;  ///< nullptr: nobody wanted it yet, or malformed
    bool malformed = false;
  };
  log::Batch batch;
  std::vector<Slot> slots;  ///< one for each record

  log::Offset first() const { return batch.records.front().offset; }
  bool holds(log::Offset offset) const { return first() <= offset && offset < batch.next; }
  std::size_t index(log::Offset offset) const { return static_cast<std::size_t>(offset.value - first().value); }
};

/// One topic-partition.
struct Feed {
  log::TopicPartition from;
  std::string topic;
  log::Offset end;                             ///< accepted, as of the last look()
  std::array<std::shared_ptr<Page>, 4> pages;  ///< the latest read; shared with the readers that stand in them
  std::size_t oldest = 0;                      ///< of pages: replaced next
};

/// Thread: one shard.
class Feeds {
 public:
  using Malformed = std::function<void(const Feed&, log::Offset, const Error&)>;

  Feeds(log::Log& log, Malformed malformed) : log_(log), malformed_(std::move(malformed)) {}

  /// The feed of this topic-partition; lives as long as the Feeds.
  Feed& open(log::TopicPartition from, std::string_view topic);
  /// Asks the log how far each feed goes now.
  void look();
  /// A page that holds `offset`, or begins after it where records were trimmed; without records and with the batch's
  /// gap where they are lost; nullptr: there is none yet. Errors: as Log::read.
  Result<std::shared_ptr<Page>> page(Feed& feed, log::Offset offset);
  /// The event at this place, decoded now if nobody has yet; nullptr: malformed (told to `malformed` when it is found).
  const event::Event* event(const Feed& feed, Page& page, std::size_t index);
  /// Lets go of all pages: every reader has caught up.
  void forget();

 private:
  log::Log& log_;
  Malformed malformed_;
  std::deque<Feed> feeds_;
  bool pages_held_ = false;
};

}  // namespace baton::stream
