// How many instances there are by flow, version and status: in memory, written when they changed.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "role/monitor/history.h"
#include "stream/processor.h"

namespace baton::role {

/// Thread: the processor's.
class Counts {
 public:
  void restore(stream::Context& context);
  void add(std::string_view flow, std::string_view version, StatusClass status_class, std::int64_t n);
  void flush(stream::Context& context);
  /// Instances that have ended and are kept.
  std::int64_t ended() const { return ended_; }

 private:
  std::map<std::string, std::int64_t, std::less<>> counts_;  ///< by count_key()
  std::set<std::string> changed_;
  std::int64_t ended_ = 0;
};

std::string encode_count(std::int64_t n);
std::int64_t decode_count(std::string_view bytes);

}  // namespace baton::role
