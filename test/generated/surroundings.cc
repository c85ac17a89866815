#include "surroundings.h"

#include <algorithm>
#include <set>

#include "draw.h"

namespace baton::generated {
namespace {

using json::Object;

void find_types(const json::Value& value, std::string_view prefix, std::set<std::string>& types) {
  if (const auto* text = value.if_string()) {
    const std::string_view word(*text);
    if (word.starts_with(prefix)) types.insert(std::string(word));
  } else if (const auto* object = value.if_object()) {
    for (const auto& [key, inside] : *object) find_types(inside, prefix, types);
  } else if (const auto* array = value.if_array()) {
    for (const json::Value& inside : *array) find_types(inside, prefix, types);
  }
}

}  // namespace

std::vector<Echo> echoes(const json::Value& document) {
  constexpr std::string_view kPrefix = "com.example.echo.";
  constexpr std::string_view kSuffix = ".v1";
  std::set<std::string> types;
  find_types(document, kPrefix, types);
  std::vector<Echo> out;
  for (const std::string& type : types) {
    const std::string word = type.substr(kPrefix.size(), type.size() - kPrefix.size() - kSuffix.size());
    out.push_back({word, "com.example.said." + word + ".v1", type});
  }
  return out;
}

Said Surroundings::says(const std::string& pointer, std::size_t nth) const {
  Draw draw(fnv1a(pointer, mix(seed_)) + nth);
  Said out;
  out.after = static_cast<Millis>(1 + draw.below(draw.chance(3) ? 50'000 : 3'000));
  if (draw.chance(7)) {
    out.failed = draw.chance(3) ? 409 : 503;
  } else {
    out.data = Object{{"x", draw.below(3)}, {"ok", draw.chance(2)}, {"k", draw.below(2)}};
  }
  return out;
}

json::Value Surroundings::start_data() const {
  Draw draw(mix(seed_) + 1);
  return Object{{"x", draw.below(3)}, {"ok", true}};
}

std::vector<Happens> Surroundings::happenings(const json::Value& document) const {
  std::set<std::string> types;
  find_types(document, "com.example.outside", types);
  std::vector<Happens> out;
  for (const std::string& type : types) {
    Draw draw(fnv1a(type, mix(seed_)));
    for (std::size_t n = draw.below(5); n > 0; --n) {
      const auto at = kStart + static_cast<Millis>(1 + draw.below(60'000));
      out.push_back({at, type, json::print(Object{{"k", draw.below(2)}, {"x", draw.below(3)}})});
    }
  }
  std::ranges::stable_sort(out, {}, &Happens::at);
  return out;
}

}  // namespace baton::generated
