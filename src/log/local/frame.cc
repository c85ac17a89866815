#include "log/local/frame.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/hash.h"

namespace baton::log::local {
namespace {

static_assert(std::endian::native == std::endian::little, "the formats are little endian");

std::size_t varint_bytes(std::uint64_t v) {
  return (static_cast<std::size_t>(std::bit_width(v | 1)) + 6) / 7;
}
std::uint64_t zigzagged(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
std::size_t string_bytes(std::string_view s) {
  return varint_bytes(s.size()) + s.size();
}

std::size_t record_bytes(const Record& r) {
  return varint_bytes(zigzagged(r.time.value)) + string_bytes(r.key) + string_bytes(r.headers) + string_bytes(r.value);
}

void write_record(Writer& out, const Record& r) {
  out.zigzag(r.time.value);
  out.string(r.key);
  out.string(r.headers);
  out.string(r.value);
}

void write_at(Writer& out, TopicPartition at) {
  out.varint(at.topic.value);
  out.varint(static_cast<std::uint64_t>(at.partition.value));
}

TopicPartition read_at(Reader& in) {
  const TopicId topic(static_cast<std::uint32_t>(in.varint()));
  return {topic, PartitionId(static_cast<std::int32_t>(in.varint()))};
}

/// Commits touch few partitions: a search through the groups beats a map.
void collect_groups(Draft& draft, const Commit& commit) {
  draft.groups.clear();
  draft.order.clear();
  for (const Append& append : commit.appends) {
    auto found = std::ranges::find(draft.groups, append.to, &Group::to);
    if (found == draft.groups.end()) {
      draft.groups.push_back({append.to, 0, 0});
      found = draft.groups.end() - 1;
    }
    ++found->count;
    found->bytes += static_cast<std::uint32_t>(record_bytes(append.record));
    draft.order.push_back(static_cast<std::uint32_t>(found - draft.groups.begin()));
  }
}

void begin(Draft& draft, FrameKind kind) {
  draft.kind = kind;
  draft.bytes.assign(kHeadBytes + 8 * draft.groups.size(), '\0');
}

void finish(Draft& draft) {
  const std::string_view body = std::string_view(draft.bytes).substr(kHeadBytes + 8 * draft.groups.size());
  draft.body_crc = crc32c(body);
}

void write_groups(Writer& out, const Draft& draft, const Commit& commit) {
  for (const Group& group : draft.groups) {
    write_at(out, group.to);
    out.varint(group.count);
    out.varint(group.bytes);
  }
  if (draft.groups.size() == 1) {
    for (const Append& append : commit.appends) write_record(out, append.record);
    return;
  }
  for (std::uint32_t g = 0; g < draft.groups.size(); ++g) {
    for (std::size_t i = 0; i < commit.appends.size(); ++i) {
      if (draft.order[i] == g) write_record(out, commit.appends[i].record);
    }
  }
}

void write_effects(Writer& out, const Commit& commit) {
  out.varint(commit.consumed.size());
  for (const Consumed& c : commit.consumed) {
    write_at(out, c.from);
    out.zigzag(c.next.value);
  }
  out.varint(commit.changes.size());
  for (const Change& c : commit.changes) {
    out.u8(c.value ? 1 : 0);
    out.string(c.key);
    if (c.value) out.string(*c.value);
  }
}

void put_head(char* out, const FrameHead& head) {
  const auto kind = static_cast<std::uint32_t>(head.kind) | static_cast<std::uint32_t>(head.partitions) << 16U;
  std::memcpy(out, &head.length, 4);
  std::memcpy(out + 4, &head.crc, 4);
  std::memcpy(out + 8, &head.position.value, 8);
  std::memcpy(out + 16, &head.lag, 4);
  std::memcpy(out + 20, &head.incarnation, 4);
  std::memcpy(out + 24, &kind, 4);
}

/// body, then the place, then head (but length's neighbour, the checksum) and base offsets.
std::uint32_t checksum(std::string_view frame, std::size_t bases, std::uint32_t body_crc, std::uint64_t segment,
                       std::uint64_t at) {
  std::array<std::uint64_t, 2> place{segment, at};
  std::uint32_t crc = crc32c({reinterpret_cast<const char*>(place.data()), sizeof place}, body_crc);
  crc = crc32c(frame.substr(0, 4), crc);
  return crc32c(frame.substr(8, kHeadBytes - 8 + 8 * bases), crc);
}

}  // namespace

void draft_commit(Draft& draft, const Commit& commit) {
  collect_groups(draft, commit);
  BATON_ASSERT(draft.groups.size() <= UINT16_MAX);
  begin(draft, FrameKind::commit);
  Writer out(draft.bytes);
  out.varint(commit.owner ? commit.owner->store + 1ULL : 0);
  if (commit.owner) out.varint(commit.owner->epoch.value);
  write_groups(out, draft, commit);
  write_effects(out, commit);
  finish(draft);
}

void draft_topic(Draft& draft, const Topic& topic) {
  draft.groups.clear();
  begin(draft, FrameKind::topic);
  Writer out(draft.bytes);
  out.varint(topic.id.value);
  out.string(topic.spec.name);
  out.varint(static_cast<std::uint64_t>(topic.spec.partitions));
  out.zigzag(topic.spec.retention_ms);
  out.zigzag(topic.spec.retention_bytes);
  finish(draft);
}

void draft_owner(Draft& draft, const OwnerRecord& owner) {
  draft.groups.clear();
  begin(draft, FrameKind::owner);
  Writer out(draft.bytes);
  out.varint(owner.store);
  out.varint(owner.epoch.value);
  out.string(owner.name.owner);
  out.zigzag(owner.name.partition.value);
  out.u8(static_cast<std::uint8_t>(owner.durability));
  finish(draft);
}

void draft_opened(Draft& draft) {
  draft.groups.clear();
  begin(draft, FrameKind::opened);
  finish(draft);
}

void draft_lost(Draft& draft, std::size_t bytes) {
  BATON_ASSERT(bytes >= kHeadBytes);
  BATON_ASSERT(bytes == aligned(bytes));
  draft.groups.clear();
  begin(draft, FrameKind::lost);
  draft.bytes.resize(bytes, '\0');
  finish(draft);
}

void draft_end(Draft& draft, std::uint64_t next) {
  draft.groups.clear();
  begin(draft, FrameKind::end);
  Writer(draft.bytes).u64_fixed(next);
  finish(draft);
}

void seal(char* out, const Draft& draft, FrameHead head, const std::vector<Offset>& bases, std::uint64_t segment,
          std::uint64_t at) {
  BATON_ASSERT(bases.size() == draft.groups.size());
  head.length = static_cast<std::uint32_t>(draft.bytes.size() - kHeadBytes);
  head.kind = draft.kind;
  head.partitions = static_cast<std::uint16_t>(bases.size());
  put_head(out, head);
  for (std::size_t i = 0; i < bases.size(); ++i) std::memcpy(out + kHeadBytes + 8 * i, &bases[i].value, 8);
  head.crc = checksum({out, draft.bytes.size()}, bases.size(), draft.body_crc, segment, at);
  std::memcpy(out + 4, &head.crc, 4);
}

std::optional<FrameHead> read_head(std::string_view bytes) {
  if (bytes.size() < kHeadBytes) return std::nullopt;
  FrameHead head;
  std::uint32_t kind = 0;
  std::memcpy(&head.length, bytes.data(), 4);
  std::memcpy(&head.crc, bytes.data() + 4, 4);
  std::memcpy(&head.position.value, bytes.data() + 8, 8);
  std::memcpy(&head.lag, bytes.data() + 16, 4);
  std::memcpy(&head.incarnation, bytes.data() + 20, 4);
  std::memcpy(&kind, bytes.data() + 24, 4);
  head.partitions = static_cast<std::uint16_t>(kind >> 16U);
  const std::uint32_t low = kind & 0xffffU;
  if (low < 1 || low > static_cast<std::uint32_t>(FrameKind::lost)) return std::nullopt;
  head.kind = static_cast<FrameKind>(low);
  if (head.length < 8ULL * head.partitions) return std::nullopt;
  return head;
}

std::optional<Frame> read_frame(std::string_view bytes, std::uint64_t segment, std::uint64_t at) {
  const std::optional<FrameHead> head = read_head(bytes);
  if (!head || head->length > bytes.size() - kHeadBytes) return std::nullopt;
  const std::size_t bases = 8ULL * head->partitions;
  const std::string_view body = bytes.substr(kHeadBytes + bases, head->length - bases);
  if (checksum(bytes, head->partitions, crc32c(body), segment, at) != head->crc) return std::nullopt;
  return Frame{*head, bytes.substr(kHeadBytes, bases), body};
}

Frame trusted_frame(std::string_view bytes) {
  const std::optional<FrameHead> head = read_head(bytes);
  BATON_ASSERT(head.has_value());
  const std::size_t bases = 8ULL * head->partitions;
  return {*head, bytes.substr(kHeadBytes, bases), bytes.substr(kHeadBytes + bases, head->length - bases)};
}

std::optional<GroupView> find_group(const Frame& frame, TopicPartition partition) {
  Reader in(frame.body);
  if (in.varint() > 0) (void)in.varint();
  std::optional<GroupView> found;
  std::uint64_t before = 0;
  std::uint64_t its_bytes = 0;
  for (std::uint16_t g = 0; g < frame.head.partitions; ++g) {
    const TopicPartition at = read_at(in);
    const std::uint64_t count = in.varint();
    const std::uint64_t bytes = in.varint();
    if (at == partition) {
      found = GroupView{at, {}, static_cast<std::uint32_t>(count), {}};
      std::memcpy(&found->base.value, frame.bases.data() + 8ULL * g, 8);
      its_bytes = bytes;
    }
    if (!found) before += bytes;
  }
  const std::string_view records = in.rest();
  if (!in.ok() || !found || before > records.size() || its_bytes > records.size() - before) return std::nullopt;
  found->records = records.substr(before, its_bytes);
  return found;
}

std::optional<CommitView> read_commit(const Frame& frame) {
  Reader in(frame.body);
  CommitView view;
  const std::uint64_t store = in.varint();
  if (store > 0) view.owner = Owner{static_cast<std::uint32_t>(store - 1), Epoch(in.varint())};
  std::vector<std::uint64_t> bytes;
  for (std::uint16_t g = 0; g < frame.head.partitions; ++g) {
    GroupView group;
    group.to = read_at(in);
    group.count = static_cast<std::uint32_t>(in.varint());
    bytes.push_back(in.varint());
    std::memcpy(&group.base.value, frame.bases.data() + 8ULL * g, 8);
    view.groups.push_back(group);
  }
  std::string_view rest = in.rest();
  for (std::size_t g = 0; g < bytes.size(); ++g) {
    if (bytes[g] > rest.size()) return std::nullopt;
    view.groups[g].records = rest.substr(0, bytes[g]);
    rest.remove_prefix(bytes[g]);
  }
  view.rest = rest;
  if (!in.ok()) return std::nullopt;
  return view;
}

bool read_effects(std::string_view rest, std::vector<Consumed>& consumed, std::vector<Change>& changes) {
  Reader in(rest);
  for (std::uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
    const TopicPartition from = read_at(in);
    consumed.push_back({from, Offset(in.zigzag())});
  }
  for (std::uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
    const bool put = in.u8() != 0;
    Change change{std::string(in.string()), std::nullopt};
    if (put) change.value = std::string(in.string());
    changes.push_back(std::move(change));
  }
  return in.ok() && in.done();
}

std::optional<RecordView> take_record(std::string_view& records, Offset offset) {
  Reader in(records);
  RecordView record;
  record.offset = offset;
  record.time = Instant(in.zigzag());
  record.key = in.string();
  record.headers = in.string();
  record.value = in.string();
  if (!in.ok()) return std::nullopt;
  records = in.rest();
  return record;
}

std::optional<Topic> read_topic(const Frame& frame) {
  Reader in(frame.body);
  Topic topic;
  topic.id = TopicId(static_cast<std::uint32_t>(in.varint()));
  topic.spec.name = std::string(in.string());
  topic.spec.partitions = static_cast<std::int32_t>(in.varint());
  topic.spec.retention_ms = in.zigzag();
  topic.spec.retention_bytes = in.zigzag();
  if (!in.ok() || !in.done() || topic.spec.partitions < 1) return std::nullopt;
  return topic;
}

std::optional<OwnerRecord> read_owner(const Frame& frame) {
  Reader in(frame.body);
  OwnerRecord owner;
  owner.store = static_cast<std::uint32_t>(in.varint());
  owner.epoch = Epoch(in.varint());
  owner.name.owner = std::string(in.string());
  owner.name.partition = PartitionId(static_cast<std::int32_t>(in.zigzag()));
  owner.durability = static_cast<Durability>(in.u8());
  if (!in.ok() || !in.done()) return std::nullopt;
  return owner;
}

std::optional<std::uint64_t> read_end(const Frame& frame) {
  Reader in(frame.body);
  const std::uint64_t next = in.u64_fixed();
  if (!in.ok() || !in.done() || next == 0) return std::nullopt;
  return next;
}

}  // namespace baton::log::local
