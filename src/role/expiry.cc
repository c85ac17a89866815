#include "role/expiry.h"

#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"
#include "role/keys.h"

namespace baton::role {
namespace {

constexpr std::size_t kRecordsATrim = 4;

}  // namespace

void Expiry::flush(stream::Context& context, Millis retention_ms) {
  BATON_ASSERT(retention_ms >= 0);
  if (added_.empty()) return;
  const Instant due = context.clock() + retention_ms;
  std::string key(1, kind_);
  append_time(key, due);
  key += added_.front();  // no two records of one instant begin with the same key: a key expires once
  std::string value;
  Writer writer(value);
  for (const std::string& one : added_) writer.string(one);
  added_.clear();
  if (next_) next_ = std::min(*next_, due);
  context.put(key, std::move(value));
}

void Expiry::trim(stream::Context& context, bool early, const std::function<void(const std::string& key)>& expire) {
  if (!early && next_ && context.clock() < *next_) return;
  const std::vector<log::Pair> records = context.scan(std::string(1, kind_), "", kRecordsATrim + 1);
  next_ = context.clock() + Millis{60'000};
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Instant due = read_time(std::string_view(records[i].key).substr(1));
    const bool take = i < kRecordsATrim && (due <= context.clock() || (early && i == 0));
    if (!take) {
      next_ = due;
      return;
    }
    Reader reader(records[i].value);
    while (reader.ok() && !reader.done()) expire(std::string(reader.string()));
    context.erase(records[i].key);
  }
}

}  // namespace baton::role
