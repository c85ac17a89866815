// What a command sees of the world: in main() the real thing, in tests strings.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "base/clock.h"

namespace baton::cli {

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<std::optional<std::string>(const std::string& name)> env;
  const Clock& clock;
  std::size_t out_columns = 0;  ///< of the terminal; 0: not known
  std::size_t out_lines = 0;
  std::function<bool(Millis)> pause = {};  ///< waits; false: go on no more
};

/// Exit codes, for scripts.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  ///< refused, not found, not reachable, documents with errors; said why on stderr
inline constexpr int kUsage = 2;   ///< wrong arguments

}  // namespace baton::cli
