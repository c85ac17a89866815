// Reads a segment's frames in order, through a window.
#pragma once

#include <optional>
#include <string>

#include "log/local/frame.h"
#include "log/local/segment.h"

namespace baton::log::local {

class SegmentReader {
 public:
  SegmentReader(const Segment& segment, std::uint32_t at) : segment_(segment), at_(at) {}
  /// The valid frame at at(), and moves behind it; good until the next call. Nothing: there is none; at() stays.
  Result<std::optional<Frame>> next();
  std::uint32_t at() const { return at_; }

 private:
  Result<std::string_view> bytes(std::uint32_t at, std::size_t least);
  const Segment& segment_;
  std::uint32_t at_;
  std::string window_;
  std::uint64_t window_at_ = 0;
};

/// The first frame valid at its place at or after `from`, before `to`, that was accepted when `missing` was already
/// durable: proof that what should stand before it was lost. Nothing: there is none.
Result<std::optional<std::uint32_t>> find_proof_of_loss(const Segment& segment, std::uint32_t from, std::uint64_t to,
                                                        Position missing);

}  // namespace baton::log::local
