// Inputs made from others by chance: the same for the same seed, on every machine.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace baton::fuzz {

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  /// One of `inputs`, changed in one to eight places.
  std::string next(const std::vector<std::string>& inputs);

 private:
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  /// A piece of `text`, of up to 32 bytes.
  std::string_view piece(std::string_view text);
  void change(std::string& text, std::string_view other);

  std::mt19937_64 random_;
};

}  // namespace baton::fuzz
