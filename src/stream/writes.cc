#include "stream/writes.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/assert.h"

namespace baton::stream {
namespace {

constexpr std::size_t kTableKeptMax = 8192;  // what a great round needed is given back after it

std::size_t hash(char prefix, std::string_view rest) {
  return std::hash<std::string_view>{}(rest) + static_cast<unsigned char>(prefix);
}

}  // namespace

/// Where the key is, or the free place where it would be.
std::size_t Writes::place(char prefix, std::string_view rest) const {
  const std::size_t mask = table_.size() - 1;
  for (std::size_t at = hash(prefix, rest) & mask;; at = (at + 1) & mask) {
    if (table_[at] == 0) return at;
    const std::string& key = changes_[table_[at] - 1].key;
    if (key[0] == prefix && std::string_view(key).substr(1) == rest) return at;
  }
}

const log::Change* Writes::find(char prefix, std::string_view rest) const {
  if (changes_.empty()) return nullptr;
  const std::uint32_t index = table_[place(prefix, rest)];
  return index == 0 ? nullptr : &changes_[index - 1];
}

void Writes::set(std::string key, std::optional<std::string> value) {
  BATON_ASSERT(!key.empty());
  if ((changes_.size() + 1) * 2 > table_.size()) grow();
  std::uint32_t& index = table_[place(key[0], std::string_view(key).substr(1))];
  if (index != 0) {
    changes_[index - 1].value = std::move(value);
    return;
  }
  changes_.push_back({std::move(key), std::move(value)});
  index = static_cast<std::uint32_t>(changes_.size());
}

void Writes::grow() {
  table_.assign(table_.size() * 2, 0);
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const std::string& key = changes_[i].key;
    table_[place(key[0], std::string_view(key).substr(1))] = static_cast<std::uint32_t>(i + 1);
  }
}

std::vector<log::Change> Writes::take() {
  if (changes_.empty()) return {};
  if (table_.size() > kTableKeptMax) {
    table_ = std::vector<std::uint32_t>(256);
  } else {
    std::ranges::fill(table_, 0);
  }
  return std::exchange(changes_, {});
}

}  // namespace baton::stream
