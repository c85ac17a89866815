// Changes of one store that are not in the state store yet.
//
//   get(key):  active  ->  frozen (while a checkpoint writes it)  ->  the state store
//
// A key that is put and erased between two checkpoints never reaches the state store, if it is known that it was not
// there before (the usual case: whoever puts a key looked for it first).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "log/log.h"

namespace baton::log::local {

struct Slot {
  std::optional<std::string> value;  ///< nothing: erased, or known to be absent
  bool absent_below = false;         ///< neither frozen nor stored has the key; false: it may
};

using Changes = std::map<std::string, Slot, std::less<>>;

/// Memory a key takes here, roughly: map node, two strings.
inline constexpr std::size_t kSlotBytes = 112;

/// Not thread-safe: its store's lock guards it.
class Overlay {
 public:
  /// Nothing if neither active nor frozen knows the key.
  const Slot* find(std::string_view key) const;
  /// What the state store said of a key that find() does not know. Remembered so that a later erase can forget the key
  /// altogether. Returns the bytes taken.
  std::size_t learn_absent(std::string_view key);
  /// Returns by how many bytes it grew; may be negative. `any_stored`: the state store may hold keys of this store.
  std::ptrdiff_t apply(Change&& change, bool any_stored);

  const Changes& active() const { return active_; }
  const Changes& frozen() const { return frozen_; }
  std::size_t active_bytes() const { return active_bytes_; }
  /// Active becomes frozen. There must be no frozen one.
  void freeze();
  /// The state store has it. Returns the bytes freed.
  std::size_t thaw();

 private:
  Changes active_;
  Changes frozen_;
  bool is_frozen_ = false;
  std::size_t active_bytes_ = 0;
  std::size_t frozen_bytes_ = 0;
};

}  // namespace baton::log::local
