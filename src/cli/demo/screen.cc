#include "cli/demo/screen.h"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <limits>

#include "cli/text/style.h"

namespace baton::cli {
namespace {
constexpr std::size_t kBarCells = 40;
constexpr std::size_t kColumns = 80;  // of a terminal that does not say
constexpr const char* kEraseLine = "\r\033[K";
}  // namespace

std::string Screen::paint(const char* code, const std::string& text) const {
  return colour_ && !text.empty() ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}

std::size_t Screen::columns() const {
  if (!live_) return std::numeric_limits<std::size_t>::max();
  winsize size{};
  return ioctl(fileno(out_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kColumns;
}

// One column stays free: a line that fills the last one can't be taken back by \r everywhere.
void Screen::draw_bar() {
  const std::string all = std::to_string(all_);
  const std::string count = fmt::format(" {:>{}}/{}", done_, all.size(), all);
  const std::size_t taken = columns_of(label_) + 2 + count.size();
  const std::size_t cells = std::min(kBarCells, columns() - std::min(columns(), taken));
  const std::size_t filled = all_ == 0 ? 0 : done_ * cells / all_;
  std::string bar = label_ + " ";
  for (std::size_t i = 0; i < cells; ++i) bar += i < filled ? "█" : "░";
  bar_shown_ = true;
  fmt::print(out_, "{}", clip(bar + count, columns() - 1));
  (void)std::fflush(out_);
}

void Screen::say(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (quiet_) return;
  fmt::print(out_, "{}{}\n", bar_shown_ ? kEraseLine : "", text);
  if (bar_shown_) draw_bar();
  (void)std::fflush(out_);
}

void Screen::say_row(const std::string& text, const std::string& dimmed) {
  const std::size_t room = columns();
  const std::string first = clip(text, room);
  say(first + dim(clip(dimmed, room - columns_of(first))));
}

void Screen::headline(const std::string& text) {
  say("\n" + bold(text));
}

void Screen::bar(const std::string& label, std::uint64_t done, std::uint64_t all) {
  const std::lock_guard lock(mutex_);
  if (quiet_) return;
  const bool same = label == label_ && done == done_ && all == all_;
  label_ = label;
  done_ = done;
  all_ = all;
  if (live_) {
    if (same && bar_shown_) return;  // nothing to see: no flicker
    if (bar_shown_) fmt::print(out_, "{}", kEraseLine);
    draw_bar();
    return;
  }
  const std::uint64_t tenth = all == 0 ? 0 : done * 10 / all;
  if (tenth <= said_tenth_) return;
  said_tenth_ = tenth;
  fmt::print(out_, "{}: {} of {} flows have ended\n", label, done, all);
  (void)std::fflush(out_);
}

void Screen::end_bar() {
  const std::lock_guard lock(mutex_);
  if (bar_shown_) fmt::print(out_, "\n");
  bar_shown_ = false;
  said_tenth_ = 0;
}

}  // namespace baton::cli
