#include "cli/text/suggest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace baton::cli {

// Optimal string alignment: three rows of the usual table.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, row);
  }
  return last[b.size()];
}

std::string nearest(std::string_view typed, const std::vector<std::string>& candidates) {
  const std::size_t most = std::max<std::size_t>(1, typed.size() / 3);
  const auto best = std::ranges::min_element(candidates, {}, [&](const std::string& c) { return distance(typed, c); });
  return best == candidates.end() || distance(typed, *best) > most ? "" : *best;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& candidates) {
  const std::string near = nearest(typed, candidates);
  return near.empty() ? "" : " Did you mean '" + near + "'?";
}

}  // namespace baton::cli
