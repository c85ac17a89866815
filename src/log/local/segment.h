// Files of the journal: preallocated, numbered from 1 in the order of their use, reused when nothing in them is needed.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "log/local/disk.h"

namespace baton::log::local {

/// A place in the journal.
struct Location {
  std::uint64_t segment = 0;
  std::uint32_t at = 0;  ///< bytes from the begin of the segment's file
  auto operator<=>(const Location&) const = default;
};

/// The header has blocks of its own, so that no torn write of a frame can harm it.
inline constexpr std::uint32_t kSegmentHeaderBytes = 4096;

struct Segment {
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;
  std::unique_ptr<File> file;
};

std::string segment_name(std::uint64_t number);
/// Nothing: not a segment's name.
std::optional<std::uint64_t> segment_number(std::string_view name);

/// The bytes that a segment's file begins with.
std::string segment_header(std::uint64_t number, std::uint64_t bytes);
/// What to do about a folder of another format than `wanted`.
std::string format_advice(std::uint64_t found, std::uint64_t wanted);

/// How to make one ready for use.
struct SegmentPlan {
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;
  std::uint64_t zero_bytes = 0;          ///< so many bytes from the begin are written with zeros
  std::optional<std::uint64_t> recycle;  ///< the former number of a file of the same size
};

/// Durable when it returns. `written` is added to. Errors: out_of_space (nothing is left behind), io.
Result<std::shared_ptr<Segment>> prepare_segment(Disk& disk, const SegmentPlan& plan, std::uint64_t& written);
/// Nothing: its header is not that of this number (a crash came while it was made ready, or it is damaged).
Result<std::shared_ptr<Segment>> open_segment(Disk& disk, std::uint64_t number);

}  // namespace baton::log::local
