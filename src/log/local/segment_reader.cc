#include "log/local/segment_reader.h"

#include <algorithm>

#include "base/assert.h"

namespace baton::log::local {
namespace {
constexpr std::size_t kWindowBytes = 1U << 20U;

/// Its kind is one. Tells at once of zeros, which most of a young segment is.
bool may_be_head(const char* bytes) {
  return bytes[24] != 0 && bytes[25] == 0;
}
}  // namespace

/// Bytes from `at` on: at least `least`, but for the segment's end.
Result<std::string_view> SegmentReader::bytes(std::uint32_t at, std::size_t least) {
  const bool inside = at >= window_at_ && at + least <= window_at_ + window_.size();
  if (!inside) {
    const std::size_t most = at < segment_.bytes ? segment_.bytes - at : 0;
    window_.resize(std::min(most, std::max(least, kWindowBytes)));
    BATON_TRY(const std::size_t n, segment_.file->read(at, window_));
    window_.resize(n);
    window_at_ = at;
  }
  return std::string_view(window_).substr(at - window_at_);
}

Result<std::optional<Frame>> SegmentReader::next() {
  BATON_ASSERT(at_ % kAlign == 0);
  BATON_TRY(std::string_view found, bytes(at_, kHeadBytes));
  const std::optional<FrameHead> head = read_head(found);
  if (!head || head->bytes() > segment_.bytes - at_) return std::optional<Frame>();
  BATON_TRY(found, bytes(at_, head->bytes()));
  const std::optional<Frame> frame = read_frame(found, segment_.number, at_);
  if (frame) at_ += static_cast<std::uint32_t>(frame->head.bytes());
  return frame;
}

Result<std::optional<std::uint32_t>> find_frame(const Segment& segment, std::uint32_t from, std::uint64_t to,
                                                const std::function<bool(const FrameHead&)>& wanted) {
  BATON_ASSERT(from % kAlign == 0);
  std::string window;
  for (std::uint64_t begin = from; begin < std::min(to, segment.bytes); begin += kWindowBytes) {
    window.resize(std::min<std::uint64_t>(kWindowBytes + kHeadBytes, segment.bytes - begin));
    BATON_TRY(const std::size_t n, segment.file->read(begin, window));
    const std::string_view bytes(window.data(), n);
    for (std::size_t i = 0; i + kHeadBytes <= bytes.size() && i < kWindowBytes; i += kAlign) {
      if (!may_be_head(bytes.data() + i)) continue;
      const std::optional<FrameHead> head = read_head(bytes.substr(i, kHeadBytes));
      if (!head || !wanted(*head)) continue;
      SegmentReader reader(segment, static_cast<std::uint32_t>(begin + i));
      BATON_TRY(const std::optional<Frame> frame, reader.next());
      if (frame) return std::optional(static_cast<std::uint32_t>(begin + i));
    }
  }
  return std::optional<std::uint32_t>();
}

}  // namespace baton::log::local
