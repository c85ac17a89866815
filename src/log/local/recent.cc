#include "log/local/recent.h"

#include <algorithm>

#include "base/assert.h"

namespace baton::log::local {
namespace {
constexpr std::size_t kChunkBytes = 512U << 10U;
Location end_of(const Chunk& chunk) {
  return {chunk.segment->number, chunk.end()};
}
Location begin_of(const Chunk& chunk) {
  return {chunk.segment->number, chunk.from};
}
}  // namespace

char* Recent::extend(const std::shared_ptr<Segment>& segment, std::uint32_t at, std::size_t bytes) {
  BATON_ASSERT(segment != nullptr);
  BATON_ASSERT(at + bytes <= segment->bytes);
  const bool fits = !chunks_.empty() && chunks_.back()->segment == segment && chunks_.back()->end() == at &&
                    chunks_.back()->capacity - chunks_.back()->used >= bytes;
  if (!fits) {
    const std::size_t capacity = std::max(bytes, std::min<std::size_t>(kChunkBytes, segment->bytes));
    auto chunk = std::make_shared<Chunk>();
    chunk->segment = segment;
    chunk->from = at;
    chunk->capacity = static_cast<std::uint32_t>(capacity);
    chunk->data = std::make_unique_for_overwrite<char[]>(capacity);
    chunks_.push_back(std::move(chunk));
    bytes_ += capacity;
  }
  Chunk& chunk = *chunks_.back();
  char* out = chunk.data.get() + chunk.used;
  chunk.used += static_cast<std::uint32_t>(bytes);
  return out;
}

std::vector<Span> Recent::since(Location from) const {
  std::vector<Span> spans;
  for (auto at = chunks_.rbegin(); at != chunks_.rend() && end_of(**at) > from; ++at) {
    const Chunk& chunk = **at;
    const std::uint32_t begin = begin_of(chunk) >= from ? 0 : from.at - chunk.from;
    if (begin < chunk.used) spans.push_back({*at, begin, chunk.used});
  }
  std::ranges::reverse(spans);
  return spans;
}

std::size_t Recent::find(Location at) const {
  const auto above = std::ranges::upper_bound(chunks_, at, {}, [](const auto& chunk) { return begin_of(*chunk); });
  if (above == chunks_.begin()) return chunks_.size();
  const auto index = static_cast<std::size_t>(above - chunks_.begin()) - 1;
  return at < end_of(*chunks_[index]) ? index : chunks_.size();
}

void Recent::evict(Location synced, std::size_t bytes_max) {
  while (chunks_.size() > 1 && bytes_ > bytes_max && end_of(*chunks_.front()) <= synced) {
    bytes_ -= chunks_.front()->capacity;
    chunks_.pop_front();
  }
}

}  // namespace baton::log::local
