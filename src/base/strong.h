// Strong ids: two offsets can't be added, an offset is not a partition.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace baton {

template <class Tag, class Rep>
struct Strong {
  using Representation = Rep;
  Rep value{};
  constexpr Strong() = default;
  constexpr explicit Strong(Rep v) : value(v) {}
  constexpr auto operator<=>(const Strong&) const = default;
  /// The next id: offsets, partitions and epochs count up.
  constexpr Strong next() const { return Strong(static_cast<Rep>(value + 1)); }
  constexpr Strong plus(Rep n) const { return Strong(static_cast<Rep>(value + n)); }
};

}  // namespace baton

template <class Tag, class Rep>
struct std::hash<baton::Strong<Tag, Rep>> {
  std::size_t operator()(const baton::Strong<Tag, Rep>& id) const { return std::hash<Rep>{}(id.value); }
};
