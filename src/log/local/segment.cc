#include "log/local/segment.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"

namespace baton::log::local {
namespace {

constexpr std::string_view kMagic = "BATONJNL";
constexpr std::uint32_t kVersion = 2;
constexpr std::string_view kSuffix = ".segment";
constexpr std::size_t kDigits = 16;
constexpr std::size_t kHeaderUsed = 32;

}  // namespace

std::string segment_header(std::uint64_t number, std::uint64_t bytes) {
  std::string out;
  Writer writer(out);
  out.append(kMagic);
  writer.u32_fixed(kVersion);
  writer.u64_fixed(number);
  writer.u64_fixed(bytes);
  writer.u32_fixed(crc32c(out));
  out.resize(kSegmentHeaderBytes, '\0');
  return out;
}

namespace {

Result<std::shared_ptr<Segment>> fill(Disk& disk, const SegmentPlan& plan, std::uint64_t& written) {
  BATON_TRY(std::unique_ptr<File> file, disk.open(segment_name(plan.number)));
  BATON_CHECK(file->preallocate(plan.bytes));
  if (!plan.recycle) {
    BATON_CHECK(file->zero(plan.zero_bytes));
    written += plan.zero_bytes;
  }
  BATON_CHECK(file->write(0, segment_header(plan.number, plan.bytes), 0));
  written += kSegmentHeaderBytes;
  BATON_CHECK(file->sync());
  BATON_CHECK(disk.sync_folder());
  return std::make_shared<Segment>(plan.number, plan.bytes, std::move(file));
}

}  // namespace

std::string segment_name(std::uint64_t number) {
  std::string digits = std::to_string(number);
  return std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits + std::string(kSuffix);
}

std::optional<std::uint64_t> segment_number(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

std::string format_advice(std::uint64_t found, std::uint64_t wanted) {
  return "this Baton reads format " + std::to_string(wanted) + ". Run the Baton that wrote the folder" +
         (found < wanted ? ", or begin with a new one (--data)" : ", or a newer one than this");
}

Result<std::shared_ptr<Segment>> prepare_segment(Disk& disk, const SegmentPlan& plan, std::uint64_t& written) {
  BATON_ASSERT(plan.bytes > kSegmentHeaderBytes);
  BATON_ASSERT(plan.zero_bytes <= plan.bytes);
  BATON_ASSERT(!plan.recycle || *plan.recycle < plan.number);
  const std::string name = segment_name(plan.number);
  if (plan.recycle) BATON_CHECK(disk.rename(segment_name(*plan.recycle), name));
  auto segment = fill(disk, plan, written);
  if (!segment) (void)disk.unlink(name);
  return segment;
}

Result<std::shared_ptr<Segment>> open_segment(Disk& disk, std::uint64_t number) {
  BATON_TRY(std::unique_ptr<File> file, disk.open(segment_name(number)));
  std::array<char, kHeaderUsed> bytes{};
  BATON_TRY(const std::size_t n, file->read(0, bytes));
  BATON_TRY(const std::uint64_t size, file->size());
  const std::string_view found(bytes.data(), n);
  Reader in(found);
  const bool magic = found.starts_with(kMagic);
  (void)in.u64_fixed();
  const std::uint32_t version = in.u32_fixed();
  const std::uint64_t its_number = in.u64_fixed();
  const std::uint64_t its_bytes = in.u64_fixed();
  const std::uint32_t crc = in.u32_fixed();
  if (!in.ok() || !magic || crc != crc32c(found.substr(0, kHeaderUsed - 4))) return std::shared_ptr<Segment>();
  if (version != kVersion) {
    return Error{Code::unsupported, segment_name(number) + ": journal format " + std::to_string(version) + "; " +
                                        format_advice(version, kVersion)};
  }
  if (its_number != number || its_bytes > size) return std::shared_ptr<Segment>();
  return std::make_shared<Segment>(number, its_bytes, std::move(file));
}

}  // namespace baton::log::local
