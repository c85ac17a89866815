#include "app/troubles.h"

#include <utility>

namespace baton::app {
namespace {

constexpr std::string_view kOthers = "(others)";

}  // namespace

Troubles::Told& Troubles::told_of(std::string_view kind, Instant now) {
  const auto known = told_.find(kind);
  if (known != told_.end()) return known->second;
  if (told_.size() >= kKindsMax) {
    std::erase_if(told_, [&](const auto& one) { return now - one.second.at >= kAgainMs; });
  }
  const bool room = told_.size() < kKindsMax;
  return told_.try_emplace(std::string(room ? kind : kOthers), Told{now + -kAgainMs, 0}).first->second;
}

void Troubles::tell(std::string_view kind, std::string_view text) {
  std::string line(text);
  {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    Told& told = told_of(kind, now);
    if (now - told.at < kAgainMs) {
      ++told.since;
      return;
    }
    if (told.since > 0) line += " (and " + std::to_string(told.since) + " times more since it was last told)";
    told = {now, 0};
  }
  write_(line);
}

}  // namespace baton::app
