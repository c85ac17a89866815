#include "flow/report.h"

#include <algorithm>

namespace baton::flow {
namespace {

/// Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

constexpr std::size_t kWordMax = 64;  // longer ones are no typing errors

}  // namespace

void Report::add_source(std::string prefix, std::string file, Places places) {
  sources_.push_back({std::move(prefix), std::move(file), {json::Value(), std::move(places)}});
}

const Report::Source* Report::source_of(const std::string& pointer) const {
  const Source* best = nullptr;
  for (const Source& source : sources_) {
    if (!pointer.starts_with(source.prefix)) continue;
    if (best == nullptr || source.prefix.size() > best->prefix.size()) best = &source;
  }
  return best;
}

void Report::add(Severity severity, const char* code, const std::string& pointer, std::string what,
                 std::string remedy) {
  if (!seen_.emplace(code, pointer, what).second) return;
  if (severity == Severity::error) ++errors_;
  if (out_.size() - first_ >= kDiagnosticsMax) return;
  Diagnostic d{code, severity, "", 0, 0, pointer, std::move(what), std::move(remedy)};
  if (const Source* source = source_of(pointer)) {
    d.file = source->file;
    d.pointer = pointer.substr(source->prefix.size());
    const json::Place place = source->document.place(d.pointer);
    d.line = place.line;
    d.column = place.column;
  }
  out_.push_back(std::move(d));
}

void Report::sort() {
  const auto begin = out_.begin() + static_cast<std::ptrdiff_t>(first_);
  std::stable_sort(begin, out_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
}

std::string quote(std::string_view text) {
  constexpr std::size_t kShown = 80;
  std::string out = "'";
  for (const char c : text.substr(0, kShown)) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return out + (text.size() > kShown ? "…'" : "'");
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > kWordMax) return "";
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kWordMax || candidate == word) continue;
    const std::size_t d = distance(lower(word), lower(candidate));
    if (d < best_distance) {
      best = &candidate;
      best_distance = d;
    }
  }
  return best == nullptr ? "" : " (did you mean " + quote(*best) + "?)";
}

std::string either(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace baton::flow
