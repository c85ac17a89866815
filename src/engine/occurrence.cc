#include "engine/occurrence.h"

#include <charconv>

#include "base/hash.h"

namespace baton::engine {
namespace {

bool number(std::string_view text, std::uint32_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

void append_hex(std::string& out, std::uint64_t v) {
  for (int shift = 60; shift >= 0; shift -= 4) out.push_back("0123456789abcdef"[(v >> shift) & 15]);
}

}  // namespace

std::string to_string(const Occurrence& occurrence) {
  std::string text = occurrence.pointer;
  text += '#';
  text += std::to_string(occurrence.iteration);
  text += '.';
  text += std::to_string(occurrence.attempt);
  return text;
}

Result<Occurrence> parse_occurrence(std::string_view text) {
  const std::size_t hash = text.rfind('#');
  const std::size_t dot = hash == std::string_view::npos ? hash : text.find('.', hash);
  Occurrence occurrence;
  if (dot == std::string_view::npos || !number(text.substr(hash + 1, dot - hash - 1), occurrence.iteration) ||
      !number(text.substr(dot + 1), occurrence.attempt)) {
    return invalid("task occurrence \"" + std::string(text) + "\": expected pointer#iteration.attempt");
  }
  occurrence.pointer = text.substr(0, hash);
  return occurrence;
}

std::string derived_id(std::string_view correlationid, std::string_view pointer, std::uint32_t iteration,
                       std::string_view kind) {
  // A zero byte ends each part, so that no two different lists of parts read the same.
  constexpr std::string_view kEnd("\0", 1);
  std::uint64_t h = fnv1a(kEnd, fnv1a(correlationid));
  h = fnv1a(kEnd, fnv1a(pointer, h));
  h = fnv1a(kEnd, fnv1a(kind, h));
  // The second half starts from another basis: 128 bits that two occurrences share by chance only.
  std::uint64_t g = fnv1a(pointer, mix(fnv1a(correlationid)));
  g = fnv1a(kind, mix(g));
  std::string id;
  id.reserve(32);
  append_hex(id, mix(h + iteration));
  append_hex(id, mix(mix(g) ^ iteration));
  return id;
}

}  // namespace baton::engine
