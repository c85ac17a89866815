#include "log/local/care_steps.h"

#include <algorithm>

#include "base/assert.h"
#include "log/local/segment_reader.h"

namespace baton::log::local {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEndBytes = aligned(kHeadBytes + 8);

std::string name_of(TopicPartition at, const std::vector<Topic>& topics) {
  const bool known = at.topic.value < topics.size();
  return (known ? topics[at.topic.value].spec.name : "topic " + std::to_string(at.topic.value)) + "/" +
         std::to_string(at.partition.value);
}

std::string what_of(const Damage& damage) {
  switch (damage.kind) {
    case Damage::Kind::header:
      return "the segment's header is damaged";
    case Damage::Kind::missing:
      return "the file is missing";
    case Damage::Kind::frames:
    case Damage::Kind::rest:
      return damage.replayed ? "commits behind the checkpoint are damaged" : "commits are damaged";
  }
  return "";
}

/// Seals `draft` at its place in the file.
Result<void> write_frame(File& file, const Draft& draft, const Damage& damage, Position position, std::uint64_t at) {
  std::string bytes = draft.bytes;
  bytes.resize(aligned(bytes.size()), '\0');
  FrameHead head;
  head.position = position;
  head.incarnation = damage.incarnation;
  seal(bytes.data(), draft, head, {}, damage.segment, at);
  return file.write(at, bytes, 0);
}

/// A file that the journal can go on in: a header, and `lost` where the commits were.
Result<void> make_again(Disk& disk, const Damage& damage) {
  constexpr std::uint64_t kLeast = 64U << 20U;
  BATON_ASSERT(damage.to > kSegmentHeaderBytes);
  std::uint64_t bytes = kLeast;
  BATON_TRY(const std::vector<std::string> names, disk.list());
  for (const std::string& name : names) {
    if (!segment_number(name)) continue;
    BATON_TRY(const std::unique_ptr<File> other, disk.open(name));
    BATON_TRY(bytes, other->size());
  }
  BATON_TRY(const std::unique_ptr<File> file, disk.open(segment_name(damage.segment)));
  BATON_CHECK(file->preallocate(std::max(bytes, damage.to + kSegmentHeaderBytes)));
  BATON_TRY(const std::uint64_t size, file->size());
  BATON_CHECK(file->write(0, segment_header(damage.segment, size), 0));
  Draft draft;
  draft_lost(draft, damage.to - kSegmentHeaderBytes);
  BATON_CHECK(write_frame(*file, draft, damage, damage.last, kSegmentHeaderBytes));
  BATON_CHECK(file->sync());
  return disk.sync_folder();
}

/// `lost` over the damaged bytes, and at a segment's end, where that must say which one goes on, an `end` too.
Result<bool> mend(Disk& disk, const Damage& damage) {
  BATON_TRY(const std::unique_ptr<File> file, disk.open(segment_name(damage.segment)));
  BATON_TRY(const std::uint64_t size, file->size());
  if (damage.kind == Damage::Kind::header) {
    BATON_CHECK(file->write(0, segment_header(damage.segment, size), 0));
    BATON_CHECK(file->sync());
    return true;
  }
  BATON_ASSERT(damage.from < damage.to);
  BATON_ASSERT(damage.to <= size);
  const std::size_t room = damage.to - damage.from;
  const bool rest = damage.kind == Damage::Kind::rest;
  if (room < (rest ? kEndBytes : kHeadBytes)) return false;
  Draft draft;
  std::uint64_t at = damage.from;
  if (!rest || room >= kHeadBytes + kEndBytes) {
    draft_lost(draft, rest ? kHeadBytes : room);
    BATON_CHECK(write_frame(*file, draft, damage, damage.last, at));
    at += draft.bytes.size();
  }
  if (rest) {
    draft_end(draft, damage.next);
    BATON_CHECK(write_frame(*file, draft, damage, damage.last, at));
  }
  BATON_CHECK(file->sync());
  return true;
}

std::string done_of(const Damage& damage, const std::string& copy) {
  const std::string name = "journal/" + segment_name(damage.segment);
  if (damage.kind == Damage::Kind::header) return name + " got a header again; as it was: " + copy;
  return name + " bytes " + std::to_string(damage.from) + " to " + std::to_string(damage.to) +
         " are marked as lost; as it was: " + copy;
}

}  // namespace

Aside::Aside(fs::path folder, bool only_tell) : folder_(std::move(folder)), only_tell_(only_tell) {
  std::error_code none;
  for (int n = 1; to_.empty() || fs::exists(to_, none); ++n) to_ = folder_ / "damaged" / std::to_string(n);
}

Result<fs::path> Aside::make(const std::string& name) {
  const fs::path to = to_ / name;
  std::error_code failed;
  if (!only_tell_) fs::create_directories(to.parent_path(), failed);
  if (failed) return Error{Code::io, "create " + to.parent_path().string() + ": " + failed.message()};
  return to;
}

Result<std::string> Aside::move(const std::string& name) {
  BATON_TRY(const fs::path to, make(name));
  std::error_code failed;
  if (!only_tell_) fs::rename(folder_ / name, to, failed);
  if (failed) return Error{Code::io, "move " + (folder_ / name).string() + ": " + failed.message()};
  return to.string();
}

Result<std::string> Aside::copy(const std::string& name) {
  if (const auto known = copied_.find(name); known != copied_.end()) return known->second;
  BATON_TRY(const fs::path to, make(name));
  std::error_code failed;
  if (!only_tell_) fs::copy_file(folder_ / name, to, failed);
  if (failed == std::errc::no_space_on_device)
    return Error{Code::out_of_space, "copy " + (folder_ / name).string() + ": " + failed.message()};
  if (failed) return Error{Code::io, "copy " + (folder_ / name).string() + ": " + failed.message()};
  return copied_.emplace(name, to.string()).first->second;
}

Finding describe(const Damage& damage, const std::vector<Topic>& topics) {
  Finding finding;
  finding.where = "journal/" + segment_name(damage.segment);
  if (damage.kind == Damage::Kind::frames || damage.kind == Damage::Kind::rest)
    finding.where += " bytes " + std::to_string(damage.from) + " to " + std::to_string(damage.to);
  finding.what = what_of(damage);
  for (const Damage::Records& r : damage.records) {
    finding.held.push_back(name_of(r.partition, topics) + " offsets " + std::to_string(r.from.value) + " to " +
                           std::to_string(r.to.value - 1) + ", taken before " + to_rfc3339(r.taken_at.next()));
  }
  if (damage.replayed) {
    finding.held.push_back("commits up to number " + std::to_string(damage.last.value) +
                           " with their records and changes of state");
  }
  finding.repairable = !(damage.replayed && damage.kind == Damage::Kind::missing);
  return finding;
}

Result<std::optional<std::string>> why_not_rebuilt(Disk& disk, const Inspection& found) {
  for (const Damage& damage : found.damages) {
    if (damage.kind != Damage::Kind::missing) continue;
    return std::optional("the state is damaged, and can't be computed again: journal/" + segment_name(damage.segment) +
                         " is missing. Restore the folder from a copy");
  }
  std::uint64_t least = UINT64_MAX;
  BATON_TRY(const std::vector<std::string> names, disk.list());
  for (const std::string& name : names) least = std::min(least, segment_number(name).value_or(UINT64_MAX));
  if (least == UINT64_MAX)
    return std::optional<std::string>(
        "the state is damaged, and there is no journal to compute it from. Restore the folder from a copy");
  BATON_TRY(const auto segment, open_segment(disk, least));
  if (!segment) return std::optional<std::string>();  // its header is mended first; recovery says what it then finds
  SegmentReader reader(*segment, kSegmentHeaderBytes);
  BATON_TRY(const auto frame, reader.next());
  if (!frame || frame->head.position.value <= 1) return std::optional<std::string>();
  return std::optional(
      "the state is damaged, and the journal reaches back to commit " + std::to_string(frame->head.position.value) +
      " only: instances that began before, their timers and what was consumed can't be computed again. "
      "Restore the folder from a copy");
}

Result<void> mend_segments(Disk& disk, const Inspection& found, Aside& aside, bool only_tell, Repaired& repaired) {
  for (const Damage& damage : found.damages) {
    if (damage.kind == Damage::Kind::missing) {
      if (damage.replayed)
        repaired.impossible.push_back("journal/" + segment_name(damage.segment) +
                                      " is missing, and the journal goes on in it. Restore the folder from a copy");
      if (damage.to > 0 && !only_tell) BATON_CHECK(make_again(disk, damage));
      if (damage.to > 0) repaired.done.push_back("journal/" + segment_name(damage.segment) + " was made again, empty");
      continue;
    }
    BATON_TRY(const std::string copy, aside.copy("journal/" + segment_name(damage.segment)));
    if (!only_tell) {
      BATON_TRY(const bool mended, mend(disk, damage));
      if (!mended) {
        repaired.impossible.push_back("journal/" + segment_name(damage.segment) + " at byte " +
                                      std::to_string(damage.from) + ": there is no room for a mark of what was lost");
        continue;
      }
    }
    repaired.done.push_back(done_of(damage, copy));
  }
  return {};
}

bool touches_index(const Inspection& found) {
  return std::ranges::any_of(found.damages, [](const Damage& damage) {
    return !damage.records.empty() || (damage.kind == Damage::Kind::missing && !damage.replayed);
  });
}

Result<void> write_gaps(StateStore& state, Restored& restored, const Inspection& found) {
  std::vector<std::uint64_t> missing;
  for (const Damage& damage : found.damages) {
    for (const Damage::Records& records : damage.records) {
      PartitionIndex* partition = restored.topics.partition(records.partition);
      BATON_ASSERT(partition != nullptr);
      partition->lose({records.from, records.to, "damaged, and set aside by a repair"});
    }
    if (damage.kind == Damage::Kind::missing && !damage.replayed) missing.push_back(damage.segment);
  }
  return rewrite_index(state, restored, missing);
}

}  // namespace baton::log::local
