#include "base/retention.h"

#include <algorithm>
#include <limits>
#include <string>

namespace baton {
namespace {

constexpr Millis kLongMs = std::numeric_limits<Millis>::max() / 8;  // in place of "for ever", where sums are made

Result<void> outlives(const char* what, Millis window, Millis records) {
  if (window >= records) return {};
  return invalid(std::string("retention: ") + what + " are kept for " + std::to_string(window) +
                 " ms, shorter than records (" + std::to_string(records) + " ms), which would then come as new");
}

}  // namespace

Retention retention_of(Millis age_ms, std::int64_t records_bytes) {
  const Millis age = age_ms == 0 ? kLongMs : age_ms;
  Retention retention;
  retention.records_ms = age_ms;
  retention.records_bytes = records_bytes;
  retention.marks_ms = age;
  retention.early_ms = age;
  retention.history_ms = age;
  retention.views_ms = std::max(age, std::min(kLongMs, age > kLongMs / 4 ? kLongMs : 4 * age));
  return retention;
}

Result<void> check(const Retention& retention) {
  if (retention.records_ms < 0 || retention.records_bytes < 0) return invalid("retention: less than nothing is kept");
  const Millis records = retention.records_ms == 0 ? kLongMs : retention.records_ms;
  BATON_CHECK(outlives("marks of what was handled", retention.marks_ms, records));
  BATON_CHECK(outlives("early events", retention.early_ms, records));
  BATON_CHECK(outlives("ended instances", retention.history_ms, records));
  return outlives("views", retention.views_ms, records);
}

}  // namespace baton
