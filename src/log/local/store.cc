#include "log/local/store.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace baton::log::local {

std::string state_prefix(std::uint32_t store) {
  std::string key = "K";
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(store >> static_cast<unsigned>(shift)));
  return key;
}

Result<std::optional<std::string>> get(const Store& store, const StateStore& below, std::string_view key, bool learn,
                                       std::size_t& grown) {
  if (const Slot* slot = store.overlay.find(key)) return slot->value;
  std::optional<std::string> value;
  if (store.any_stored) {
    BATON_TRY(value, below.get(state_prefix(store.id).append(key)));
  }
  if (!value && learn) grown = store.overlay.learn_absent(key);
  return value;
}

namespace {

/// Walks a map of changes from `from` up to `to`.
class Walk {
 public:
  Walk(const Changes& changes, std::string_view from, std::string_view to)
      : at_(changes.lower_bound(from)), end_(to.empty() ? changes.end() : changes.lower_bound(to)) {
    if (!to.empty() && from >= to) at_ = end_;
  }
  bool valid() const { return at_ != end_; }
  std::string_view key() const { return at_->first; }
  const Slot& slot() const { return at_->second; }
  void pass(std::string_view key_passed) {
    if (valid() && key() == key_passed) ++at_;
  }

 private:
  Changes::const_iterator at_, end_;
};

bool in_gap(const Store& store, std::string_view from, std::string_view to) {
  if (!store.gap_known || from < store.gap_from) return false;
  return store.gap_to.empty() || (!to.empty() && to <= store.gap_to);
}

std::unique_ptr<Cursor> stored(const Store& store, const StateStore& below, std::string_view from,
                               std::string_view to) {
  if (!store.any_stored || in_gap(store, from, to)) return nullptr;
  const std::string prefix = state_prefix(store.id);
  auto cursor =
      below.scan(prefix + std::string(from), to.empty() ? state_prefix(store.id + 1) : prefix + std::string(to));
  if (!cursor->valid() && cursor->status()) {
    store.gap_known = true;
    store.gap_from = from;
    store.gap_to = to;
    return nullptr;
  }
  return cursor;
}

}  // namespace

Result<std::vector<Pair>> scan(const Store& store, const StateStore& below, std::string_view from, std::string_view to,
                               std::size_t limit) {
  const std::size_t prefix = state_prefix(store.id).size();
  Walk active(store.overlay.active(), from, to);
  Walk frozen(store.overlay.frozen(), from, to);
  const std::unique_ptr<Cursor> cursor = stored(store, below, from, to);
  const auto stored_valid = [&] { return cursor != nullptr && cursor->valid(); };
  const auto stored_key = [&] { return cursor->key().substr(prefix); };
  std::vector<Pair> pairs;
  while (pairs.size() < limit && (active.valid() || frozen.valid() || stored_valid())) {
    std::optional<std::string_view> least;
    if (stored_valid()) least = stored_key();
    if (frozen.valid() && (!least || frozen.key() <= *least)) least = frozen.key();
    if (active.valid() && (!least || active.key() <= *least)) least = active.key();
    Pair pair{std::string(*least), {}};
    const bool in_active = active.valid() && active.key() == pair.key;
    const bool in_frozen = frozen.valid() && frozen.key() == pair.key;
    const Slot* slot = in_active ? &active.slot() : in_frozen ? &frozen.slot() : nullptr;
    const bool there = slot == nullptr || slot->value.has_value();
    if (there) pair.value = slot != nullptr ? *slot->value : std::string(cursor->value());
    active.pass(pair.key);
    frozen.pass(pair.key);
    if (stored_valid() && stored_key() == pair.key) cursor->next();
    if (there) pairs.push_back(std::move(pair));
  }
  if (cursor != nullptr) BATON_CHECK(cursor->status());
  return pairs;
}

std::ptrdiff_t apply(Store& store, std::vector<Change>&& changes, const std::vector<Consumed>& consumed) {
  std::ptrdiff_t grown = 0;
  for (Change& change : changes) grown += store.overlay.apply(std::move(change), store.any_stored);
  for (const Consumed& c : consumed) {
    Offset& next = store.consumed[c.from];
    next = std::max(next, c.next);
  }
  store.meta_changed = store.meta_changed || !consumed.empty();
  return grown;
}

Store* Stores::find(const StoreName& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : stores_[found->second].get();
}

Store& Stores::add(const StoreName& name, Durability durability) {
  BATON_ASSERT(stores_.size() < kMax);
  BATON_ASSERT(!by_name_.contains(name));
  const auto id = static_cast<std::uint32_t>(stores_.size());
  stores_.push_back(std::make_unique<Store>(id, name, durability));
  by_name_.emplace(name, id);
  size_.store(stores_.size(), std::memory_order_release);
  return *stores_.back();
}

}  // namespace baton::log::local
