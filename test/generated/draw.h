// Draws from a seed: the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/hash.h"

namespace baton::generated {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(mix(seed)) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>((state_ = mix(state_)) % n); }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }
  template <std::size_t N>
  std::string_view one_of(const std::string_view (&all)[N]) {
    return all[below(N)];
  }

 private:
  std::uint64_t state_;
};

}  // namespace baton::generated
