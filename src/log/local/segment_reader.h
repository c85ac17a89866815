// Reads a segment's frames in order, through a window.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "log/local/frame.h"
#include "log/local/segment.h"

namespace baton::log::local {

class SegmentReader {
 public:
  SegmentReader(const Segment& segment, std::uint32_t at) : segment_(segment), at_(at) {}
  /// The valid frame at at(), and moves behind it; good until the next call.
  /// Nothing: there is none; at() stays.
  Result<std::optional<Frame>> next();
  std::uint32_t at() const { return at_; }
  void move_to(std::uint32_t at) { at_ = at; }

 private:
  Result<std::string_view> bytes(std::uint32_t at, std::size_t least);
  const Segment& segment_;
  std::uint32_t at_;
  std::string window_;
  std::uint64_t window_at_ = 0;
};

/// The first place in [from, to) where a valid frame stands whose head is
/// `wanted`. Nothing: there is none. What looks like a head and is not wanted
/// costs next to nothing, so `wanted` must tell what can be from what can't.
Result<std::optional<std::uint32_t>> find_frame(const Segment& segment, std::uint32_t from, std::uint64_t to,
                                                const std::function<bool(const FrameHead&)>& wanted);

}  // namespace baton::log::local
