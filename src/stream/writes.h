// What a round has written so far: the last change of every key, in the order of first writing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/log.h"

namespace baton::stream {

/// A hash table of open addressing over a vector, emptied and used again round after round. Stored keys are a prefix
/// character and the rest (keys.h); find() takes the two apart, so that a look-up puts no string together.
class Writes {
 public:
  /// The change of the key in this round, or nullptr. Valid until the next set().
  const log::Change* find(char prefix, std::string_view rest) const;
  /// Nothing as value: erased. The later change of a key replaces the earlier one.
  void set(std::string key, std::optional<std::string> value);

  bool empty() const { return changes_.empty(); }
  const std::vector<log::Change>& all() const { return changes_; }
  /// All changes; afterwards there are none.
  std::vector<log::Change> take();

 private:
  std::size_t place(char prefix, std::string_view rest) const;
  void grow();

  std::vector<log::Change> changes_;
  std::vector<std::uint32_t> table_ = std::vector<std::uint32_t>(256);  ///< index into changes_ plus 1; 0: free
};

}  // namespace baton::stream
