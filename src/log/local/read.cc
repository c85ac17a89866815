#include "log/local/read.h"

#include <algorithm>

#include "base/assert.h"
#include "log/check.h"
#include "log/local/checkpoint.h"

namespace baton::log::local {
namespace {

constexpr std::size_t kRunBytesMax = 256U << 10U;
constexpr std::size_t kGapBytesMax = 16U << 10U;
constexpr std::size_t kEntriesMax = 1024;

/// Collects records until the budget is used up.
class Collector {
 public:
  Collector(const ReadPlan& plan, std::size_t bytes_max) : plan_(plan), bytes_max_(bytes_max) {
    batch_.next = plan.next;
    batch_.gap = plan.gap;
  }

  /// False: malformed, or not what the index says stands here. No offset is ever left out.
  bool add(const Frame& frame, const Entry& entry) {
    const auto group = find_group(frame, plan_.partition);
    if (!group || group->base != plan_.slice_first.plus(entry.delta)) return false;
    std::string_view records = group->records;
    for (std::uint32_t i = 0; i < group->count && !full_; ++i) {
      const auto record = take_record(records, group->base.plus(i));
      if (!record) return false;
      if (record->offset < plan_.from) continue;
      BATON_ASSERT(record->offset == batch_.next);
      add(*record, frame.head.position);
    }
    return true;
  }
  void keep(std::shared_ptr<const void> bytes) { batch_.backing.push_back(std::move(bytes)); }
  bool full() const { return full_; }
  bool empty() const { return batch_.records.empty(); }
  Batch take() { return std::move(batch_); }

 private:
  void add(const RecordView& record, Position position) {
    const std::size_t bytes = bytes_of(record);
    full_ = record.offset >= plan_.until || (!batch_.records.empty() && bytes_ + bytes > bytes_max_);
    if (full_) return;
    batch_.records.push_back(record);
    batch_.records.back().position = position;
    batch_.next = record.offset.next();
    batch_.position = position;
    bytes_ += bytes;
    full_ = bytes_ >= bytes_max_;
  }

  const ReadPlan& plan_;
  const std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  bool full_ = false;
  Batch batch_;
};

Error corrupt(const ReadPlan& plan, const std::vector<Entry>& entries, std::size_t index) {
  const Offset from = plan.slice_first.plus(entries[index].delta);
  const Offset to = index + 1 < entries.size() ? plan.slice_first.plus(entries[index + 1].delta) : plan.slice_end;
  return {Code::corrupt,
          "journal/" + segment_name(plan.segment->number) + " at byte " + std::to_string(entries[index].at) +
              ": the frame is damaged; nothing of it is served: " + "offsets " + std::to_string(from.value) + " to " +
              std::to_string(to.value - 1) + ". `baton verify` finds all such places, `baton repair` sets them aside"};
}

/// What stands in a gap is not looked at.
void cut(const ReadPlan& plan, std::vector<Entry>& entries) {
  std::erase_if(entries, [&](const Entry& entry) { return plan.slice_first.plus(entry.delta) >= plan.until; });
}

Result<void> from_memory(const ReadPlan& plan, Collector& collector) {
  std::size_t c = 0;
  collector.keep(plan.chunks[0]);
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    const Entry& entry = plan.entries[i];
    if (collector.full() || Location{plan.segment->number, entry.at} >= plan.limit) break;
    while (c + 1 < plan.chunks.size() && plan.chunks[c + 1]->from <= entry.at) collector.keep(plan.chunks[++c]);
    const Chunk& chunk = *plan.chunks[c];
    BATON_ASSERT(entry.at - chunk.from < chunk.capacity);
    const std::size_t place = entry.at - chunk.from;
    if (!collector.add(trusted_frame({chunk.data.get() + place, chunk.capacity - place}), entry))
      return corrupt(plan, plan.entries, i);
  }
  return {};
}

/// The frame at `at`: within `run` (which begins at `run_at`), or read anew if it reaches beyond.
Result<std::optional<Frame>> frame_at(const ReadPlan& plan, std::uint32_t at, std::string_view run,
                                      std::uint32_t run_at, Collector& collector) {
  const std::string_view bytes = run.substr(std::min<std::size_t>(at - run_at, run.size()));
  const auto head = read_head(bytes);
  if (!head || head->bytes() <= bytes.size()) return read_frame(bytes, plan.segment->number, at);
  if (head->bytes() > plan.segment->bytes - at) return std::optional<Frame>();
  auto whole = std::make_shared<std::string>(head->bytes(), '\0');
  BATON_TRY(const std::size_t n, plan.segment->file->read(at, *whole));
  collector.keep(whole);
  return read_frame(std::string_view(*whole).substr(0, n), plan.segment->number, at);
}

/// Frames that stand close to each other are read with one call.
std::size_t run_end(const std::vector<Entry>& entries, std::size_t begin, std::size_t bytes_max) {
  const std::size_t most = std::min(kRunBytesMax, std::max(bytes_max, kGapBytesMax));
  BATON_ASSERT(begin < entries.size());
  std::size_t end = begin + 1;
  while (end < entries.size() && entries[end].at - entries[end - 1].at <= kGapBytesMax &&
         entries[end].at - entries[begin].at <= most) {
    ++end;
  }
  return end;
}

Result<void> from_file(const ReadPlan& plan, const std::vector<Entry>& entries, std::size_t bytes_max,
                       Collector& collector) {
  for (std::size_t i = 0; i < entries.size() && !collector.full();) {
    const std::size_t end = run_end(entries, i, bytes_max);
    const std::uint32_t run_at = entries[i].at;
    BATON_ASSERT(run_at < plan.segment->bytes);
    auto run = std::make_shared<std::string>(
        std::min<std::size_t>(entries[end - 1].at - run_at + kGapBytesMax, plan.segment->bytes - run_at), '\0');
    BATON_TRY(const std::size_t n, plan.segment->file->read(run_at, *run));
    collector.keep(run);
    for (; i < end && !collector.full(); ++i) {
      if (Location{plan.segment->number, entries[i].at} >= plan.limit) return {};
      BATON_TRY(const auto frame,
                frame_at(plan, entries[i].at, std::string_view(*run).substr(0, n), run_at, collector));
      if (frame && frame->head.kind == FrameKind::commit && collector.add(*frame, entries[i])) continue;
      if (!collector.empty()) return {};  // what came before is good; the next call begins here and says so
      return corrupt(plan, entries, i);
    }
  }
  return {};
}

Result<std::vector<Entry>> stored_entries(const ReadPlan& plan, const StateStore& state) {
  BATON_TRY(std::vector<Entry> entries, load_entries(state, plan.segment->number, plan.partition));
  const std::size_t begin = entry_of(entries, plan.slice_first, plan.from);
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(begin));
  if (entries.size() > kEntriesMax + 1) entries.resize(kEntriesMax + 1);
  cut(plan, entries);
  return entries;
}

}  // namespace

Result<Batch> execute(const ReadPlan& plan, const StateStore& state, std::size_t bytes_max) {
  Collector collector(plan, bytes_max);
  if (!plan.segment) return collector.take();
  if (!plan.loaded) {
    BATON_TRY(const std::vector<Entry> entries, stored_entries(plan, state));
    BATON_CHECK(from_file(plan, entries, bytes_max, collector));
  } else if (plan.chunks.empty()) {
    std::vector<Entry> entries = plan.entries;
    cut(plan, entries);
    BATON_CHECK(from_file(plan, entries, bytes_max, collector));
  } else {
    BATON_CHECK(from_memory(plan, collector));
  }
  return collector.take();
}

}  // namespace baton::log::local
