#include "role/monitor/counts.h"

#include "base/bytes.h"
#include "role/keys.h"

namespace baton::role {
namespace {

constexpr std::size_t kCountsMax = 100'000;

bool is_ended(char status_class) {
  return static_cast<StatusClass>(status_class) >= StatusClass::cancelled;
}

}  // namespace

std::string encode_count(std::int64_t n) {
  std::string bytes;
  Writer(bytes).zigzag(n);
  return bytes;
}

std::int64_t decode_count(std::string_view bytes) {
  return Reader(bytes).zigzag();
}

void Counts::restore(stream::Context& context) {
  for (const log::Pair& pair : context.scan(std::string(1, kCountKey), "", kCountsMax)) {
    const std::int64_t n = decode_count(pair.value);
    counts_[pair.key] = n;
    if (is_ended(pair.key.back())) ended_ += n;
  }
}

void Counts::add(std::string_view flow, std::string_view version, StatusClass status_class, std::int64_t n) {
  std::string key = count_key(flow, version, status_class);
  if (is_ended(key.back())) ended_ += n;
  counts_[key] += n;
  changed_.insert(std::move(key));
}

void Counts::flush(stream::Context& context) {
  for (const std::string& key : changed_) context.put(key, encode_count(counts_[key]));
  changed_.clear();
}

}  // namespace baton::role
