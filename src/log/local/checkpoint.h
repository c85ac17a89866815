// What a checkpoint puts into the state store besides the keyed state, and how it is read again.
//
//   M                            where it stands in the journal; topics, and each partition's first and next offset
//   C                            there if the log was closed there: nothing of this open stands behind it
//   O store                      a store: name, durability, epoch, consumed offsets
//   S segment                    the slices of a segment: how many records of which partitions, taken until when
//   E segment topic partition    the entries of one slice
//   K store key                  keyed state
//
// Numbers in keys are big endian, so that they sort.
#pragma once

#include <functional>
#include <vector>

#include "log/local/journal.h"
#include "log/local/state_store.h"
#include "log/local/store.h"

namespace baton::log::local {

/// A store's part, copied at the moment of the freeze.
struct StoreFreeze {
  const Store* store = nullptr;
  Epoch epoch;
  std::map<TopicPartition, Offset> consumed;
  bool meta_changed = false;
};

struct Snapshot {
  JournalFreeze journal;
  std::vector<StoreFreeze> stores;
  bool closed = false;  ///< nothing is accepted after it
};

/// Writes it and flushes. The frozen overlays don't change meanwhile. All that must be atomic goes in the last batch:
/// the checkpointed stores and the position. What goes before only repeats what the journal has, so that a crash in
/// between does no harm. `written` is added to: bytes of keyed state. Errors: out_of_space, io; it may be tried again.
Result<void> write_snapshot(StateStore& state, const Snapshot& snapshot, std::uint64_t& written);

/// What was found in the state store.
struct Restored {
  bool found = false;
  bool closed = false;
  Position last;
  Location end;
  std::uint32_t incarnation = 0;
  Topics topics;
  std::vector<std::uint64_t> segments;  ///< those that the index knows
};

/// Errors: corrupt, io.
Result<Restored> load_snapshot(const StateStore& state, Stores& stores);
/// For a repair: the index as `restored` has it, without the segments that are gone. Errors: out_of_space, io.
Result<void> rewrite_index(StateStore& state, const Restored& restored, const std::vector<std::uint64_t>& gone);
Result<std::vector<Entry>> load_entries(const StateStore& state, std::uint64_t segment, TopicPartition at);

}  // namespace baton::log::local
