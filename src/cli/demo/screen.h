// What the demo shows: in a terminal, lines that scroll above a bar; in a pipe, plain lines.
#pragma once

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

namespace baton::cli {

/// Any thread. `live`: `out` is a terminal. Nothing is printed when `quiet`.
class Screen {
 public:
  Screen(bool live, bool colour, bool quiet, std::FILE* out = stdout)
      : live_(live), colour_(colour), quiet_(quiet), out_(out) {}
  /// A line that stays.
  void say(const std::string& text);
  /// A line that stays, cut to the width of the terminal; the second part is dimmed. Both without colours.
  void say_row(const std::string& text, const std::string& dimmed = "");
  void headline(const std::string& text);
  /// Progress over the whole. In a terminal the bar is redrawn in place; in a pipe a line now and then.
  void bar(const std::string& label, std::uint64_t done, std::uint64_t all);
  void end_bar();

  std::string bold(const std::string& text) const { return paint("1", text); }
  std::string dim(const std::string& text) const { return paint("2", text); }
  std::string red(const std::string& text) const { return paint("31", text); }
  std::string green(const std::string& text) const { return paint("32", text); }

 private:
  std::string paint(const char* code, const std::string& text) const;
  /// Of the terminal, as it is now; without one as many as are needed.
  std::size_t columns() const;
  void draw_bar();

  const bool live_, colour_, quiet_;
  std::FILE* const out_;
  std::mutex mutex_;
  std::string label_;
  std::uint64_t done_ = 0, all_ = 0;
  bool bar_shown_ = false;
  std::uint64_t said_tenth_ = 0;
};

}  // namespace baton::cli
