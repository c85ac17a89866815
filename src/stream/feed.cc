#include "stream/feed.h"

#include <utility>

#include "base/assert.h"

namespace baton::stream {
namespace {

// A page is what one reader takes in a round or less (256 records of 500 bytes); it bounds what a shard keeps decoded.
constexpr std::size_t kPageBytes = 128u << 10;

}  // namespace

Feed& Feeds::open(log::TopicPartition from, std::string_view topic) {
  for (Feed& feed : feeds_) {
    if (feed.from == from) return feed;
  }
  Feed& feed = feeds_.emplace_back();
  feed.from = from;
  feed.topic = topic;
  return feed;
}

void Feeds::look() {
  for (Feed& feed : feeds_) feed.end = log_.end(feed.from, log::Isolation::accepted);
}

Result<std::shared_ptr<Page>> Feeds::page(Feed& feed, log::Offset offset) {
  for (const auto& page : feed.pages) {
    if (page && page->holds(offset)) return page;
  }
  BATON_TRY(log::Batch batch, log_.read(feed.from, offset, kPageBytes, log::Isolation::accepted));
  if (batch.gap) {
    BATON_ASSERT(batch.records.empty());
    auto gap = std::make_shared<Page>();
    gap->batch = std::move(batch);
    return gap;
  }
  if (batch.records.empty()) return std::shared_ptr<Page>();
  auto page = std::make_shared<Page>();
  page->slots.resize(batch.records.size());
  page->batch = std::move(batch);
  BATON_ASSERT(page->batch.next == page->batch.records.back().offset.next());
  BATON_ASSERT(page->index(page->batch.next) == page->batch.records.size());
  feed.pages[feed.oldest] = page;
  feed.oldest = (feed.oldest + 1) % feed.pages.size();
  pages_held_ = true;
  return page;
}

const event::Event* Feeds::event(const Feed& feed, Page& page, std::size_t index) {
  Page::Slot& slot = page.slots[index];
  if (slot.event || slot.malformed) return slot.event.get();
  const log::RecordView& record = page.batch.records[index];
  Result<event::Event> decoded = event::decode(record.headers, record.value, record.time);
  if (decoded) {
    slot.event = std::make_unique<const event::Event>(*std::move(decoded));
  } else {
    slot.malformed = true;
    malformed_(feed, record.offset, decoded.error());
  }
  return slot.event.get();
}

void Feeds::forget() {
  if (!pages_held_) return;
  for (Feed& feed : feeds_) feed.pages = {};
  pages_held_ = false;
}

}  // namespace baton::stream
