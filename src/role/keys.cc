#include "role/keys.h"

#include "base/assert.h"

namespace baton::role {
namespace {

/// The sign bit is flipped: times before 1970 stand before the others.
std::uint64_t ordered(Instant time) {
  return static_cast<std::uint64_t>(time.value) ^ (std::uint64_t{1} << 63);
}

void append_big_endian(std::string& key, std::uint64_t v) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(v >> shift));
}

std::uint64_t read_big_endian(std::string_view bytes) {
  BATON_ASSERT(bytes.size() >= 8);
  std::uint64_t v = 0;
  for (const char c : bytes.substr(0, 8)) v = (v << 8) | static_cast<unsigned char>(c);
  return v;
}

}  // namespace

std::string key_of(char kind, std::string_view rest) {
  std::string key(1, kind);
  return key += rest;
}

std::string instances_prefix(std::string_view correlation) {
  std::string key;
  key.reserve(64 + correlation.size());
  key += kInstanceKey;
  key += correlation;
  key += '\0';
  return key;
}

std::string instance_key(const engine::InstanceId& instance) {
  BATON_ASSERT(!instance.flow.empty() && instance.flow.find('\0') == std::string::npos);
  return instances_prefix(instance.correlation) += instance.flow;
}

engine::InstanceId parse_instance(std::string_view text) {
  const std::size_t end = text.rfind('\0');
  BATON_ASSERT(end != std::string_view::npos);
  return {std::string(text.substr(end + 1)), std::string(text.substr(0, end))};
}

void append_time(std::string& key, Instant time) {
  append_big_endian(key, ordered(time));
}
void append_time_inverted(std::string& key, Instant time) {
  append_big_endian(key, ~ordered(time));
}

Instant read_time(std::string_view eight_bytes) {
  return Instant(static_cast<Millis>(read_big_endian(eight_bytes) ^ (std::uint64_t{1} << 63)));
}
Instant read_time_inverted(std::string_view eight_bytes) {
  return Instant(static_cast<Millis>(~read_big_endian(eight_bytes) ^ (std::uint64_t{1} << 63)));
}

}  // namespace baton::role
