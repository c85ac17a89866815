#include "stream/keys.h"

#include <cstdint>

#include "base/assert.h"

namespace baton::stream {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
constexpr std::size_t kDueBytes = 8;

void append_time(std::string& stored, Instant time) {
  const std::uint64_t ordered = static_cast<std::uint64_t>(time.value) ^ kSign;
  for (int shift = 56; shift >= 0; shift -= 8) stored.push_back(static_cast<char>(ordered >> shift));
}

}  // namespace

std::string state_key(std::string_view key) {
  std::string stored;
  stored.reserve(key.size() + 1);
  stored.push_back(kStatePrefix);
  stored.append(key);
  return stored;
}

std::string timer_key(Instant due, std::string_view key) {
  std::string stored;
  stored.reserve(1 + kDueBytes + key.size());
  stored.push_back(kTimerPrefix);
  append_time(stored, due);
  stored.append(key);
  return stored;
}

std::string aside_key(Instant at, std::uint32_t number) {
  std::string stored(1, kAsidePrefix);
  append_time(stored, at);
  for (int shift = 24; shift >= 0; shift -= 8) stored.push_back(static_cast<char>(number >> shift));
  return stored;
}

Timer timer_of(std::string_view stored) {
  BATON_ASSERT(stored.size() > kDueBytes);
  BATON_ASSERT(stored[0] == kTimerPrefix);
  std::uint64_t ordered = 0;
  for (std::size_t i = 1; i <= kDueBytes; ++i) ordered = (ordered << 8) | static_cast<unsigned char>(stored[i]);
  return {Instant(static_cast<Millis>(ordered ^ kSign)), std::string(stored.substr(1 + kDueBytes))};
}

std::string next_aside_key(std::string stored) {
  BATON_ASSERT(stored.size() == 1 + kDueBytes + 4);
  for (std::size_t i = stored.size(); i-- > 0;) {
    stored[i] = static_cast<char>(stored[i] + 1);
    if (stored[i] != 0) break;
  }
  return stored;
}

std::string timers_end() {
  return std::string(1, kTimerPrefix + 1);
}

std::string past_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  BATON_ASSERT(!prefix.empty());
  prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace baton::stream
