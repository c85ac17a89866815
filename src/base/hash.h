// Hashes that are part of a format or of a decision: the same on every machine, for ever.
#pragma once

#include <cstdint>
#include <string_view>

namespace baton {

/// FNV-1a, 64 bits (Fowler, Noll, Vo). For ids and seeds derived from text; not against an adversary.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325ULL) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

/// Finishes or advances a 64-bit state (splitmix64, Steele et al. 2014): seeds, jitter, well-spread ids.
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// Murmur2, 32 bits, seed 0x9747b28c: the hash of Kafka's default partitioner.
std::uint32_t murmur2(std::string_view bytes);

/// CRC-32C (Castagnoli), hardware-assisted where the processor has it. `crc` continues an earlier result.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace baton
