#include "engine/occurrence.h"

#include <charconv>
#include <utility>

#include "base/hash.h"
#include "engine/engine.h"
#include "engine/instance_id.h"

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

std::string delivery_task(const Occurrence& occurrence, std::uint32_t filter) {
  Occurrence place = occurrence;
  place.attempt = filter;  // a listen has no attempts: the filter stands in their place
  return to_string(place);
}

Result<DeliveredTo> parse_delivery_task(std::string_view flowtask) {
  BATON_TRY(Occurrence place, parse_occurrence(flowtask));
  const std::uint32_t filter = std::exchange(place.attempt, 0);
  return DeliveredTo{std::move(place), filter};
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

std::string derived_id(const InstanceId& instance, std::string_view pointer, std::uint32_t iteration,
                       std::string_view kind) {
  // A zero byte ends each part, so that no two different lists of parts read the same.
  constexpr std::string_view kEnd("\0", 1);
  std::uint64_t h = fnv1a(kEnd, fnv1a(instance.correlation, fnv1a(kEnd, fnv1a(instance.flow))));
  h = fnv1a(kEnd, fnv1a(pointer, h));
  h = fnv1a(kEnd, fnv1a(kind, h));
  // The second half starts from another basis: 128 bits that two occurrences share by chance only.
  std::uint64_t g = fnv1a(pointer, mix(fnv1a(instance.correlation, mix(fnv1a(instance.flow)))));
  g = fnv1a(kind, mix(g));
  std::string id;
  id.reserve(32);
  append_hex(id, mix(h + iteration));
  append_hex(id, mix(mix(g) ^ iteration));
  return id;
}

}  // namespace baton::engine
