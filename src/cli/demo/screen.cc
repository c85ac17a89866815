#include "cli/demo/screen.h"

#include <fmt/format.h>

#include <cstdio>

namespace baton::cli {
namespace {
constexpr std::uint64_t kBarWidth = 40;
constexpr const char* kEraseLine = "\r\033[K";
}  // namespace

std::string Screen::paint(const char* code, const std::string& text) const {
  return colour_ ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}

void Screen::draw_bar() const {
  const std::uint64_t filled = all_ == 0 ? 0 : done_ * kBarWidth / all_;
  std::string cells;
  for (std::uint64_t i = 0; i < kBarWidth; ++i) cells += i < filled ? "█" : "░";
  fmt::print("{} {} {}/{}", label_, cells, done_, all_);
  (void)std::fflush(stdout);
}

void Screen::say(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (quiet_) return;
  if (bar_shown_) fmt::print("{}", kEraseLine);
  fmt::print("{}\n", text);
  if (bar_shown_) draw_bar();
  (void)std::fflush(stdout);
}

void Screen::headline(const std::string& text) {
  say("\n" + bold(text));
}

void Screen::bar(const std::string& label, std::uint64_t done, std::uint64_t all) {
  const std::lock_guard lock(mutex_);
  if (quiet_) return;
  label_ = label;
  done_ = done;
  all_ = all;
  if (live_) {
    if (bar_shown_) fmt::print("{}", kEraseLine);
    bar_shown_ = true;
    draw_bar();
    return;
  }
  const std::uint64_t tenth = all == 0 ? 0 : done * 10 / all;
  if (tenth <= said_tenth_) return;
  said_tenth_ = tenth;
  fmt::print("{}: {} of {} flows have ended\n", label, done, all);
  (void)std::fflush(stdout);
}

void Screen::end_bar() {
  const std::lock_guard lock(mutex_);
  if (bar_shown_) fmt::print("\n");
  bar_shown_ = false;
  said_tenth_ = 0;
}

}  // namespace baton::cli
