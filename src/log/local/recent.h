// The newest part of the journal, in memory: what waits for the disk, and what readers most likely want.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "log/local/segment.h"

namespace baton::log::local {

/// A stretch of one segment. Bytes that are in use never change, nor does anything but `used`: so who holds the chunk
/// and knows the place of a frame in it may read that without a lock.
struct Chunk {
  std::shared_ptr<Segment> segment;
  std::uint32_t from = 0;  ///< its first byte's place in the file
  std::uint32_t used = 0;  ///< bytes; grows, so the journal's lock guards it
  std::uint32_t capacity = 0;
  std::unique_ptr<char[]> data;  // NOLINT: not zeroed, unlike a vector
  std::uint32_t end() const { return from + used; }
};

/// Bytes of a chunk that must go to its segment's file.
struct Span {
  std::shared_ptr<Chunk> chunk;
  std::uint32_t begin = 0;  ///< within the chunk
  std::uint32_t end = 0;
  std::string_view bytes() const { return {chunk->data.get() + begin, end - begin}; }
  std::uint64_t at() const { return std::uint64_t{chunk->from} + begin; }
};

/// Not thread-safe: the journal's lock guards it.
class Recent {
 public:
  /// Room for the next `bytes` of the journal, which stand at `at` in `segment`.
  char* extend(const std::shared_ptr<Segment>& segment, std::uint32_t at, std::size_t bytes);
  /// Everything from `from` on, in order.
  std::vector<Span> since(Location from) const;
  /// Index of the chunk that holds `at`; size() if it is in memory no more.
  std::size_t find(Location at) const;
  const std::shared_ptr<Chunk>& chunk(std::size_t index) const { return chunks_[index]; }
  std::size_t size() const { return chunks_.size(); }
  /// Lets go of the oldest chunks that end at or before `synced`, while there are more than `bytes_max` bytes.
  void evict(Location synced, std::size_t bytes_max);

 private:
  std::deque<std::shared_ptr<Chunk>> chunks_;
  std::size_t bytes_ = 0;
};

}  // namespace baton::log::local
