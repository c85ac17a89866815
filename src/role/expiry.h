// Keys that are to go after a while, without a timer for each: those of one round are one record, looked at once it is
// due by the shard's clock. Events' own times don't count: one from a producer whose clock is wrong would let all go.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "stream/processor.h"

namespace baton::role {

/// Thread: the processor's.
class Expiry {
 public:
  /// `kind`: the first character of its records' keys, one of keys.h.
  explicit Expiry(char kind) : kind_(kind) {}
  /// `key` comes back from trim() once `retention_ms` have passed; remembered by the next flush().
  void add(std::string key) { added_.push_back(std::move(key)); }
  void flush(stream::Context& context, Millis retention_ms);

  /// Hands a bounded number of due keys to `expire`; cheap when none is due. `early`: takes the oldest record even if
  /// it is not due yet (more is kept than may be).
  void trim(stream::Context& context, bool early, const std::function<void(const std::string& key)>& expire);

 private:
  char kind_;
  std::vector<std::string> added_;
  std::optional<Instant> next_;  ///< nothing is due before; absent: not known
};

}  // namespace baton::role
