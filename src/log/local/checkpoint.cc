#include "log/local/checkpoint.h"

#include "base/assert.h"
#include "base/bytes.h"

namespace baton::log::local {
namespace {

constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kBatchBytes = 1U << 20U;

void big_endian(std::string& out, std::uint64_t v, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(v >> (8U * static_cast<unsigned>(i))));
}

std::uint64_t from_big_endian(std::string_view in) {
  std::uint64_t v = 0;
  for (const char c : in) v = v << 8U | static_cast<unsigned char>(c);
  return v;
}

std::string meta_key(char kind, std::uint64_t number, int bytes) {
  std::string key(1, kind);
  big_endian(key, number, bytes);
  return key;
}

std::string entries_key(std::uint64_t segment, TopicPartition at) {
  std::string key = meta_key('E', segment, 8);
  big_endian(key, at.topic.value, 4);
  big_endian(key, static_cast<std::uint32_t>(at.partition.value), 4);
  return key;
}

std::string encode_main(const JournalFreeze& freeze) {
  std::string value;
  Writer out(value);
  out.varint(kVersion);
  out.varint(freeze.last.value);
  out.varint(freeze.end.segment);
  out.varint(freeze.end.at);
  out.varint(freeze.incarnation);
  out.varint(freeze.topics.size());
  for (const TopicIndex& topic : freeze.topics) {
    out.string(topic.spec.name);
    out.varint(static_cast<std::uint64_t>(topic.spec.partitions));
    out.zigzag(topic.spec.retention_ms);
    out.zigzag(topic.spec.retention_bytes);
    for (const PartitionIndex& partition : topic.partitions) {
      out.zigzag(partition.first().value);
      out.zigzag(partition.end().value);
      out.varint(partition.gaps().size());
      for (const Gap& gap : partition.gaps()) {
        out.zigzag(gap.from.value);
        out.zigzag(gap.to.value);
        out.string(gap.why);
      }
    }
  }
  return value;
}

std::string encode_store(const StoreFreeze& store) {
  std::string value;
  Writer out(value);
  out.string(store.store->name.owner);
  out.zigzag(store.store->name.partition.value);
  out.u8(static_cast<std::uint8_t>(store.store->durability));
  out.varint(store.epoch.value);
  out.varint(store.consumed.size());
  for (const auto& [from, next] : store.consumed) {
    out.varint(from.topic.value);
    out.varint(static_cast<std::uint64_t>(from.partition.value));
    out.zigzag(next.value);
  }
  return value;
}

std::string encode_slices(const std::vector<JournalFreeze::PersistedSlice>& slices) {
  std::string value;
  Writer out(value);
  out.varint(slices.size());
  for (const auto& [at, slice, changed] : slices) {
    out.varint(at.topic.value);
    out.varint(static_cast<std::uint64_t>(at.partition.value));
    out.zigzag(slice.first.value);
    out.varint(slice.count);
    out.varint(slice.bytes);
    out.zigzag(slice.taken_at.value);
  }
  return value;
}

std::string encode_entries(const std::vector<Entry>& entries) {
  std::string value;
  Writer out(value);
  Entry before;
  for (const Entry& entry : entries) {
    BATON_ASSERT(entry.delta >= before.delta);
    BATON_ASSERT(entry.at >= before.at);
    BATON_ASSERT(entry.at % kAlign == 0);
    out.varint(entry.delta - before.delta);
    out.varint((entry.at - before.at) / kAlign);
    before = entry;
  }
  return value;
}

void add_index(StoreBatch& batch, const StateStore& state, const JournalFreeze& freeze) {
  for (const auto& [segment, slices] : freeze.segments) {
    batch.emplace_back(meta_key('S', segment, 8), encode_slices(slices));
    for (const auto& [at, slice, changed] : slices) {
      if (changed) batch.emplace_back(entries_key(segment, at), encode_entries(slice.entries));
    }
  }
  for (const std::uint64_t segment : freeze.gone) {
    batch.emplace_back(meta_key('S', segment, 8), std::nullopt);
    const auto entries = state.scan(meta_key('E', segment, 8), meta_key('E', segment + 1, 8));
    for (; entries->valid(); entries->next()) batch.emplace_back(std::string(entries->key()), std::nullopt);
  }
}

/// Adds a frozen overlay to `batch`; hands full batches to `full`.
Result<void> add_overlay(StoreBatch& batch, const Store& store, const StateStore& state, std::uint64_t& written,
                         const std::function<Result<void>()>& full) {
  const std::string prefix = state_prefix(store.id);
  std::size_t bytes = 0;
  for (const auto& [key, slot] : store.overlay.frozen()) {
    std::string whole = prefix + key;
    if (!slot.value && (slot.absent_below || !state.may_contain(whole))) continue;
    bytes += whole.size() + (slot.value ? slot.value->size() : 0);
    written += whole.size() + (slot.value ? slot.value->size() : 0);
    batch.emplace_back(std::move(whole), slot.value);
    if (full && bytes >= kBatchBytes) {
      BATON_CHECK(full());
      bytes = 0;
    }
  }
  return {};
}

Error malformed(const std::string& what) {
  return {Code::corrupt, "state: the checkpoint's " + what + " is malformed"};
}

Result<void> load_gaps(Reader& in, PartitionIndex& partition) {
  for (std::uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
    Gap gap;
    gap.from = Offset(in.zigzag());
    gap.to = Offset(in.zigzag());
    gap.why = in.string();
    if (!in.ok() || gap.from >= gap.to || gap.to > partition.end()) return malformed("gap");
    partition.lose(std::move(gap));
  }
  return {};
}

Result<void> load_main(std::string_view value, Restored& restored) {
  Reader in(value);
  const std::uint64_t version = in.varint();
  if (version != kVersion) {
    return Error{Code::unsupported,
                 "state: checkpoint format " + std::to_string(version) + "; " + format_advice(version, kVersion)};
  }
  restored.last = Position(in.varint());
  restored.end.segment = in.varint();
  restored.end.at = static_cast<std::uint32_t>(in.varint());
  restored.incarnation = static_cast<std::uint32_t>(in.varint());
  for (std::uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
    TopicSpec spec;
    spec.name = in.string();
    spec.partitions = static_cast<std::int32_t>(in.varint());
    spec.retention_ms = in.zigzag();
    spec.retention_bytes = in.zigzag();
    if (!in.ok() || spec.partitions < 1 || spec.partitions > UINT16_MAX) return malformed("topic");
    restored.topics.add(spec);
    for (PartitionIndex& partition : restored.topics.all().back().partitions) {
      partition.set_first(Offset(in.zigzag()));
      partition.set_end(Offset(in.zigzag()));
      BATON_CHECK(load_gaps(in, partition));
    }
  }
  if (!in.ok() || !in.done()) return malformed("main record");
  restored.found = true;
  return {};
}

Result<void> load_store(std::string_view value, Stores& stores) {
  Reader in(value);
  StoreName name;
  name.owner = in.string();
  name.partition = PartitionId(static_cast<std::int32_t>(in.zigzag()));
  const auto durability = static_cast<Durability>(in.u8());
  if (!in.ok()) return malformed("store");
  Store& store = stores.add(name, durability);
  store.epoch = Epoch(in.varint());
  store.any_stored = true;
  store.meta_changed = false;
  for (std::uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
    const TopicId topic(static_cast<std::uint32_t>(in.varint()));
    const PartitionId partition(static_cast<std::int32_t>(in.varint()));
    store.consumed[{topic, partition}] = Offset(in.zigzag());
  }
  if (!in.ok() || !in.done()) return malformed("store");
  return {};
}

Result<void> load_slices(std::uint64_t segment, std::string_view value, Restored& restored) {
  Reader in(value);
  for (std::uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
    const TopicId topic(static_cast<std::uint32_t>(in.varint()));
    const PartitionId partition(static_cast<std::int32_t>(in.varint()));
    PartitionIndex* index = restored.topics.partition({topic, partition});
    if (index == nullptr) return malformed("segment");
    Slice slice;
    slice.segment = segment;
    slice.first = Offset(in.zigzag());
    slice.count = static_cast<std::uint32_t>(in.varint());
    slice.bytes = in.varint();
    slice.taken_at = Instant(in.zigzag());
    slice.loaded = false;
    index->restore(std::move(slice));
  }
  if (!in.ok() || !in.done()) return malformed("segment");
  return {};
}

Result<void> each(const StateStore& state, char kind,
                  const std::function<Result<void>(std::string_view key, std::string_view value)>& act) {
  const auto cursor = state.scan(std::string(1, kind), std::string(1, static_cast<char>(kind + 1)));
  for (; cursor->valid(); cursor->next()) BATON_CHECK(act(cursor->key().substr(1), cursor->value()));
  return cursor->status();
}

}  // namespace

Result<void> write_snapshot(StateStore& state, const Snapshot& snapshot, std::uint64_t& written) {
  BATON_ASSERT(snapshot.journal.end.segment > 0);
  StoreBatch batch;
  const auto full = [&]() -> Result<void> {
    BATON_CHECK(state.write(batch));
    batch.clear();
    return {};
  };
  for (const StoreFreeze& store : snapshot.stores) {
    if (store.store->durability == Durability::checkpointed) continue;
    BATON_CHECK(add_overlay(batch, *store.store, state, written, full));
  }
  BATON_CHECK(full());
  for (const StoreFreeze& store : snapshot.stores) {
    if (store.store->durability != Durability::checkpointed) continue;
    BATON_CHECK(add_overlay(batch, *store.store, state, written, nullptr));
  }
  for (const StoreFreeze& store : snapshot.stores) {
    if (store.meta_changed) batch.emplace_back(meta_key('O', store.store->id, 4), encode_store(store));
  }
  add_index(batch, state, snapshot.journal);
  batch.emplace_back("M", encode_main(snapshot.journal));
  batch.emplace_back("C", snapshot.closed ? std::optional<std::string>("") : std::nullopt);
  BATON_CHECK(state.write(batch));
  return state.flush();
}

Result<Restored> load_snapshot(const StateStore& state, Stores& stores) {
  Restored restored;
  BATON_TRY(const std::optional<std::string> main, state.get("M"));
  if (!main) return restored;
  BATON_CHECK(load_main(*main, restored));
  BATON_TRY(const std::optional<std::string> closed, state.get("C"));
  restored.closed = closed.has_value();
  BATON_CHECK(each(state, 'O', [&](std::string_view key, std::string_view value) -> Result<void> {
    if (from_big_endian(key) != stores.size()) return malformed("store number");
    return load_store(value, stores);
  }));
  BATON_CHECK(each(state, 'S', [&](std::string_view key, std::string_view value) {
    restored.segments.push_back(from_big_endian(key));
    return load_slices(restored.segments.back(), value, restored);
  }));
  return restored;
}

Result<void> rewrite_index(StateStore& state, const Restored& restored, const std::vector<std::uint64_t>& gone) {
  BATON_ASSERT(restored.found);
  JournalFreeze freeze;
  freeze.last = restored.last;
  freeze.end = restored.end;
  freeze.incarnation = restored.incarnation;
  freeze.topics = restored.topics.all();
  freeze.gone = gone;
  StoreBatch batch;
  add_index(batch, state, freeze);
  batch.emplace_back("M", encode_main(freeze));
  BATON_CHECK(state.write(batch));
  return state.flush();
}

Result<std::vector<Entry>> load_entries(const StateStore& state, std::uint64_t segment, TopicPartition at) {
  BATON_TRY(const std::optional<std::string> value, state.get(entries_key(segment, at)));
  std::vector<Entry> entries;
  Reader in(value ? std::string_view(*value) : std::string_view());
  Entry before;
  while (!in.done() && in.ok()) {
    before.delta += static_cast<std::uint32_t>(in.varint());
    before.at += static_cast<std::uint32_t>(in.varint() * kAlign);
    entries.push_back(before);
  }
  if (!in.ok() || entries.empty()) return malformed("index of " + segment_name(segment));
  return entries;
}

}  // namespace baton::log::local
