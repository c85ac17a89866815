#include "log/local/inspect.h"

#include <algorithm>

#include "base/assert.h"
#include "log/local/segment_reader.h"

namespace baton::log::local {
namespace {

/// What the index has at one place: the records of a frame.
using Expected = std::multimap<std::uint32_t, Damage::Records>;

/// The index of one segment, by place. The last entry of a slice ends with the slice.
Result<Expected> expected_of(const StateStore& state, const Restored& restored, std::uint64_t segment) {
  Expected expected;
  for (std::uint32_t t = 0; t < restored.topics.all().size(); ++t) {
    const auto& partitions = restored.topics.all()[t].partitions;
    for (std::size_t p = 0; p < partitions.size(); ++p) {
      for (const Slice& slice : partitions[p].slices()) {
        if (slice.segment != segment) continue;
        const TopicPartition at{TopicId(t), PartitionId(static_cast<std::int32_t>(p))};
        BATON_TRY(const std::vector<Entry> entries, load_entries(state, segment, at));
        for (std::size_t i = 0; i < entries.size(); ++i) {
          const Offset from = slice.first.plus(entries[i].delta);
          const Offset next = i + 1 < entries.size() ? slice.first.plus(entries[i + 1].delta) : slice.end();
          const Offset to = std::min(next, partitions[p].gap_after(from));
          if (partitions[p].gap_at(from) == nullptr)
            expected.emplace(entries[i].at, Damage::Records{at, from, to, slice.taken_at});
        }
      }
    }
  }
  return expected;
}

class Inspector {
 public:
  Inspector(Disk& disk, const StateStore* state, const Restored& restored,
            const std::function<void(const Progress&)>& tell)
      : disk_(disk), state_(state), restored_(restored), tell_(tell) {}

  Result<Inspection> run() {
    found_.topics = restored_.topics.list();
    BATON_CHECK(open_all());
    for (const std::uint64_t number : restored_.segments) {
      if (number < restored_.end.segment) BATON_CHECK(indexed(number, UINT64_MAX));
    }
    if (restored_.found) {
      BATON_CHECK(indexed(restored_.end.segment, restored_.end.at));
    }
    BATON_CHECK(replayed());
    return std::move(found_);
  }

 private:
  /// All files, those with a damaged header too: by their names and sizes.
  Result<void> open_all() {
    BATON_TRY(const std::vector<std::string> names, disk_.list());
    for (const std::string& name : names) {
      const auto number = segment_number(name);
      if (!number) continue;
      BATON_TRY(std::shared_ptr<Segment> segment, open_segment(disk_, *number));
      if (!segment) {
        BATON_TRY(std::unique_ptr<File> file, disk_.open(name));
        BATON_TRY(const std::uint64_t bytes, file->size());
        segment = std::make_shared<Segment>(*number, bytes, std::move(file));
        headless_.insert(*number);
      }
      total_ += segment->bytes;
      files_.emplace(*number, std::move(segment));
    }
    found_.segments = files_.size();
    return {};
  }

  bool known(std::uint64_t number) const { return std::ranges::count(restored_.segments, number) > 0; }

  void tell(std::uint64_t bytes) {
    done_ += bytes;
    if (tell_ && done_ >= told_ + (16U << 20U)) {
      told_ = done_;
      tell_({"the journal is read", std::min(done_, total_), total_});
    }
  }

  /// A segment, or the part of it before `limit`, that the checkpoint stands for.
  Result<void> indexed(std::uint64_t number, std::uint64_t limit) {
    Expected expected;
    if (state_ != nullptr && known(number)) {
      BATON_TRY(expected, expected_of(*state_, restored_, number));
    }
    const auto file = files_.find(number);
    if (file == files_.end()) return missing(number, expected);
    if (headless_.contains(number)) found_.damages.push_back({number, 0, kSegmentHeaderBytes, Damage::Kind::header});
    const Segment& segment = *file->second;
    SegmentReader reader(segment, kSegmentHeaderBytes);
    Position last;
    std::uint32_t incarnation = 1;
    while (reader.at() < limit) {
      const std::uint32_t at = reader.at();
      BATON_TRY(const std::optional<Frame> frame, reader.next());
      if (frame && as_expected(*frame, at, expected)) {
        ++found_.frames;
        tell(frame->head.bytes());
        last = frame->head.position;
        incarnation = frame->head.incarnation;
        if (frame->head.kind == FrameKind::end) break;
        continue;
      }
      const auto whole = [&](const FrameHead& head) {
        return head.position <= restored_.last && head.position >= last && head.incarnation >= incarnation;
      };
      const std::uint64_t to = std::min<std::uint64_t>(limit, segment.bytes);
      BATON_TRY(const auto next, find_frame(segment, at + kAlign, to, whole));
      const bool rest = !next && limit > segment.bytes;
      Damage damage{number, at, next ? *next : to, rest ? Damage::Kind::rest : Damage::Kind::frames, last, incarnation};
      if (rest) damage.next = next_after(number);
      take(damage, expected);
      BATON_TRY(damage.last, last_lost(segment, damage));
      found_.damages.push_back(damage);
      if (rest) break;
      reader.move_to(static_cast<std::uint32_t>(damage.to));
    }
    BATON_ASSERT(reader.at() <= std::max<std::uint64_t>(limit, segment.bytes));
    return {};
  }

  /// Do the frame's groups begin and count as the index says? Takes them out of it.
  bool as_expected(const Frame& frame, std::uint32_t at, Expected& expected) {
    const auto [begin, end] = expected.equal_range(at);
    for (auto one = begin; one != end; ++one) {
      if (frame.head.kind != FrameKind::commit) return false;
      const auto group = find_group(frame, one->second.partition);
      if (!group || group->base != one->second.from || group->base.plus(group->count) != one->second.to) return false;
      found_.records += group->count;
    }
    expected.erase(begin, end);
    return true;
  }

  static void take(Damage& damage, Expected& expected) {
    const auto begin = expected.lower_bound(static_cast<std::uint32_t>(damage.from));
    const auto end =
        damage.to > UINT32_MAX ? expected.end() : expected.lower_bound(static_cast<std::uint32_t>(damage.to));
    for (auto at = begin; at != end; ++at) damage.records.push_back(at->second);
    expected.erase(begin, end);
  }

  /// The position that the frame behind the damage follows.
  static Result<Position> last_lost(const Segment& segment, const Damage& damage) {
    if (damage.kind == Damage::Kind::rest) return damage.last;
    SegmentReader reader(segment, static_cast<std::uint32_t>(damage.to));
    BATON_TRY(const std::optional<Frame> next, reader.next());
    if (!next || next->head.position < damage.last) return damage.last;
    const bool own = takes_position(next->head.kind);
    return own ? Position(next->head.position.value - 1) : next->head.position;
  }

  Result<void> missing(std::uint64_t number, const Expected& expected) {
    Damage damage{number, 0, 0, Damage::Kind::missing, restored_.last, restored_.incarnation};
    if (number == restored_.end.segment) damage.to = restored_.end.at;  // the journal goes on there
    for (const auto& [at, records] : expected) damage.records.push_back(records);
    found_.damages.push_back(std::move(damage));
    return {};
  }

  std::uint64_t next_after(std::uint64_t number) const {
    const auto next = files_.upper_bound(number);
    return next == files_.end() ? number + 1 : next->first;
  }

  /// From the checkpoint on the journal follows itself, as recovery reads it.
  Result<void> replayed() {
    if (files_.empty()) return {};
    Location at = restored_.found ? restored_.end : Location{files_.begin()->first, kSegmentHeaderBytes};
    Position last = restored_.last;
    if (!restored_.found) {
      BATON_TRY(last, before_first(at));
    }
    std::uint32_t incarnation = restored_.incarnation;
    std::optional<SegmentReader> reader;
    std::uint64_t reading = 0;
    while (true) {
      const auto file = files_.find(at.segment);
      if (file == files_.end()) {
        if (at.segment == restored_.end.segment && restored_.found) return {};  // found to be missing already
        found_.damages.push_back({at.segment, 0, 0, Damage::Kind::missing, last, incarnation});
        found_.damages.back().replayed = true;
        return {};
      }
      const Segment& segment = *file->second;
      if (headless_.contains(at.segment) && (!restored_.found || at.segment > restored_.end.segment))
        found_.damages.push_back({at.segment, 0, kSegmentHeaderBytes, Damage::Kind::header});
      if (!reader || reading != at.segment) reader.emplace(segment, at.at);
      reading = at.segment;
      reader->move_to(at.at);
      BATON_TRY(const std::optional<Frame> frame, reader->next());
      const bool follows = frame && frame->head.incarnation >= incarnation && position_follows(frame->head, last);
      if (follows) {
        ++found_.frames;
        tell(frame->head.bytes());
        incarnation = frame->head.incarnation;
        last = frame->head.position;
        if (frame->head.kind == FrameKind::end) {
          at = {*read_end(*frame), kSegmentHeaderBytes};
        } else {
          at.at += static_cast<std::uint32_t>(frame->head.bytes());
        }
        continue;
      }
      BATON_TRY(const bool goes_on, behind(at, last, incarnation));
      if (!goes_on) return {};
    }
  }

  static bool position_follows(const FrameHead& head, Position last) {
    if (head.kind == FrameKind::lost) return head.position >= last;
    return head.position == (takes_position(head.kind) ? last.next() : last);
  }

  Result<Position> before_first(Location at) {
    SegmentReader reader(*files_.at(at.segment), at.at);
    BATON_TRY(const std::optional<Frame> frame, reader.next());
    if (!frame) return Position();
    return takes_position(frame->head.kind) ? Position(frame->head.position.value - 1) : frame->head.position;
  }

  /// Nothing that follows stands at `at`: the journal's end, or damage, if what is behind proves it; then moves there.
  Result<bool> behind(Location& at, Position& last, std::uint32_t& incarnation) {
    const Tail tail{at, last, incarnation, total_ / kHeadBytes, false};
    for (auto file = files_.lower_bound(at.segment); file != files_.end(); ++file) {
      const bool here = file->first == at.segment;
      const auto proves = [&](const FrameHead& head) { return here ? tail.proves_loss(head) : tail.follows(head); };
      const std::uint32_t from = here ? at.at : kSegmentHeaderBytes;
      BATON_TRY(const auto proof, find_frame(*file->second, from, file->second->bytes, proves));
      if (!proof) continue;
      // The first whole frame behind the damage may stand before the one that proves it.
      const auto whole = [&](const FrameHead& head) { return tail.follows(head) && head.incarnation >= incarnation; };
      BATON_TRY(const auto first,
                find_frame(*file->second, here ? at.at + kAlign : kSegmentHeaderBytes, *proof + kAlign, whole));
      const std::uint32_t to = first ? *first : *proof;
      Damage damage{at.segment,
                    at.at,
                    here ? to : files_.at(at.segment)->bytes,
                    here ? Damage::Kind::frames : Damage::Kind::rest,
                    last,
                    incarnation};
      damage.next = file->first;
      damage.replayed = true;
      SegmentReader reader(*file->second, to);
      BATON_TRY(const std::optional<Frame> next, reader.next());
      BATON_ASSERT(next.has_value());
      const Position position = next->head.position;
      damage.last = takes_position(next->head.kind) ? Position(position.value - 1) : position;
      found_.damages.push_back(damage);
      at = {file->first, to};
      last = damage.last;
      incarnation = next->head.incarnation;
      return true;
    }
    BATON_CHECK(note_torn(at, last));
    return false;
  }

  Result<void> note_torn(Location at, Position last) {
    std::string bytes(kHeadBytes, '\0');
    BATON_TRY(const std::size_t n, files_.at(at.segment)->file->read(at.at, bytes));
    const auto head = read_head(std::string_view(bytes).substr(0, n));
    if (head && head->position == last.next()) found_.torn_bytes = head->bytes();
    return {};
  }

  Disk& disk_;
  const StateStore* state_;
  const Restored& restored_;
  const std::function<void(const Progress&)>& tell_;
  std::map<std::uint64_t, std::shared_ptr<Segment>> files_;
  std::set<std::uint64_t> headless_;
  std::uint64_t total_ = 0, done_ = 0, told_ = 0;
  Inspection found_;
};

}  // namespace

Result<Inspection> inspect(Disk& disk, const StateStore* state, const Restored& restored,
                           const std::function<void(const Progress&)>& tell) {
  return Inspector(disk, state, restored, tell).run();
}

}  // namespace baton::log::local
