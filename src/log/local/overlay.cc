#include "log/local/overlay.h"

#include <utility>

#include "base/assert.h"

namespace baton::log::local {
namespace {

std::size_t bytes_of(std::string_view key, const Slot& slot) {
  return kSlotBytes + key.size() + (slot.value ? slot.value->size() : 0);
}

}  // namespace

const Slot* Overlay::find(std::string_view key) const {
  if (const auto found = active_.find(key); found != active_.end()) return &found->second;
  if (const auto found = frozen_.find(key); found != frozen_.end()) return &found->second;
  return nullptr;
}

std::size_t Overlay::learn_absent(std::string_view key) {
  const auto [at, added] = active_.try_emplace(std::string(key), Slot{std::nullopt, true});
  if (!added) return 0;
  const std::size_t bytes = bytes_of(at->first, at->second);
  active_bytes_ += bytes;
  return bytes;
}

std::ptrdiff_t Overlay::apply(Change&& change, bool any_stored) {
  const std::size_t before = active_bytes_;
  const auto [at, added] = active_.try_emplace(std::move(change.key));
  Slot& slot = at->second;
  if (!added) active_bytes_ -= bytes_of(at->first, slot);
  if (added) {
    const auto below = frozen_.find(at->first);
    slot.absent_below = below == frozen_.end() ? !any_stored : !below->second.value;
  }
  if (!change.value && slot.absent_below) {
    active_.erase(at);
  } else {
    slot.value = std::move(change.value);
    active_bytes_ += bytes_of(at->first, slot);
  }
  return static_cast<std::ptrdiff_t>(active_bytes_) - static_cast<std::ptrdiff_t>(before);
}

void Overlay::freeze() {
  BATON_ASSERT(!is_frozen_);
  frozen_ = std::exchange(active_, {});
  frozen_bytes_ = std::exchange(active_bytes_, 0);
  is_frozen_ = true;
}

std::size_t Overlay::thaw() {
  is_frozen_ = false;
  frozen_.clear();
  return std::exchange(frozen_bytes_, 0);
}

}  // namespace baton::log::local
