// One owner's keyed state for one partition number: its epoch, what it consumed, its overlay.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "log/local/overlay.h"
#include "log/local/state_store.h"
#include "log/log.h"

namespace baton::log::local {

struct Store {
  Store(std::uint32_t number, StoreName its_name, Durability its_durability)
      : id(number), name(std::move(its_name)), durability(its_durability) {}
  const std::uint32_t id;
  const StoreName name;
  const Durability durability;

  /// Guards the rest. Taken before the journal's lock; a checkpoint takes those of all stores, in the order of their
  /// ids.
  mutable std::mutex mutex;
  Epoch epoch;
  std::map<TopicPartition, Offset> consumed;
  mutable Overlay overlay;   ///< get() remembers absent keys in it
  bool any_stored = false;   ///< the state store may hold keys of it
  bool meta_changed = true;  ///< epoch or consumed, since the last checkpoint
  /// The range last seen to hold no stored keys; scans for timers come again and again.
  mutable std::string gap_from, gap_to;
  mutable bool gap_known = false;
};

/// Its keys in the state store begin so.
std::string state_prefix(std::uint32_t store);

/// The caller holds the store's lock in all of these.

/// With `learn`, the overlay remembers a key that is nowhere; `grown` is set to the bytes that takes.
Result<std::optional<std::string>> get(const Store& store, const StateStore& below, std::string_view key, bool learn,
                                       std::size_t& grown);
Result<std::vector<Pair>> scan(const Store& store, const StateStore& below, std::string_view from, std::string_view to,
                               std::size_t limit);
/// Returns by how many bytes the overlay grew.
std::ptrdiff_t apply(Store& store, std::vector<Change>&& changes, const std::vector<Consumed>& consumed);

/// All stores. Adding is guarded by the caller; at() and size() may be called by any thread meanwhile.
class Stores {
 public:
  static constexpr std::size_t kMax = 65'536;
  Stores() { stores_.reserve(kMax); }
  std::size_t size() const { return size_.load(std::memory_order_acquire); }
  /// Nothing if there is none of this number.
  Store* at(std::uint32_t id) const { return id < size() ? stores_[id].get() : nullptr; }
  /// Guarded like add().
  Store* find(const StoreName& name) const;
  Store& add(const StoreName& name, Durability durability);

 private:
  std::vector<std::unique_ptr<Store>> stores_;  ///< never reallocated
  std::map<StoreName, std::uint32_t> by_name_;
  std::atomic<std::size_t> size_ = 0;
};

}  // namespace baton::log::local
